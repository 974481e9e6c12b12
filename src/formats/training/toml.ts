import type { Place } from './types';

export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** A key with its value, and the table it stands in (`datasets.0.subsets.1`, empty at the top). */
export interface TomlEntry extends Place {
  readonly table: string;
  readonly key: string;
  readonly value: TomlValue;
}

export interface TomlFault extends Place {
  readonly kind: 'reserved-escape' | 'duplicate-key' | 'syntax';
  /** The piece of the line, at most 80 characters. */
  readonly text: string;
}

export interface TomlFile {
  readonly entries: readonly TomlEntry[];
  /** Tables in order, arrays of tables with their number. */
  readonly tables: readonly string[];
  readonly faults: readonly TomlFault[];
}

/** A fault of the text as a problem of the file that it is. */
export interface TomlProblem extends Place {
  readonly kind: 'toml-escape' | 'toml-fault';
  readonly text: string;
  readonly nearest: null;
}

export const tomlProblems = ({ faults }: TomlFile): TomlProblem[] =>
  faults.map(({ kind, line, column, text }) => ({
    kind: kind === 'reserved-escape' ? 'toml-escape' : 'toml-fault',
    line,
    column,
    text,
    nearest: null,
  }));

const ENTRIES = 5000;

/**
 * Reads TOML the way that sd-scripts' `toml` package does as far as configurations go: tables, arrays of tables, basic and
 * literal texts, numbers, booleans, arrays and inline tables. A line that cannot be read becomes a fault and the next one is
 * tried, so that one run names them all. Backslashes in double quotes are escapes (kohya-training.md §1.4).
 */
export function readToml(text: string): TomlFile {
  const reader = new Reader(text);
  reader.run();
  return { entries: reader.entries, tables: reader.tables, faults: reader.faults };
}

class Reader {
  readonly entries: TomlEntry[] = [];
  readonly tables: string[] = [];
  readonly faults: TomlFault[] = [];
  readonly #lines: readonly string[];
  /** Full names of keys that have a value, of tables that stand for themselves, and of those that dotted keys make. */
  readonly #values = new Set<string>();
  readonly #declared = new Set<string>();
  readonly #implied = new Set<string>();
  readonly #counts = new Map<string, number>();
  #table = '';
  #index = 0;

  constructor(text: string) {
    this.#lines = text.replace(/^\ufeff/, '').split('\n');
  }

  run(): void {
    for (; this.#index < this.#lines.length && this.entries.length < ENTRIES; this.#index++) {
      const line = (this.#lines[this.#index] ?? '').replace(/\r$/, '');
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) continue;
      if (trimmed.startsWith('[')) this.#header(trimmed);
      else this.#pair(line);
    }
  }

