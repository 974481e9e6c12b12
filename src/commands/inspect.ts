import path from 'node:path';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import type { Platform } from '../platform/platform';
import { printJson } from '../report/json';
import type { Problem } from '../report/problem';
import { type CommandContext, fail } from './context';
import { InspectError, type InspectedFile, inspectDocument, inspectFiles } from './inspect-files';
import { fileText } from './inspect-text';

/** `inspect FILE|DIR…`: what a model file is and whether it is sound. Exit 1 when a file is broken, unsafe or faulty. */
export async function runInspect(context: CommandContext): Promise<number> {
  const { args, lang, platform } = context;
  const paths = args.words.map((word) => path.resolve(context.cwd, word));
  if (paths.length === 0) return fail(context, problemOf(new InspectError('no-path', 2, ''), lang), 2);
  try {
    const result = inspectFiles(paths, args.options.has('weights') ? { lang, weights: true } : { lang }, platform);
    if (context.json) context.stdout.write(`${printJson(inspectDocument(result))}\n`);
    else context.stdout.write(textOf(result.files, result.notes, lang));
    return exitOf(result.files, paths, platform);
  } catch (error) {
    if (!(error instanceof InspectError)) throw error;
    return fail(context, problemOf(error, lang), error.exit);
  }
}

function textOf(files: readonly InspectedFile[], notes: readonly { path: string; code: string }[], lang: Language): string {
  const language = lang === 'zh-CN' ? 'zh' : 'en';
  const blocks = files.map(({ inspected, verdict }) => fileText(inspected, verdict, language).join('\n'));
  for (const note of notes) blocks.push(`${show(note.path, 1000)}: ${note.code}`);
  if (blocks.length === 0) blocks.push(language === 'zh' ? '没有找到模型文件。' : 'No model files found.');
  return `${blocks.join('\n\n')}\n`;
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
  'not-a-file': ['neither a file nor a folder', '既不是文件也不是文件夹', 'name a regular file', '请指定普通文件'],
};

function problemOf(error: InspectError, lang: Language): Problem {
  const [en, zh, remedyEn, remedyZh] = MESSAGES[error.code] ?? [error.code, error.code, '', ''];
  const chinese = lang === 'zh-CN';
  const what = chinese ? zh : en;
  const message = error.path === '' ? what : `${what}${chinese ? '：' : ': '}${show(error.path, 1000)}`;
  return { code: error.code, message, remedy: chinese ? remedyZh : remedyEn };
}
