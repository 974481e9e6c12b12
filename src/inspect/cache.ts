import { isRecord, parseJson } from '../formats/json';

/** What makes a remembered answer still true: all of it must be as it was. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
}

const SCHEMA = 'lora-doctor/inspect-cache@1';
/** Bounds of the file: more is forgotten, what was used longest ago first. */
export const MAX_CACHE_BYTES = 48 * 1024 * 1024;
const MAX_ENTRIES = 20_000;
/** A file that was changed this short ago may change again within the clock's step. */
const RACY_MS = 2000;

/**
 * Remembers what was found out about files, by path; good as long as size, time, device and inode are the same. Reading never fails: a
 * text that is damaged, old, or of another program version (`key`) is an empty cache.
 */
export class InspectCache<T extends object> {
  readonly #key: string;
  readonly #entries = new Map<string, readonly [stamp: string, value: T]>();
  #changed = false;

  constructor(text: string | null, key: string, isValue: (value: unknown) => value is T) {
    this.#key = key;
    const parsed = text === null ? null : parseJson(text);
    if (!isRecord(parsed) || parsed.schema !== SCHEMA || parsed.key !== key || !Array.isArray(parsed.files)) return;
    for (const entry of parsed.files.slice(0, MAX_ENTRIES)) {
      if (!Array.isArray(entry)) continue;
      const [path, stamp, value] = entry as unknown[];
      if (typeof path === 'string' && typeof stamp === 'string' && isValue(value)) this.#entries.set(path, [stamp, value]);
    }
  }

  /** What is known of the file, or undefined. */
  get(path: string, stamp: FileStamp): T | undefined {
    const entry = this.#entries.get(path);
    if (entry?.[0] !== stampText(stamp)) return undefined;
    // Used last stands last.
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    return entry[1];
  }

  /** Remembers, unless the file is so new that its time does not tell versions apart. */
  set(path: string, stamp: FileStamp, value: T, now: number): void {
    if (now - stamp.mtimeMs < RACY_MS) return;
    this.#entries.delete(path);
    this.#entries.set(path, [stampText(stamp), value]);
    this.#changed = true;
  }

  /** The text to keep; null when nothing new was learnt. */
  text(): string | null {
    if (!this.#changed) return null;
    const kept: string[] = [];
    let size = 0;
    for (const [path, [stamp, value]] of [...this.#entries].reverse()) {
      const entry = JSON.stringify([path, stamp, value]);
      size += entry.length * 3;
      if (size > MAX_CACHE_BYTES || kept.length >= MAX_ENTRIES) break;
      kept.push(entry);
    }
    return `{"schema":${JSON.stringify(SCHEMA)},"key":${JSON.stringify(this.#key)},"files":[${kept.reverse().join(',\n')}]}\n`;
  }
}

const stampText = ({ size, mtimeMs, dev, ino }: FileStamp): string => `${size}|${mtimeMs}|${dev}|${ino}`;
