/**
 * Text that came through an input method, a machine translation, a screenshot reader or a web page: punctuation, letters and digits
 * in full width, curly quotes, blanks that are none. Folded to ASCII, a message reads as the program printed it.
 */
const OTHERS: { readonly [char: string]: string } = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u3000': ' ',
  '\u00a0': ' ',
  '\u3010': '[',
  '\u3011': ']',
};
/** The full-width hyphen stays: in front of an option it is the fault. */
const WIDE = /[\uff01-\uff0c\uff0e-\uff5e\u2018\u2019\u201c\u201d\u3000\u00a0\u3010\u3011]/;
const ALL_WIDE = new RegExp(WIDE, 'g');
/** A colon or comma in full width needs no blank behind it, and one in ASCII has it: `KeyError：'x'`. */
const TIGHT = /([\uff1a\uff0c])(?=[^\s\\/\uff3c\uff0f])/g;

/** The same text with ASCII punctuation; the very same string when there is nothing to fold. */
export function folded(text: string): string {
  if (!WIDE.test(text)) return text;
  return text.replace(TIGHT, '$1 ').replace(ALL_WIDE, (char) => OTHERS[char] ?? String.fromCharCode(char.charCodeAt(0) - 0xfee0));
}

/** First place in `bytes[from, to)` (UTF-8) where a character may begin that `folded` changes, or `to`. */
export function nextWide(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0xc2) continue;
    const second = bytes[i + 1];
    if (
      byte === 0xef
        ? second === 0xbc || second === 0xbd
        : byte === 0xc2
          ? second === 0xa0
          : second === 0x80 && (byte === 0xe2 || byte === 0xe3)
    ) {
      return i;
    }
  }
  return to;
}
