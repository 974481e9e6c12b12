import { placeAt } from './text-place';

/** Slips of the hand by which a JSON file stops being one. */
export const SETTINGS_SLIPS = [
  'comment',
  'comma-too-many', // before a closing bracket
  'comma-missing',
  'colon-missing',
  'single-quotes',
  'curly-quotes',
  'full-width-sign', // ， or ： of a Chinese keyboard
  'quote-missing', // a text that its line ends
  'single-backslash', // a Windows path
  'python-word', // True, False, None
  'bare-word',
] as const;

export interface SettingsSlip {
  readonly kind: (typeof SETTINGS_SLIPS)[number];
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
}

/** A key of the outermost object that has a whole value. */
export interface SettingsEntry {
  readonly key: string;
  readonly line: number;
  /** As it stands, cut at 120 characters; brackets and what is in them as `{…}` or `[…]`. */
  readonly value: string;
}

export interface SettingsText {
  readonly entries: readonly SettingsEntry[];
  /** The first one; null in sound JSON, and where the text is damaged in another way. */
  readonly slip: SettingsSlip | null;
}

const VALUE_LIMIT = 120;
const DEPTH_LIMIT = 1000;
const ENTRY_LIMIT = 20_000;
const BLANK = /[\s\ufeff]/;
const WORD_END = /[\s,:{}[\]"'，：“”]/;
const CLOSING: { readonly [opening: string]: string } = { '"': '"', "'": "'", '“': '”', '”': '”', '‘': '’', '’': '’' };

/**
 * Reads a settings file as a person would: what a strict reader refuses is passed over and its first cause named. Nothing is
 * guessed: a key whose value is not whole is left out. One pass, bounded in depth and number of keys.
 */
export function readSettingsText(text: string): SettingsText {
  return new Scanner(text).read();
}

class Scanner {
  readonly #text: string;
  readonly #entries: SettingsEntry[] = [];
  #at = 0;
  #slip: SettingsSlip | null = null;
  /** The line of a place behind which nothing was asked yet. */
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): SettingsText {
    this.#skipBlanks();
    if (this.#takeOne('{')) while (this.#entries.length < ENTRY_LIMIT && this.#readEntry());
    return { entries: this.#entries, slip: this.#slip };
  }

  /** False at the end of the object, or where nothing more can be read. */
  #readEntry(): boolean {
    this.#skipBlanks();
    const start = this.#at;
    if (start >= this.#text.length || this.#text[start] === '}') return false;
    const isQuoted = CLOSING[this.#text[start] ?? ''] !== undefined;
    const key = this.#readScalar(false);
    if (key === null) return false;
    if (!isQuoted) this.#note('bare-word', start);
    const line = this.#lineOf(start);
    this.#skipBlanks();
    if (!this.#takeOne(':', '：')) {
      if (this.#at < this.#text.length) this.#note('colon-missing');
      return false;
    }
    this.#skipBlanks();
    const value = this.#readValue();
    if (value === null) return false;
    this.#entries.push({ key, line, value: value.slice(0, VALUE_LIMIT) });
    this.#skipBlanks();
    if (this.#at >= this.#text.length || this.#text[this.#at] === '}') return false;
    if (this.#takeComma()) return true;
    this.#note('comma-missing');
    return true;
  }

  /** Null when it is not whole. */
  #readValue(): string | null {
    const first = this.#text[this.#at];
    if (first !== '{' && first !== '[') return this.#readScalar(true);
    return this.#skipNested() ? (first === '{' ? '{…}' : '[…]') : null;
  }

  #skipNested(): boolean {
    for (let depth = 0; this.#at < this.#text.length; ) {
      this.#skipBlanks();
      if (this.#takeOne('{', '[')) depth++;
      else if (this.#takeOne('}', ']')) depth--;
      else if (!this.#takeComma() && !this.#takeOne(':', '：') && this.#readScalar(true) === null) return false;
      if (depth === 0) return true;
      if (depth > DEPTH_LIMIT) return false;
    }
    return false;
  }

  #readScalar(isValue: boolean): string | null {
    const start = this.#at;
    const closing = CLOSING[this.#text[start] ?? ''];
    if (closing !== undefined) return this.#readText(closing);
    while (this.#at < this.#text.length && !WORD_END.test(this.#text[this.#at] ?? '')) this.#at++;
    const word = this.#text.slice(start, this.#at);
    // A word at the very end may go on.
    if (word === '' || this.#at >= this.#text.length) return null;
    if (isValue && /^(?:True|False|None)$/.test(word)) this.#note('python-word', start);
    else if (isValue && !/^(?:true|false|null|NaN|-?Infinity|-?\d[\d.eE+-]*)$/.test(word)) this.#note('bare-word', start);
    return word;
  }

  /** What stands between quotation marks, its escapes as they are. */
  #readText(closing: string): string | null {
    const start = this.#at++;
    if (closing === "'") this.#note('single-quotes', start);
    else if (closing !== '"') this.#note('curly-quotes', start);
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === closing) return this.#text.slice(start + 1, this.#at++);
      if (char === '\n') {
        this.#note('quote-missing', start);
        return null;
      }
      if (char !== '\\') continue;
      if (!/["\\/bfnrtu]/.test(this.#text[this.#at + 1] ?? '"')) this.#note('single-backslash');
      this.#at++;
    }
    return null;
  }

  #takeComma(): boolean {
    const comma = this.#at;
    if (!this.#takeOne(',', '，')) return false;
    this.#skipBlanks();
    if (/[}\]]/.test(this.#text[this.#at] ?? '')) this.#note('comma-too-many', comma);
    return true;
  }

  #takeOne(...signs: readonly string[]): boolean {
    const char = this.#text[this.#at] ?? '';
    if (!signs.includes(char)) return false;
    if (char > '\x7f') this.#note('full-width-sign');
    this.#at++;
    return true;
  }

  /** White space and comments. */
  #skipBlanks(): void {
    for (; this.#at < this.#text.length; ) {
      const two = this.#text.slice(this.#at, this.#at + 2);
      if (BLANK.test(two.charAt(0))) this.#at++;
      else if (two === '//' || two.startsWith('#') || two === '/*') {
        this.#note('comment');
        const end = this.#text.indexOf(two === '/*' ? '*/' : '\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end + (two === '/*' ? 2 : 1);
      } else return;
    }
  }

  #note(kind: SettingsSlip['kind'], at = this.#at): void {
    if (this.#slip) return;
    this.#slip = { kind, ...placeAt(this.#text, at) };
  }

  /** Asked for ever later places. */
  #lineOf(at: number): number {
    for (; this.#counted < at; this.#counted++) if (this.#text[this.#counted] === '\n') this.#line++;
    return this.#line;
  }
}

/** Keys that stand more than once, with all their lines; Python keeps the last value. */
export function repeatedKeys(entries: readonly SettingsEntry[]): readonly (readonly SettingsEntry[])[] {
  const byKey = new Map<string, SettingsEntry[]>();
  for (const entry of entries) {
    const same = byKey.get(entry.key);
    if (same) same.push(entry);
    else byKey.set(entry.key, [entry]);
  }
  return [...byKey.values()].filter((same) => same.length > 1);
}
