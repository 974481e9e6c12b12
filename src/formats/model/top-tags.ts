import { parseJson } from '../json';

/** A word of the training captions and in how many it stands. */
export interface Tag {
  readonly word: string;
  readonly count: number;
}

/** The most frequent tags of a data set that may have tens of thousands. */
export interface TopTags {
  /** Not generic first, then by count, then by word; at most `limit`. */
  readonly top: readonly Tag[];
  /** Count of the most frequent one, 0 when there is none. */
  readonly most: number;
}

/** Takes tags one by one and keeps the best: no list of all of them, nothing sorted. */
export class TagRanking {
  readonly #limit: number;
  readonly #isGeneric: (word: string) => boolean;
  readonly #plain: Tag[] = [];
  readonly #generic: Tag[] = [];
  #most = 0;

  constructor(limit: number, isGeneric: (word: string) => boolean) {
    this.#limit = limit;
    this.#isGeneric = isGeneric;
  }

  /** A tag counted less often cannot come in any more. */
  get floor(): number {
    return this.#plain.length < this.#limit ? -Infinity : (this.#plain[this.#limit - 1]?.count ?? -Infinity);
  }

  /** Counts a tag that is below the floor. */
  pass(count: number): void {
    if (count > this.#most) this.#most = count;
  }

  /** False when the word is there already. */
  add(word: string, count: number): boolean {
    this.pass(count);
    const list = this.#isGeneric(word) ? this.#generic : this.#plain;
    if (list.some((tag) => tag.word === word)) return false;
    let at = list.length;
    while (at > 0 && before(word, count, list[at - 1])) at--;
    if (at >= this.#limit) return true;
    list.splice(at, 0, { word, count });
    if (list.length > this.#limit) list.pop();
    return true;
  }

  result(): TopTags {
    return { top: [...this.#plain, ...this.#generic].slice(0, this.#limit), most: this.#most };
  }
}

function before(word: string, count: number, other: Tag | undefined): boolean {
  return other !== undefined && (count > other.count || (count === other.count && word < other.word));
}

const QUOTE = 0x22;
const SPACE = 0x20;
const COMMA = 0x2c;
const ZERO = 0x30;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LONGEST = 200;
const MAX_DIGITS = 9;
const OPENING = /^\s{0,9}\{\s{0,9}"[^"\\]{0,400}"\s{0,9}:\s{0,9}\{\s{0,9}/;
const CLOSING = /^\s{0,9}\}\s{0,9}\}\s{0,9}$/;
const LONGEST_CLOSING = 29;

/**
 * Ranks `{"folder": {"tag": 12, …}}` as Python writes it, without building the object: trainers write thousands of tags.
 * Null for anything else (several folders, other numbers, a word twice, more than `most` tags), which takes the long way.
 */
export function rankOneFolder(text: string, ranking: TagRanking, most: number): TopTags | null {
  let p = OPENING.exec(text)?.[0].length ?? text.length;
  for (let left = most; left > 0; left--) {
    const end = wordEnd(text, p);
    if (end < 0 || text.charCodeAt(end + 1) !== COLON) return null;
    const digits = text.charCodeAt(end + 2) === SPACE ? end + 3 : end + 2;
    const after = digitsEnd(text, digits);
    if (after === digits || after - digits > MAX_DIGITS) return null;
    const count = Number(text.slice(digits, after));
    if (count < ranking.floor) ranking.pass(count);
    else if (!take(ranking, text.slice(p + 1, end), count)) return null;
    if (text.charCodeAt(after) !== COMMA) return closes(text, after) ? ranking.result() : null;
    p = text.charCodeAt(after + 1) === SPACE ? after + 2 : after + 1;
  }
  return null;
}

function take(ranking: TagRanking, raw: string, count: number): boolean {
  const word = raw.includes('\\') ? parseJson(`"${raw}"`) : raw;
  return typeof word === 'string' && word !== '' && word.trim() === word && ranking.add(word, count);
}

const closes = (text: string, at: number): boolean => text.length - at <= LONGEST_CLOSING && CLOSING.test(text.slice(at));

function digitsEnd(text: string, from: number): number {
  let p = from;
  for (let digit = text.charCodeAt(p) - ZERO; digit >= 0 && digit <= 9; digit = text.charCodeAt(p) - ZERO) p++;
  return p;
}

/** Position of the closing quote of the word that opens at `from`; -1 when there is none, or it is too long. */
function wordEnd(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) return -1;
  for (let end = from + 1; end - from <= LONGEST; end++) {
    const code = text.charCodeAt(end);
    if (code === QUOTE) return end;
    // Beyond the end of the text the code is NaN.
    if (!(code >= SPACE)) return -1;
    if (code === BACKSLASH) end++;
  }
  return -1;
}
