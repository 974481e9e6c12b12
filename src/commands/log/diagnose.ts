import { type ReadLog, startLog } from '../../formats/log/read';
import { show } from '../../formats/show';
import { withTrainingRun } from '../../formats/training/run-facts';
import { RUN_TAIL, readTrainingRun } from '../../formats/training/run-log';
import { ReadError } from '../../platform/platform';
import { exitStatus } from '../../report/exit';
import type { Problem } from '../../report/problem';
import type { Severity } from '../../report/schema';
import { judge, lookAt } from '../../scan/scan';
import { type CommandContext, fail } from '../context';
import { type LoadedDoctor, loadDoctor } from '../doctor';
import { printReport } from '../print';
import { readFailure } from '../read-failure';
import { runsText } from '../train-run-text';
import type { Answer, Order } from './orders';
import { readLogFile } from './read-file';

/** Reads the log, unless a thread does (`away`), judges it and prints the report; gives the exit status. */
export async function diagnoseLog(context: CommandContext, order: Order, away: Promise<Answer | null> | null): Promise<number> {
  const { args, lang } = context;
  // Also when nobody gets to wait for it.
  away?.catch(() => {});
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  let read: ReadLog;
  try {
    read = await readFor(context, order, away, doctor);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return unreadable(context, error);
  }
  if (context.signal.aborted) return 130;
  if (!read.isLog) return fail(context, noLog(order.path, lang), 3);
  const looked = lookAt(doctor, 'logs', new Set([...doctor.registry.keys()].filter((id) => id.startsWith('log.'))), read);
  const report = judge(doctor, looked, lang, context.redact && context.json);
  printReport(context, report);
  if (!context.json) context.stdout.write(runsText(looked.store, context));
  return exitStatus(report, (args.options.get('fail-on') as Severity | undefined) ?? 'error');
}

async function readFor(
  context: CommandContext,
  order: Order,
  away: Promise<Answer | null> | null,
  { signatures }: LoadedDoctor,
): Promise<ReadLog> {
  if (order.path === '-') return readPipe(context, { ...order, signatures });
  const answer = await away;
  if (answer?.kind === 'failed') throw new ReadError(answer.code, order.path, answer.detail);
  if (answer) return answer.read;
  return context.signal.aborted ? NOTHING : readLogFile(context.platform, order, signatures);
}

const NOTHING: ReadLog = { subjects: [], facts: {}, notes: [], settled: false, started: false, isLog: false };

/** Standard input is read as it comes, however much it is. */
async function readPipe(context: CommandContext, options: Parameters<typeof startLog>[0]): Promise<ReadLog> {
  if (context.interactive && !context.json) {
    context.stderr.write(
      context.lang === 'en'
        ? 'Paste the log, then Ctrl-D (Windows: Ctrl-Z, Enter).\n'
        : '请粘贴日志，然后按 Ctrl-D（Windows：Ctrl-Z 加回车）。\n',
    );
  }
  const reading = startLog(options);
  const tail = new Tail(RUN_TAIL);
  try {
    for await (const chunk of context.stdin()) {
      reading.feed(chunk);
      tail.add(chunk);
    }
  } finally {
    reading.end();
  }
  return withTrainingRun(reading.gather(), () => readTrainingRun(tail.chunks));
}

/** The last pieces of what comes, together `size` bytes or a little more. */
class Tail {
  readonly chunks: Uint8Array[] = [];
  #bytes = 0;
  readonly #size: number;
  constructor(size: number) {
    this.#size = size;
  }

  add(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let first = this.chunks[0]; first && this.#bytes - first.length >= this.#size; first = this.chunks[0]) {
      this.#bytes -= first.length;
      this.chunks.shift();
    }
  }
}

/** Nothing of what came is what a program prints: then nothing can be said, also not that it is sound. */
function noLog(path: string, lang: CommandContext['lang']): Problem {
  const name = path === '-' ? (lang === 'en' ? 'standard input' : '标准输入') : show(path, 1000);
  return lang === 'en'
    ? {
        code: 'no-log',
        message: `nothing to diagnose: no line in ${name} looks like the output of a program`,
        remedy:
          'give the console output, from its start to the failure; for a training command or configuration: lora-doctor train FILE|-',
      }
    : {
        code: 'no-log',
        message: `没有可诊断的内容：${name} 中没有任何一行像程序的输出`,
        remedy: '请给出从启动到出错的完整控制台输出；训练命令或配置请用：lora-doctor train 文件|-',
      };
}

function unreadable(context: CommandContext, error: ReadError): number {
  const { lang } = context;
  const { code } = error;
  const [en, zh] = REMEDIES[code] ?? ['check the path and its permissions', '请检查路径与权限'];
  return fail(
    context,
    { code: 'unreadable', message: readFailure(error, lang), remedy: lang === 'en' ? en : zh },
    code === 'missing' ? 2 : 3,
  );
}

const REMEDIES: { readonly [code in ReadError['code']]?: readonly [string, string] } = {
  'not-a-file': [
    'name a regular file; what another program writes goes in by a pipe: PROGRAM | lora-doctor log -',
    '请指定普通文件；其他程序的输出请用管道传入：PROGRAM | lora-doctor log -',
  ],
};
