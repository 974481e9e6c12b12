/** Tags that stand in nearly every prompt: they tell nothing about one LoRA. */
const COMMON = new Set([
  '1girl',
  '1boy',
  'solo',
  'masterpiece',
  'best quality',
  'high quality',
  'highres',
  'absurdres',
  'looking at viewer',
  'simple background',
  'white background',
]);

/**
 * Is a trigger word in the prompt? Emphasis, case, underscores and blanks do not matter; a word must stand alone, but
 * for scripts without blanks. An entry of several tags counts when one of its telling tags is there.
 */
export function triggerPresent(words: readonly string[], prompt: string): boolean {
  const text = ` ${plain(prompt)} `;
  return words.some((word) => {
    const pieces = word
      .split(/[,，、]/)
      .map(plain)
      .filter((p) => p !== '');
    const telling = pieces.filter((p) => !COMMON.has(p));
    return (telling.length > 0 ? telling : pieces).some((piece) => holds(text, piece));
  });
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[()[\]{}\\]/g, '')
    .replace(/[_\s]+/g, ' ')
    .trim();
}

const LETTER = /[\p{L}\p{N}]/u;
const NO_BLANKS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function holds(text: string, piece: string): boolean {
  if (piece.length > 500) return text.includes(piece);
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) {
    if (NO_BLANKS.test(piece)) return true;
    if (!LETTER.test(text.charAt(at - 1)) && !LETTER.test(text.charAt(at + piece.length))) return true;
  }
  return false;
}
