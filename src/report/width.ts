/**
 * How many columns text takes in a terminal, and how to cut and break it there. Wide East Asian characters and emoji take
 * two columns, combining marks none. Ambiguous characters (`→`, `●`, `…`) count one, as terminals outside East Asia do.
 * Breaks fall between grapheme clusters only.
 */

/** First and last code point of each run of wide characters (Unicode East Asian Width W and F, by block). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

const ASCII = /^[\x20-\x7e]*$/;

/** Made when the first text beyond ASCII is measured: reading these classes takes longer than all else at the start. */
class Unicode {
  readonly emoji = /\p{Emoji_Presentation}/u;
  readonly emojiBySelector = /\p{Extended_Pictographic}\ufe0f|\u20e3/u;
  readonly visible =
    /[^\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/u;
  readonly spacing = /\p{Spacing_Mark}/u;
  readonly segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
}
let made: Unicode | undefined;
function unicode(): Unicode {
  made ??= new Unicode();
  return made;
}

/** A line must not begin with these (closing marks of Chinese and Latin text) … */
const NOT_FIRST = '。，、；：！？）」』】》〉”’…,.;:!?)]}%';
/** … nor end with these. */
const NOT_LAST = '（「『【《〈“‘([{';

/** Columns of `text`; control characters count none (they should not be there). */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of unicode().segmenter.segment(text)) width += clusterWidth(segment);
  return width;
}

function clusterWidth(cluster: string): number {
  if (cluster.length === 1 && cluster >= ' ' && cluster <= '~') return 1;
  const at = cluster.search(unicode().visible);
  if (at < 0) return 0;
  if (unicode().emoji.test(cluster) || unicode().emojiBySelector.test(cluster)) return 2;
  let width = 0;
  for (const char of cluster.slice(at)) {
    const code = char.codePointAt(0) ?? 0;
    const stretches =
      width === 0 || unicode().spacing.test(char) || (code >= 0xff00 && code <= 0xffef) || (code >= 0xac00 && code <= 0xd7a3);
    if (stretches) width += isWide(code) ? 2 : 1;
  }
  return width;
}

function isWide(code: number): boolean {
  if (code < 0x1100) return false;
  return WIDE.some(([first, last]) => code >= first && code <= last);
}

/** At most `columns` wide; a cut ends with `mark`. */
export function truncate(text: string, columns: number, mark = '…'): string {
  if (textWidth(text) <= columns) return text;
  const room = columns - textWidth(mark);
  if (room < 0) return takeColumns(mark, columns);
  return takeColumns(text, room) + mark;
}

/** Like `truncate`, but keeps both ends: of a path, the file name matters most. */
export function truncateMiddle(text: string, columns: number, mark = '…'): string {
  if (textWidth(text) <= columns) return text;
  const room = columns - textWidth(mark);
  if (room < 4) return truncate(text, columns, mark);
  const head = takeColumns(text, Math.floor(room / 3));
  return head + mark + takeLastColumns(text, room - textWidth(head));
}

function takeColumns(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const { segment, index } of unicode().segmenter.segment(text)) {
    width += clusterWidth(segment);
    if (width > columns) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

function takeLastColumns(text: string, columns: number): string {
  const clusters = [...unicode().segmenter.segment(text)];
  let width = 0;
  let from = text.length;
  for (let i = clusters.length - 1; i >= 0; i--) {
    const cluster = clusters[i];
    if (!cluster) break;
    width += clusterWidth(cluster.segment);
    if (width > columns) break;
    from = cluster.index;
  }
  return text.slice(from);
}

/** Fills up with spaces on the right; longer text is cut. */
export function pad(text: string, columns: number): string {
  const cut = truncate(text, columns);
  return cut + ' '.repeat(Math.max(0, columns - textWidth(cut)));
}

interface Piece {
  readonly text: string;
  readonly width: number;
  readonly space: boolean;
}

/**
 * Breaks text into lines of at most `columns`: at spaces, between wide characters, and inside a word only when the word
 * alone is too long. Closing marks stay with what they close. Never returns an empty list.
 */
export function wrap(text: string, columns: number): string[] {
  const limit = Math.max(2, columns);
  const lines: string[] = [];
  let line = '';
  let width = 0;
  const flush = () => {
    lines.push(line.trimEnd());
    line = '';
    width = 0;
  };
  for (const piece of pieces(text)) {
    if (width > 0 && width + piece.width > limit) flush();
    if (piece.space && width === 0 && lines.length > 0) continue;
    for (const part of piece.width > limit ? splitHard(piece.text, limit) : [piece]) {
      if (width > 0 && width + part.width > limit) flush();
      line += part.text;
      width += part.width;
    }
  }
  if (line.trimEnd() !== '' || lines.length === 0) flush();
  return lines;
}

/** The units that a line is built from: runs of spaces, words, and wide characters with the marks that cling to them. */
function* pieces(text: string): Generator<Piece> {
  let word = '';
  let wordWidth = 0;
  let open = false; // the last thing read must not end a line
  for (const { segment } of unicode().segmenter.segment(text)) {
    const width = clusterWidth(segment);
    const space = segment === ' ';
    const breaksBefore = space || (width === 2 && !open && !NOT_FIRST.includes(segment)) || (endsWide(word) && !clings(segment));
    if (breaksBefore && word !== '') {
      yield { text: word, width: wordWidth, space: word === ' ' };
      word = '';
      wordWidth = 0;
    }
    if (word === ' ') {
      yield { text: ' ', width: 1, space: true };
      word = '';
      wordWidth = 0;
    }
    word += segment;
    wordWidth += width;
    open = NOT_LAST.includes(segment);
  }
  if (word !== '') yield { text: word, width: wordWidth, space: word === ' ' };
}

const clings = (segment: string) => NOT_FIRST.includes(segment);

function endsWide(word: string): boolean {
  const last = word.at(-1);
  if (last === undefined || NOT_LAST.includes(last)) return false;
  const code = last.codePointAt(0) ?? 0;
  return isWide(code) || (code >= 0xdc00 && code <= 0xdfff);
}

function splitHard(text: string, columns: number): Piece[] {
  const parts: Piece[] = [];
  let rest = text;
  while (rest !== '') {
    const head = takeColumns(rest, columns);
    // A cluster wider than the line is kept whole: better a long line than an endless loop.
    const part = head === '' ? ([...unicode().segmenter.segment(rest)][0]?.segment ?? rest) : head;
    parts.push({ text: part, width: textWidth(part), space: false });
    rest = rest.slice(part.length);
  }
  return parts;
}
