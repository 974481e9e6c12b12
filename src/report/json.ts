import { replaceLive } from '../formats/show';

/**
 * One line of JSON that may be printed anywhere: what JSON leaves raw and a terminal or an editor could obey (DEL, C1,
 * bidirectional controls, zero-width and tag characters, U+2028/2029, BOM: the set of `show`) is escaped. The document
 * stays the same to a parser.
 */
export function printJson(value: unknown): string {
  const json = JSON.stringify(value);
  return PLAIN.test(json) ? json : replaceLive(json, json.length, escaped);
}

const PLAIN = /^[\u0020-\u007e]*$/;

/** `\u` and four hexadecimal digits for each UTF-16 unit. */
function escaped(code: number): string {
  const units = String.fromCodePoint(code);
  let out = '';
  for (let i = 0; i < units.length; i++) out += `\\u${units.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return out;
}
