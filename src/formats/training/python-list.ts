/** One text of a list, with where it stands in what was read: from its first quote to just behind its last. */
export interface PythonText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Longest list that is read, in UTF-16 units, and most texts in it. */
const LONGEST = 65_536;
const MOST = 2000;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\u000b',
};
/** Letters of escapes with digits behind them, and how many. */
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Reads a list of texts as Python's `repr` writes it (`['a', "it's", 'C:\\x']`), from the `[` at `at`. Line breaks that a terminal put in
 * are left out, as `repr` writes none. Null: not such a list, or not whole.
 */
export function readPythonList(
  source: string,
  at: number,
): { readonly texts: readonly PythonText[]; readonly end: number } | null {
  const texts: PythonText[] = [];
  const limit = Math.min(source.length, at + LONGEST);
  let here = source[at] === '[' ? skipBlanks(source, at + 1, limit) : limit;
  if (source[here] === ']') return { texts, end: here + 1 };
  while (here < limit && texts.length < MOST) {
    const text = readText(source, here, limit);
    if (text === null) return null;
    texts.push(text);
    here = skipBlanks(source, text.end, limit);
    if (source[here] === ']') return { texts, end: here + 1 };
    if (source[here] !== ',') return null;
    here = skipBlanks(source, here + 1, limit);
  }
  return null;
}

function skipBlanks(source: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && /[ \r\n]/.test(source[at] ?? '')) at++;
  return at;
}

function readText(source: string, start: number, limit: number): PythonText | null {
  const quote = source[start];
  if (quote !== "'" && quote !== '"') return null;
  let text = '';
  for (let at = start + 1; at < limit; at++) {
    const char = source[at] ?? '';
    if (char === quote) return { text, start, end: at + 1 };
    if (char === '\\') {
      const escaped = readEscape(source, at + 1);
      if (escaped === null) return null;
      text += escaped.text;
      at = escaped.last;
    } else if (char !== '\n' && char !== '\r') text += char;
  }
  return null;
}

/** What stands behind a backslash, and its last character. Null: nothing that `repr` writes. */
function readEscape(source: string, at: number): { readonly text: string; readonly last: number } | null {
  const letter = source[at] ?? '';
  const plain = ESCAPES[letter];
  if (plain !== undefined) return { text: plain, last: at };
  const length = DIGITS[letter];
  if (length === undefined) return null;
  const digits = source.slice(at + 1, at + 1 + length);
  const code = /^[0-9a-f]+$/i.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.NaN;
  return code <= 0x10ffff ? { text: String.fromCodePoint(code), last: at + length } : null;
}
