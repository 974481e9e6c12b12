import path from 'node:path';
import { gpuCheck } from '../checks/gpu/check';
import { createTrainingCheck } from '../checks/training/check';
import { createTrainingLogsCheck } from '../checks/training/logs-check';
import { exitStatus } from '../report/exit';
import type { Severity } from '../report/schema';
import type { CheckEvent } from '../scan/run-checks';
import { judge, look } from '../scan/scan';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { printReport } from './print';
import { ProgressLine } from './progress';
import { readAll } from './read-all';
import { noSuchPath } from './targets';
import { bucketsText } from './train-buckets-text';
import { printCorrected } from './train-corrected';
import { runsText } from './train-run-text';
import { vramOption } from './vram-option';

/** `train FILE|DIR|-`: a training command, configuration, data set or log. */
export async function runTrain(context: CommandContext): Promise<number> {
  const { args, lang, cwd, platform } = context;
  if (args.words.length === 0) {
    const message =
      lang === 'en' ? 'train takes a file, a folder, or - for standard input' : 'train 需要一个文件、文件夹，或用 - 表示标准输入';
    return fail(context, { code: 'usage', message, remedy: 'lora-doctor train FILE|DIR' }, 2);
  }
  const vram = vramOption(context, 'lora-doctor train FILE --vram 6');
  if (typeof vram === 'object' && vram !== null) return fail(context, vram, 2);
  const targets = args.words.map((word) => (word === '-' ? '-' : path.resolve(cwd, word)));
  const missing = targets.find((target) => target !== '-' && platform.stat(target) === null);
  if (missing !== undefined) return fail(context, noSuchPath(missing, lang), 2);
  if (args.options.has('corrected')) {
    const target = targets[0] ?? '-';
    const piped = target === '-' ? await readAll(context.stdin()) : null;
    return printCorrected(context, target, piped, vram);
  }
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const piped = targets.includes('-') ? { name: '-' as const, bytes: await readAll(context.stdin()) } : null;
  const checks = [createTrainingCheck(piped, vram), createTrainingLogsCheck(doctor.signatures, piped), gpuCheck];
  const line = new ProgressLine(context);
  const request = { targets, searching: false, depth: 'normal', symptoms: [], signal: context.signal } as const;
  const onCheck = (event: CheckEvent): void => {
    if (event.kind === 'progress') line.pictures(path.basename(event.what), event.done, event.total ?? 0);
  };
  const looked = await look({ ...doctor, checks }, { ...request, onCheck });
  line.end();
  if (context.signal.aborted) return 130;
  const { store } = looked;
  if (store.subjects('training').length + store.subjects('dataset').length + store.subjects('log').length === 0) {
    const message =
      lang === 'en' ? 'no training command, configuration, data set or log found there' : '没有找到训练命令、配置、训练集或日志';
    const remedy =
      lang === 'en'
        ? 'give the script, its TOML or JSON file, the folder of the pictures, or the log'
        : '请给出脚本、TOML 或 JSON 配置、图片文件夹或日志';
    return fail(context, { code: 'no-training', message, remedy }, 2);
  }
  const report = judge(doctor, looked, lang, context.redact && context.json);
  printReport(context, report);
  if (!context.json) context.stdout.write(runsText(store, context) + bucketsText(store, context));
  return exitStatus(report, (args.options.get('fail-on') as Severity | undefined) ?? 'error');
}
