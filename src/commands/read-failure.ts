import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import type { ReadError } from '../platform/platform';

const REASONS: { readonly [code in ReadError['code']]: readonly [string, string] } = {
  missing: ['there is no such file', '文件不存在'],
  permission: ['no permission to read it', '没有读取权限'],
  'not-a-file': ['it is not a regular file', '不是普通文件'],
  'too-large': ['it is too large', '文件过大'],
  'being-written': ['it is being written', '文件正在写入'],
  io: ['the system gave an error', '系统返回错误'],
};

/** Why a file named on the command line could not be read, in one sentence. */
export function readFailure({ code, path }: ReadError, lang: Language): string {
  const shown = show(path, 1000);
  const [en, zh] = REASONS[code];
  return lang === 'en' ? `cannot read ${shown}: ${en}` : `无法读取 ${shown}：${zh}`;
}