  #header(line: string): void {
    const match = /^(\[{1,2})\s*([\w.\-"' ]+?)\s*(\]{1,2})\s*(?:#.*)?$/.exec(line);
    if (!match || match[1]?.length !== match[3]?.length) {
      this.#fault('syntax', 1);
      return;
    }
    const parts = (match[2] ?? '').split('.').map((part) => part.trim().replace(/^["']|["']$/g, ''));
    this.#table = this.#resolve(parts, match[1] === '[[');
    const taken = [this.#table, ...outerNames(this.#table)].some((path) => this.#values.has(path));
    if (taken || this.#declared.has(this.#table) || this.#implied.has(this.#table)) this.#fault('duplicate-key', 1);
    this.#declared.add(this.#table);
    this.tables.push(this.#table);
  }

  /** `datasets.subsets` inside the second `[[datasets]]` is `datasets.1.subsets.0`. */
  #resolve(parts: readonly string[], appends: boolean): string {
    let path = '';
    parts.forEach((part, i) => {
      path = path === '' ? part : `${path}.${part}`;
      const last = i === parts.length - 1;
      const count = this.#counts.get(path);
      if (last && appends) {
        this.#counts.set(path, (count ?? 0) + 1);
        path = `${path}.${count ?? 0}`;
      } else if (count !== undefined) path = `${path}.${count - 1}`;
    });
    return path;
  }

  #pair(line: string): void {
    const match = /^\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=\s*/.exec(line);
    if (!match) {
      this.#fault('syntax', 1);
      return;
    }
    const key = (match[1] ?? '').replace(/^["']|["']$/g, '');
    const column = line.length - line.trimStart().length + 1;
    const place = { line: this.#index + 1, column };
    const value = this.#value(line.slice(match[0].length), match[0].length);
    if (value === undefined) return;
    const name = (this.#table === '' ? '' : `${this.#table}.`) + (match[1] === key ? key : key.replaceAll('.', '\0'));
    const outer = outerNames(name);
    if (this.#values.has(name) || this.#implied.has(name) || outer.some((path) => this.#values.has(path)))
      this.faults.push({ kind: 'duplicate-key', ...place, text: line.trim().slice(0, 80) });
    this.#values.add(name);
    for (const path of outer) if (path.length > this.#table.length) this.#implied.add(path);
    this.entries.push({ table: this.#table, key, value, ...place });
  }

  #value(start: string, offset: number): TomlValue | undefined {
    let source = start;
    while (this.#open(source) && this.#index + 1 < this.#lines.length && source.length < 65536) {
      this.#index++;
      source += `\n${(this.#lines[this.#index] ?? '').replace(/\r$/, '')}`;
    }
    const parser = new Values(source);
    const value = parser.read(0);
    if (value === undefined || !parser.atEnd()) {
      this.#fault(parser.reserved ? 'reserved-escape' : 'syntax', offset + 1);
      return undefined;
    }
    return value;
  }

  /** An array or a multi-line text goes on in the next line. */
  #open(source: string): boolean {
    const three = /^("""|''')/.exec(source)?.[1];
    if (three) return source.indexOf(three, 3) < 0;
    if (!source.startsWith('[')) return false;
    const bare = source.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g, '').replace(/#.*/g, '');
    return bare.split('[').length > bare.split(']').length;
  }

  #fault(kind: TomlFault['kind'], column: number): void {
    const text = (this.#lines[this.#index] ?? '').trim().slice(0, 80);
    if (this.faults.length < 100) this.faults.push({ kind, line: this.#index + 1, column, text });
  }
}

/** `a.b` and `a` for `a.b.c`. Names of absurd length have none: their number grows with the square of it. */
function outerNames(name: string): string[] {
  const out: string[] = [];
  if (name.length > 1000) return out;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) out.push(name.slice(0, dot));
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
  e: '\x1b',
};

const DATE_OR_TIME =
  /^(?:\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?=[\s,\]}#]|$)/;

class Values {
  reserved = false;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Nothing but a comment is left. */
  atEnd(): boolean {
    return /^\s*(?:#.*)?$/.test(this.#text.slice(this.#at));
  }

  read(depth: number): TomlValue | undefined {
    this.#blank();
    const char = this.#text[this.#at];
    if (char === '"' || char === "'") return this.#string(char);
    if (char === '[' && depth < 16) return this.#array(depth);
    if (char === '{' && depth < 16) return this.#inline(depth);
    return this.#bare();
  }

  #blank(): void {
    for (;;) {
      while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
      if (this.#text[this.#at] !== '#') return;
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#text.length : end;
    }
  }

  #string(mark: string): string | undefined {
    const fence = this.#text.startsWith(mark.repeat(3), this.#at) ? mark.repeat(3) : mark;
    this.#at += fence.length;
    let out = '';
    while (this.#at < this.#text.length && !this.#text.startsWith(fence, this.#at)) {
      const char = this.#text[this.#at] ?? '';
      if (char === '\n' && fence.length === 1) return undefined;
      if (char === '\\' && mark === '"') {
        const piece = this.#escape();
        if (piece === undefined) return undefined;
        out += piece;
      } else {
        out += char;
        this.#at++;
      }
    }
    if (this.#at >= this.#text.length) return undefined;
    this.#at += fence.length;
    return out;
  }

  #escape(): string | undefined {
    const next = this.#text[this.#at + 1] ?? '';
    const code = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(this.#text.slice(this.#at, this.#at + 10));
    const point = Number.parseInt(code?.[1] ?? code?.[2] ?? '', 16);
    if (code && point <= 0x10ffff) {
      this.#at += code[0].length;
      return String.fromCodePoint(point);
    }
    const plain = ESCAPES[next];
    if (plain === undefined) {
      this.reserved = true;
      return undefined;
    }
    this.#at += 2;
    return plain;
  }

  #array(depth: number): TomlValue[] | undefined {
    const out: TomlValue[] = [];
    this.#at++;
    for (;;) {
      this.#blank();
      if (this.#text[this.#at] === ']') {
        this.#at++;
        return out;
      }
      const value = this.read(depth + 1);
      if (value === undefined) return undefined;
      out.push(value);
      this.#blank();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#text[this.#at] !== ']') return undefined;
    }
  }

  #inline(depth: number): TomlTable | undefined {
    const out: [string, TomlValue][] = [];
    this.#at++;
    for (;;) {
      this.#blank();
      if (this.#text[this.#at] === '}') {
        this.#at++;
        return Object.fromEntries(out);
      }
      const key = /^([\w-]+)\s*=/.exec(this.#text.slice(this.#at, this.#at + 200));
      if (!key) return undefined;
      this.#at += key[0].length;
      const value = this.read(depth + 1);
      if (value === undefined) return undefined;
      out.push([key[1] ?? '', value]);
      this.#blank();
      if (this.#text[this.#at] === ',') this.#at++;
    }
  }

  /** Dates and times stay texts: no option of a trainer is one. */
  #bare(): number | boolean | string | undefined {
    const moment = DATE_OR_TIME.exec(this.#text.slice(this.#at, this.#at + 60))?.[0];
    if (moment !== undefined) {
      this.#at += moment.length;
      return moment;
    }
    const word = /^[^\s,\]}#]{1,60}/.exec(this.#text.slice(this.#at, this.#at + 60))?.[0] ?? '';
    this.#at += word.length;
    if (word === 'true' || word === 'false') return word === 'true';
    if (/^[+-]?(?:inf|nan)$/.test(word)) return Number.NaN;
    return /^[+-]?(?:0|[1-9][\d_]*)(?:\.[\d_]+)?(?:[eE][+-]?\d+)?$/.test(word) ? Number(word.replaceAll('_', '')) : undefined;
  }
}
