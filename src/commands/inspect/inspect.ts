import path from 'node:path';
import type { RuleBase } from '../../diagnosis/rule';
import type { Ui } from '../../facts/families';
import { baseName } from '../../formats/file-name';
import { show } from '../../formats/show';
import type { Language } from '../../i18n/language';
import type { Platform } from '../../platform/platform';
import type { Problem } from '../../report/problem';
import { type CommandContext, fail } from '../context';
import { ProgressLine } from '../progress';
import { readShipped, shippedHash } from '../shipped';
import { uiOption } from '../ui-option';
import type { Laid } from './against';
import { InspectError, type InspectResult, inspectFiles } from './files';
import { type Answer, documentPieces } from './json';
import type { Examiner } from './one';
import { Remembered } from './remembered';
import type { InspectedFile } from './types';

/** The rules, and what names their content: with all files remembered they are never read. */
export interface RuleSource {
  readonly hash: () => string;
  readonly base: () => RuleBase;
}

const SHIPPED: RuleSource = { hash: shippedHash, base: () => readShipped().base };

/** `inspect FILE|DIR…`: what a model file is and whether it is sound. Exit 1 when a file is broken, unsafe or faulty. */
export async function runInspect(context: CommandContext, rules: RuleSource = SHIPPED): Promise<number> {
  const { args, lang, platform } = context;
  const paths = args.words.map((word) => path.resolve(context.cwd, word));
  if (paths.length === 0) return fail(context, problemOf(new InspectError('no-path', 2, ''), lang), 2);
  const ui = uiOption(context);
  if (typeof ui === 'object') return fail(context, ui, 2);
  const progress = new ProgressLine(context);
  try {
    const key = `${context.version}|${rules.hash()}`;
    const remembered = args.options.has('no-cache') ? null : Remembered.open(platform, lang, key);
    const against = args.options.has('against') ? await import('./against') : null;
    const checkpoint = against?.openCheckpoint(context) ?? null;
    const result = await inspectFiles(
      paths,
      {
        lang: lang === 'zh-CN' ? 'zh' : 'en',
        examiner: () => examinerOf(context, rules),
        remembered,
        signal: context.signal,
        threads: rules === SHIPPED,
        progress: (file, done, total) => progress.show(baseName(file), done, total),
        ...(args.options.has('weights') ? { weights: true } : {}),
        ...(args.options.has('hash') ? { hash: true } : {}),
        packed: context.json,
      },
      platform,
    );
    progress.end();
    if (context.signal.aborted) return 130;
    remembered?.save();
    const answer = { ...onlyUi(result, ui), checkpoint: checkpoint?.path ?? null };
    const laid: Laid = against && checkpoint ? against.layOn(answer.files, checkpoint, context) : new Map();
    await print(answer, laid, paths, context);
    return exitOf(result.files, paths, platform);
  } catch (error) {
    if (!(error instanceof InspectError)) throw error;
    return fail(context, problemOf(error, lang), error.exit);
  }
}

/** What reads the formats and knows the rules is loaded when the first file has to be opened. */
async function examinerOf(context: CommandContext, rules: RuleSource): Promise<Examiner> {
  const [one, findings] = await Promise.all([import('./one'), import('./findings')]);
  const { lang, platform, signal } = context;
  const judge = new findings.FileJudge(rules.base(), lang);
  return new one.Examiner(platform, judge, lang === 'zh-CN' ? 'zh' : 'en', () => signal.aborted);
}

async function print(answer: Answer, laid: Laid, paths: readonly string[], context: CommandContext): Promise<void> {
  if (context.json) {
    for (const piece of documentPieces(answer, laid, context.lang)) context.stdout.write(piece);
    return;
  }
  const { answerText } = await import('./answer-text');
  context.stdout.write(answerText(answer, laid, paths, context));
}

/** `--ui KIND` leaves the answers for that program. */
function onlyUi(result: InspectResult, ui: Ui | 'auto'): InspectResult {
  if (ui === 'auto') return result;
  const files = result.files.map((file) => {
    const { fits } = file.entry;
    const kept = Array.isArray(fits) ? (fits as { readonly ui: string }[]).filter((one) => one.ui === ui) : [];
    return file.with({ fits: kept });
  });
  const clashes = result.clashes.filter(({ uis }) => uis.includes(ui));
  return { ...result, files, clashes };
}

/** A single file that could not be opened is "could not diagnose"; one bad file among many is a problem found. */
function exitOf(files: readonly InspectedFile[], paths: readonly string[], platform: Platform): 0 | 1 | 3 {
  const [only] = files;
  if (files.length === 1 && only?.brief.state === 'unreadable' && platform.stat(paths[0] ?? '')?.kind === 'file') return 3;
  return files.some(({ brief }) => brief.state !== 'sound' && brief.state !== 'unknown') ? 1 : 0;
}

const MESSAGES: { readonly [code: string]: readonly [string, string, string, string] } = {
  'no-path': [
    'inspect takes files or folders',
    'inspect 需要文件或文件夹',
    'lora-doctor inspect FILE|DIR...',
    'lora-doctor inspect FILE|DIR...',
  ],
  'not-found': [
    'no such file or folder',
    '文件或文件夹不存在',
    'check the path; quote it if it holds spaces',
    '请检查路径；含空格时请加引号',
  ],
  'no-header': [
    'no readable checkpoint',
    '无法读取该底模',
    'name a whole .safetensors checkpoint',
    '请指定完整的 .safetensors 底模',
  ],
  'not-a-file': ['neither a file nor a folder', '既不是文件也不是文件夹', 'name a regular file', '请指定普通文件'],
};

function problemOf(error: InspectError, lang: Language): Problem {
  const [en, zh, remedyEn, remedyZh] = MESSAGES[error.code] ?? [error.code, error.code, '', ''];
  const chinese = lang === 'zh-CN';
  const what = chinese ? zh : en;
  const message = error.path === '' ? what : `${what}${chinese ? '：' : ': '}${show(error.path, 1000)}`;
  return { code: error.code, message, remedy: chinese ? remedyZh : remedyEn };
}
