import path from 'node:path';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import type { Problem } from '../report/problem';
import type { CommandContext } from './context';

/** The paths named on the command line, absolute, or the current folder and the usual places. */
export function targetsOf(context: Pick<CommandContext, 'args' | 'cwd'>): { paths: string[]; searching: boolean } {
  const { words } = context.args;
  return words.length > 0
    ? { paths: words.map((w) => path.resolve(context.cwd, w)), searching: false }
    : { paths: [context.cwd], searching: true };
}

/** A path on the command line that does not exist. */
export function noSuchPath(where: string, lang: Language): Problem {
  const shown = show(where, 1000);
  return {
    code: 'no-such-path',
    message: lang === 'en' ? `there is nothing at ${shown}` : `路径不存在：${shown}`,
    remedy: lang === 'en' ? 'give the folder that holds your WebUI' : '请给出 WebUI 所在的文件夹',
  };
}
