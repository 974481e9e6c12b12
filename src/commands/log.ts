import path from 'node:path';
import type { ByteSource } from '../formats/bytes';
import { logChunks } from '../formats/log/chunks';
import { type ReadLog, type ReadLogOptions, readLog } from '../formats/log/read';
import { unpackLog } from '../formats/log/unpack';
import { show } from '../formats/show';
import { withTrainingRun } from '../formats/training/run-facts';
import { readTrainingRun } from '../formats/training/run-log';
import { nodeGunzip } from '../platform/inflate';
import { ReadError } from '../platform/platform';
import { exitStatus } from '../report/exit';
import type { Severity } from '../report/schema';
import { judge, lookAt } from '../scan/scan';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { printReport } from './print';
import { runsText } from './train-run-text';
import { uiOption } from './ui-option';

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
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const shown = file === '-' ? '-' : path.resolve(context.cwd, file);
  let gathered: ReturnType<typeof readLog>;
  try {
    const options = { path: shown, ui, signatures: doctor.signatures };
    const piped = file === '-' ? await all(context.stdin()) : [];
    gathered =
      file === '-'
        ? withTrainingRun(readLog(piped, options), () => readTrainingRun(piped))
        : context.platform.withFile(shown, (file) => readFileLog(file, options));
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const message =
      lang === 'en' ? `cannot read ${show(shown, 1000)}: ${error.code}` : `无法读取 ${show(shown, 1000)}：${error.code}`;
    return fail(
      context,
      { code: 'unreadable', message, remedy: lang === 'en' ? 'check the path and its permissions' : '请检查路径与权限' },
      error.code === 'missing' ? 2 : 3,
    );
  }
  const looked = lookAt(doctor, 'logs', new Set([...doctor.registry.keys()].filter((id) => id.startsWith('log.'))), gathered);
  const report = judge(doctor, looked, lang, context.redact && context.json);
  printReport(context, report);
  if (!context.json) context.stdout.write(runsText(looked.store, context));
  return exitStatus(report, (args.options.get('fail-on') as Severity | undefined) ?? 'error');
}

function readFileLog(file: ByteSource, options: ReadLogOptions): ReadLog {
  const { bytes, cut } = unpackLog(file, nodeGunzip);
  const read = withTrainingRun(readLog(logChunks(bytes), options), () => readTrainingRun(logChunks(bytes)));
  const detail = `${bytes.size} bytes could be unpacked`;
  return cut ? { ...read, notes: [...read.notes, { check: 'logs', code: 'log-packed-cut', path: options.path, detail }] } : read;
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}
