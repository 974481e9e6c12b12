/** A piece `<word:body>` of a prompt, as every program of the A1111 kind finds it. */
export interface Found {
  readonly text: string;
  readonly keyword: string;
  readonly body: string;
  readonly at: number;
}

/** Python's `\w` on text: letters and numbers of any script, and the underscore; combining marks are not in it. */
const WORD = /[\p{L}\p{N}_]+/uy;
/** Tags of one prompt looked at; a prompt of 1 MB may hold 50,000 (reliability IM-27). */
const TAG_LIMIT = 100_000;

/**
 * Finds `<(\w+):([^>]+)>` from left to right without overlap, by hand because the pattern is quadratic on many
 * unclosed `<a:` (webui-a1111-family.md §3.1). `rest` is the text with the tags cut out, nothing added or trimmed.
 */
export function scanTags(prompt: string): { found: Found[]; rest: string } {
  const found: Found[] = [];
  let rest = '';
  let from = 0;
  let open = prompt.indexOf('<');
  while (open >= 0 && found.length < TAG_LIMIT) {
    WORD.lastIndex = open + 1;
    const keyword = WORD.exec(prompt)?.[0];
    const colon = open + 1 + (keyword?.length ?? 0);
    if (keyword && prompt.charAt(colon) === ':' && prompt.charAt(colon + 1) !== '>') {
      const close = prompt.indexOf('>', colon + 2);
      if (close < 0) break;
      found.push({ text: prompt.slice(open, close + 1), keyword, body: prompt.slice(colon + 1, close), at: open });
      rest += prompt.slice(from, open);
      from = close + 1;
      open = prompt.indexOf('<', from);
    } else open = prompt.indexOf('<', open + 1);
  }
  return { found, rest: rest + prompt.slice(from) };
}
