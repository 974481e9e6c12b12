import path from 'node:path';
import { isRecord } from '../formats/json';
import { InspectCache, MAX_CACHE_BYTES } from '../inspect/cache';
import { cacheFolder, readCacheFile, writeCacheFile } from '../platform/cache-folder';
import type { FileInfo, Platform } from '../platform/platform';
import type { FileVerdict, InspectEntry, InspectedFile } from './inspect-types';

interface Kept {
  readonly entry: InspectEntry;
  readonly verdict: FileVerdict;
}

const STATES: ReadonlySet<unknown> = new Set<FileVerdict['state']>([
  'sound',
  'broken',
  'unsafe',
  'faulty',
  'unreadable',
  'unknown',
]);

/** What `inspect` found out in earlier calls, in one file of the cache folder for each language. */
export class Remembered {
  readonly #cache: InspectCache<Kept>;
  readonly #file: string;

  private constructor(file: string, key: string) {
    this.#file = file;
    this.#cache = new InspectCache<Kept>(readCacheFile(file, MAX_CACHE_BYTES), key, isKept);
  }

  /**
   * Null when the system has no place for it.
   *
   * @param key program version and hash of the rules: what others found out is not ours.
   */
  static open(platform: Platform, lang: string, key: string): Remembered | null {
    const folder = cacheFolder(platform);
    return folder === null ? null : new Remembered(path.join(folder, `inspect-${lang}.json`), key);
  }

  get({ path: file, info }: { readonly path: string; readonly info: FileInfo }): InspectedFile | undefined {
    const kept = this.#cache.get(file, info);
    return kept && kept.entry.path === file ? { ...kept, examined: null } : undefined;
  }

  set(
    { path: file, info }: { readonly path: string; readonly info: FileInfo },
    { entry, verdict }: InspectedFile,
    now: number,
  ): void {
    this.#cache.set(file, info, { entry, verdict }, now);
  }

  /** Writes what was learnt. Never an error: without a cache the next call only takes longer. */
  save(): void {
    const text = this.#cache.text();
    if (text !== null) writeCacheFile(this.#file, text);
  }
}

function isKept(value: unknown): value is Kept {
  if (!isRecord(value) || !isRecord(value.entry) || !isRecord(value.verdict) || !isRecord(value.verdict.text)) return false;
  const { entry, verdict } = value;
  const { en, zh } = value.verdict.text;
  const lists = Array.isArray(entry.findings) && Array.isArray(entry.triggers) && Array.isArray(entry.fits);
  return typeof entry.path === 'string' && lists && STATES.has(verdict.state) && typeof en === 'string' && typeof zh === 'string';
}
