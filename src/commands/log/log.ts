import path from 'node:path';
import { baseName } from '../../formats/file-name';
import { type CommandContext, fail } from '../context';
import { ProgressLine } from '../progress';
import { askThread, LARGE } from '../thread';
import { uiOption } from '../ui-option';
import type { Answer, Order } from './orders';

/** What is read is garbage at once and need not pile up before it is cleared away; what is kept of a log is some ten megabytes. */
const THREAD_MEMORY = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

/** `log FILE|-`: one console log on its own. The ranking answers "what made this fail". */
export async function runLog(context: CommandContext): Promise<number> {
  const { args, lang } = context;
  const [file, ...more] = args.words;
  const ui = uiOption(context);
  if (typeof ui !== 'string') return fail(context, ui, 2);
  if (file === undefined || more.length > 0) {
    return fail(
      context,
      {
        code: 'usage',
        message: lang === 'en' ? 'log takes one file, or - for standard input' : 'log 需要一个文件，或用 - 表示标准输入',
        remedy: 'lora-doctor log FILE',
      },
      2,
    );
  }
  const order: Order = { path: file === '-' ? '-' : path.resolve(context.cwd, file), ui };
  const enough = new AbortController();
  const away = isLarge(context, order) ? readAway(context, order, enough.signal) : null;
  try {
    // All that judges is loaded while a thread reads.
    const { diagnoseLog } = await import('./diagnose');
    return await diagnoseLog(context, order, away);
  } finally {
    enough.abort();
  }
}

function isLarge({ platform }: CommandContext, { path }: Order): boolean {
  const info = path === '-' ? null : platform.stat(path);
  return info?.kind === 'file' && info.size > LARGE;
}

/** Null: no thread could be had, it was stopped, or its memory did not suffice. */
async function readAway(context: CommandContext, order: Order, enough: AbortSignal): Promise<Answer | null> {
  const progress = new ProgressLine(context);
  const told = (done: number, total: number): void => progress.show(baseName(order.path), done, total);
  const stop = AbortSignal.any([context.signal, enough]);
  try {
    return await askThread<Answer>('log-worker.js', order, stop, told, { resourceLimits: THREAD_MEMORY });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return null;
    throw error;
  } finally {
    progress.end();
  }
}
