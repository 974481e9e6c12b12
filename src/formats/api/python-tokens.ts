/** One token of Python source. A newline ends a statement; inside brackets there is none. */
export type Token =
  | { readonly kind: 'name' | 'number' | 'op'; readonly text: string; readonly line: number }
  | { readonly kind: 'string'; readonly text: string; readonly line: number; readonly computed: boolean }
  | { readonly kind: 'newline'; readonly text: ''; readonly line: number };

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /[0-9][0-9a-zA-Z_.]*/y;
const STRING_START = /([rRbBuUfF]{0,2})("""|'''|"|')/y;
const TWO = new Set(['==', '!=', '<=', '>=', ':=', '+=', '-=', '*=', '/=', '|=', '->', '**', '//']);
const TOKEN_LIMIT = 200_000;
const SIMPLE: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '0': '\0' };

/**
 * Cuts Python source into tokens without running anything. Comments and indentation are dropped; text that is no Python
 * becomes single-character operators. Linear in the length; at most 200,000 tokens.
 */
export function pythonTokens(source: string): Token[] {
  const out: Token[] = [];
  let line = 1;
  let depth = 0;
  let at = 0;
  while (at < source.length && out.length < TOKEN_LIMIT) {
    const c = source.charAt(at);
    if (c === '\n') {
      if (depth === 0) out.push({ kind: 'newline', text: '', line });
      line++;
      at++;
    } else if (c === '#') {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (c === '\\' && /^\\\r?\n/.test(source.slice(at, at + 3))) {
      at += source.charAt(at + 1) === '\r' ? 3 : 2;
      line++;
    } else if (/\s/.test(c)) at++;
    else {
      const token = nextToken(source, at, line);
      out.push(token.token);
      line += token.lines;
      at = token.end;
      if (token.token.kind !== 'op') continue;
      if ('([{'.includes(c)) depth++;
      else if (')]}'.includes(c)) depth = Math.max(0, depth - 1);
    }
  }
  return out;
}

interface Cut {
  readonly token: Token;
  readonly end: number;
  /** Line breaks inside it. */
  readonly lines: number;
}

function nextToken(source: string, at: number, line: number): Cut {
  STRING_START.lastIndex = at;
  const start = STRING_START.exec(source);
  if (start) return stringToken(source, at, line, start[1] ?? '', start[2] ?? '"');
  for (const [kind, pattern] of [
    ['name', NAME],
    ['number', NUMBER],
  ] as const) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) return { token: { kind, text, line }, end: at + text.length, lines: 0 };
  }
  const two = source.slice(at, at + 2);
  const text = TWO.has(two) ? two : source.charAt(at);
  return { token: { kind: 'op', text, line }, end: at + text.length, lines: 0 };
}

function stringToken(source: string, at: number, line: number, prefix: string, quote: string): Cut {
  const raw = /r/i.test(prefix);
  const computed = /f/i.test(prefix);
  let text = '';
  let lines = 0;
  let i = at + prefix.length + quote.length;
  while (i < source.length && !source.startsWith(quote, i)) {
    const c = source.charAt(i);
    if (c === '\n') {
      // A quote that is never closed ends with its line, so that one slip does not swallow the rest.
      if (quote.length === 1) return { token: { kind: 'string', text, line, computed }, end: i, lines };
      lines++;
    }
    if (c === '\\' && i + 1 < source.length) {
      const next = source.charAt(i + 1);
      if (next === '\n') lines++;
      text += raw ? c + next : next === '\n' ? '' : (SIMPLE[next] ?? c + next);
      i += 2;
      continue;
    }
    text += c;
    i++;
  }
  const holds = computed && /\{[^{}]/.test(text);
  return { token: { kind: 'string', text, line, computed: holds }, end: Math.min(source.length, i + quote.length), lines };
}
