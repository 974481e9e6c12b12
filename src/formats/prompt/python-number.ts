/**
 * Python's `float()` and `int()` on text, as the A1111 family uses them for LoRA weights (webui-a1111-family.md §3.1,
 * traps 41): surrounding whitespace, one sign, any Unicode decimal digits, single underscores between digits, exponent,
 * `inf`/`infinity`/`nan` in any case. Null stands for ValueError.
 */
export function pythonFloat(text: string): number | null {
  // Nearly every weight is a plain decimal.
  if (/^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/.test(text)) return Number(text);
  const plain = asciiDigits(trimPython(text));
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(plain);
  if (special) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!/^[+-]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?$/.test(plain)) return null;
  if (!underscoresFit(plain)) return null;
  return Number(plain.replaceAll('_', ''));
}

/** Python's `int()` in base 10. */
export function pythonInt(text: string): number | null {
  const plain = asciiDigits(trimPython(text));
  if (!/^[+-]?[0-9][0-9_]*$/.test(plain) || !underscoresFit(plain)) return null;
  return Number(plain.replaceAll('_', ''));
}

/** An underscore stands between two digits, or it is an error. */
function underscoresFit(text: string): boolean {
  return !/_(?![0-9])|(?<![0-9])_/.test(text);
}

const SPACE = '[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`);
const ONE_SPACE = new RegExp(SPACE);

/** Whitespace as `str.isspace` sees it (JavaScript's also has U+FEFF). */
function trimPython(text: string): string {
  let end = text.length;
  while (end > 0 && ONE_SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end).replace(LEADING, '');
}

function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0) ?? 0x30)));
}

/** Value of a decimal digit. Digits come in runs of ten from 0 to 9, but for the 50 mathematical ones at U+1D7CE. */
function digitValue(code: number): number {
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value++;
  return value;
}
