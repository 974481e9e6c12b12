/** Why Python's `shlex.split` would raise ValueError; `column` is the 0-based offset where the open piece began. */
export interface ShlexError {
  readonly message: 'No closing quotation' | 'No escaped character';
  readonly column: number;
}

export type ShlexResult = { readonly words: readonly string[] } | { readonly error: ShlexError };

/**
 * Python's `shlex.split(text)` in POSIX mode, which the A1111 family applies to COMMANDLINE_ARGS on every system
 * (webui-a1111-family.md §2.3): unquoted backslashes disappear, inside double quotes a backslash survives unless a `"` or
 * another backslash follows, single quotes keep everything, comments do not exist.
 */
export function shlexSplit(text: string): ShlexResult {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  let openedAt = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote === "'") {
      if (char === "'") quote = '';
      else word = (word ?? '') + char;
    } else if (char === '\\') {
      const next = text.charAt(i + 1);
      if (next === '') return { error: { message: 'No escaped character', column: i } };
      const keepsBackslash = quote === '"' && next !== '"' && next !== '\\';
      word = (word ?? '') + (keepsBackslash ? `\\${next}` : next);
      i++;
    } else if (quote === '"') {
      if (char === '"') quote = '';
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      openedAt = i;
      word ??= '';
    } else if (isShlexSpace(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') return { error: { message: 'No closing quotation', column: openedAt } };
  if (word !== null) words.push(word);
  return { words };
}

function isShlexSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}
