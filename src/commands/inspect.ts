import path from 'node:path';
import type { RuleBase } from '../diagnosis/rule';
import type { Ui } from '../facts/families';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { type Comparison, compare, type Side } from '../inspect/compare';
import { SORT_KEYS, type SortKey } from '../inspect/table';
import type { Platform } from '../platform/platform';
import { printJson } from '../report/json';
import type { Problem } from '../report/problem';
import { plainPunctuation } from '../report/text';
import { textTheme } from '../report/theme';
import { type CommandContext, fail } from './context';
import { type Laid, layOn, openCheckpoint } from './inspect-against';
import { InspectError, type InspectResult, inspectDocument, inspectFiles } from './inspect-files';
import { FileJudge } from './inspect-findings';
import { againstText, comparisonText, listText } from './inspect-list-text';
import { Remembered } from './inspect-remembered';
import { fileText, type TextStyle } from './inspect-text';
import type { InspectedFile } from './inspect-types';
import { readShipped } from './shipped';
import { uiOption } from './ui-option';

/** `inspect FILE|DIR…`: what a model file is and whether it is sound. Exit 1 when a file is broken, unsafe or faulty. */
export async function runInspect(context: CommandContext, rules: () => RuleBase = () => readShipped().base): Promise<number> {
  const { args, lang, platform } = context;
  const paths = args.words.map((word) => path.resolve(context.cwd, word));
  if (paths.length === 0) return fail(context, problemOf(new InspectError('no-path', 2, ''), lang), 2);
  const ui = uiOption(context);
  if (typeof ui === 'object') return fail(context, ui, 2);
  try {
    const base = rules();
    const remembered = args.options.has('no-cache') ? null : Remembered.open(platform, lang, `${context.version}|${base.hash}`);
    const checkpoint = openCheckpoint(context);
    const result = inspectFiles(
      paths,
      {
        lang,
        judge: new FileJudge(base, lang),
        remembered,
        ...(args.options.has('weights') ? { weights: true } : {}),
        ...(args.options.has('hash') ? { hash: true } : {}),
        stop: () => context.signal.aborted,
      },
      platform,
    );
    if (context.signal.aborted) return 130;
    remembered?.save();
    const answer = { ...onlyUi(result, ui), checkpoint: checkpoint?.path ?? null };
    const laid: Laid = checkpoint ? layOn(answer.files, checkpoint, context) : new Map();
    context.stdout.write(context.json ? `${printJson(jsonOf(answer, laid, lang))}\n` : textOf(answer, laid, paths, context));
    return exitOf(result.files, paths, platform);
  } catch (error) {
    if (!(error instanceof InspectError)) throw error;
    return fail(context, problemOf(error, lang), error.exit);
  }
}

type Answer = InspectResult & { readonly checkpoint: string | null };

/** `--ui KIND` leaves the answers for that program. */
function onlyUi(result: InspectResult, ui: Ui | 'auto'): InspectResult {
  if (ui === 'auto') return result;
  const files = result.files.map((file) => {
    const fits = Array.isArray(file.entry.fits) ? (file.entry.fits as { readonly ui: string }[]) : [];
    return { ...file, entry: { ...file.entry, fits: fits.filter((one) => one.ui === ui) } };
  });
  const clashes = result.clashes.filter(({ uis }) => uis.includes(ui));
  return { ...result, files, clashes };
}

const sideOf = ({ examined, verdict }: InspectedFile): Side => ({
  state: verdict.state,
  identity: examined?.inspected.identity ?? null,
  metadata: examined?.inspected.metadata ?? null,
  weights: examined?.weights ?? null,
});

/** Two LoRAs, named one by one, are compared. */
function comparisonOf({ files }: InspectResult): Comparison | null {
  const [a, b] = files;
  const looked = files.length === 2 && files.every(({ examined }) => examined?.inspected.identity?.kind === 'lora');
  return a && b && looked ? compare(sideOf(a), sideOf(b)) : null;
}

function jsonOf(answer: Answer, laid: Laid, lang: Language): object {
  const language = lang === 'zh-CN' ? 'zh' : 'en';
  const document = inspectDocument(answer, language);
  const files = document.files.map((entry) => {
    const found = laid.get(entry.path);
    return found ? { ...entry, against: { path: answer.checkpoint, ...found } } : entry;
  });
  const found = comparisonOf(answer);
  if (!found) return { ...document, files };
  const [a, b] = answer.files.map(({ entry }) => entry.path);
  const differences = found.differences.map((one) => ({ what: one.what, a: one.a, b: one.b }));
  const first = found.first && {
    path: found.first.which === 'a' ? a : b,
    estimate: true,
    why: found.first.why.map((why) => why[language]),
  };
  return {
    ...document,
    files,
    comparison: { a, b, sameRun: found.sameRun, modules: found.modules, differences, tryFirst: first },
  };
}

function textOf(answer: Answer, laid: Laid, paths: readonly string[], context: CommandContext): string {
  const { lang, ascii, stdout, color, args } = context;
  const language = lang === 'zh-CN' ? 'zh' : 'en';
  const columns = stdout.isTTY ? Math.max(40, stdout.columns ?? 80) : 100;
  const style: TextStyle = { lang: language, columns, ascii, theme: textTheme({ color, ascii }) };
  const blocks: string[][] = [];
  const table = answer.list && answer.files.length > 1 && !answer.files.every(({ examined }) => examined);
  if (table) {
    const sort = SORT_KEYS.find((key) => key === args.options.get('sort')) ?? ('name' satisfies SortKey);
    const filter = args.options.get('filter');
    const root = paths.length === 1 ? (paths[0] ?? '') : '';
    blocks.push(listText(answer, { sort, filter: typeof filter === 'string' ? filter : '', root }, style));
  } else blocks.push(...answer.files.map((file) => fileText(file, style)));
  for (const [file, found] of laid) {
    const head = laid.size > 1 ? [show(file, 1000)] : [];
    blocks.push([...head, ...againstText(found, answer.checkpoint ?? '', style)]);
  }
  const comparison = comparisonOf(answer);
  if (comparison) {
    const [a = '', b = ''] = answer.files.map(({ entry }) => entry.path);
    blocks.push(comparisonText(comparison, [a, b], style));
  }
  if (answer.notes.length > 0) blocks.push(answer.notes.map((note) => `${show(note.path, 1000)}: ${note.code}`));
  if (answer.files.length === 0) blocks.push([language === 'zh' ? '没有找到模型文件。' : 'No model files found.']);
  const text = blocks.map((block) => block.map((line) => line.trimEnd()).join('\n')).join('\n\n');
  return `${ascii ? plainPunctuation(text).replaceAll('·', '-') : text}\n`;
}

/** A single file that could not be opened is "could not diagnose"; one bad file among many is a problem found. */
function exitOf(files: readonly InspectedFile[], paths: readonly string[], platform: Platform): 0 | 1 | 3 {
  const [only] = files;
  if (files.length === 1 && only?.verdict.state === 'unreadable' && platform.stat(paths[0] ?? '')?.kind === 'file') return 3;
  return files.some(({ verdict }) => verdict.state !== 'sound' && verdict.state !== 'unknown') ? 1 : 0;
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
