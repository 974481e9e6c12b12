import { isRecord, parseJson } from '../formats/json';

/** What makes a remembered answer still true: all of it must be as it was. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
}

/** What is kept of a file: a few fields that every call needs, and the whole answer as it is printed. */
export interface Kept<B extends object> {
  readonly brief: B;
  readonly text: Uint8Array;
}

const SCHEMA = 'lora-doctor/inspect-cache@2';
/** Bounds of the file: more is forgotten, what was used longest ago first. */
export const MAX_CACHE_BYTES = 48 * 1024 * 1024;
const MAX_ENTRIES = 20_000;
/** A file that was changed this short ago may change again within the clock's step. */
const RACY_MS = 2000;
const LINE_END = 10;
const COMMA = Uint8Array.of(44);

/**
 * Remembers what was found out about files, by path; good as long as size, time, device and inode are the same. Reading never fails:
 * bytes that are damaged, old, or of another program version (`key`) are an empty cache.
 *
 * The bytes: one line of JSON with path, stamp, length and brief of each file, then their texts, a comma after each. A text is
 * neither decoded nor parsed until someone wants its fields.
 */
export class InspectCache<B extends object> {
  readonly #key: string;
  readonly #entries = new Map<string, { readonly stamp: Stamp; readonly kept: Kept<B> }>();
  #changed = false;

  constructor(bytes: Uint8Array | null, key: string, isBrief: (value: unknown) => value is B) {
    this.#key = key;
    if (bytes !== null) this.#read(bytes, isBrief);
  }

  #read(bytes: Uint8Array, isBrief: (value: unknown) => value is B): void {
    const end = bytes.indexOf(LINE_END);
    const head = parseJson(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end))));
    if (!isRecord(head) || head.schema !== SCHEMA || head.key !== this.#key || !Array.isArray(head.files)) return;
    let at = end + 1;
    for (const row of head.files.slice(0, MAX_ENTRIES)) {
      const [path, stamp, length, brief] = Array.isArray(row) ? (row as unknown[]) : [];
      if (typeof length !== 'number' || !(length >= 0) || at + length > bytes.length) return;
      const text = bytes.subarray(at, at + length);
      at += length + COMMA.length;
      if (typeof path === 'string' && isStamp(stamp) && isBrief(brief)) this.#entries.set(path, { stamp, kept: { brief, text } });
    }
  }

  /** What is known of the file, or undefined. */
  get(path: string, stamp: FileStamp): Kept<B> | undefined {
    const entry = this.#entries.get(path);
    if (!entry || !isSame(entry.stamp, stamp)) return undefined;
    // Used last stands last.
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    return entry.kept;
  }

  /** Remembers, unless the file is so new that its time does not tell versions apart. */
  set(path: string, stamp: FileStamp, kept: Kept<B>, now: number): void {
    if (now - stamp.mtimeMs < RACY_MS) return;
    this.#entries.delete(path);
    this.#entries.set(path, { stamp: [stamp.size, stamp.mtimeMs, stamp.dev, stamp.ino], kept });
    this.#changed = true;
  }

  /** Puts another brief in place of the one that is remembered; nothing when the file is not. */
  amend(path: string, brief: B): void {
    const entry = this.#entries.get(path);
    if (!entry) return;
    this.#entries.set(path, { stamp: entry.stamp, kept: { brief, text: entry.kept.text } });
    this.#changed = true;
  }

  /** The bytes to keep, in pieces; null when nothing new was learnt. */
  bytes(): Uint8Array[] | null {
    if (!this.#changed) return null;
    const rows: string[] = [];
    const texts: Uint8Array[] = [];
    let size = 0;
    for (const [path, { stamp, kept }] of [...this.#entries].reverse()) {
      const row = JSON.stringify([path, stamp, kept.text.length, kept.brief]);
      size += row.length * 3 + kept.text.length;
      if (size > MAX_CACHE_BYTES || rows.length >= MAX_ENTRIES) break;
      rows.push(row);
      texts.push(COMMA, kept.text);
    }
    const files = rows.reverse().join(',');
    const head = `{"schema":${JSON.stringify(SCHEMA)},"key":${JSON.stringify(this.#key)},"files":[${files}]}\n`;
    return [new TextEncoder().encode(head), ...texts.reverse()];
  }
}

type Stamp = readonly [size: number, mtimeMs: number, dev: number, ino: number];

const isStamp = (value: unknown): value is Stamp =>
  Array.isArray(value) && value.length === 4 && value.every((part) => typeof part === 'number');

const isSame = ([size, mtimeMs, dev, ino]: Stamp, stamp: FileStamp): boolean =>
  size === stamp.size && mtimeMs === stamp.mtimeMs && dev === stamp.dev && ino === stamp.ino;
