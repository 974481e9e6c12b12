import path from 'node:path';
import { isRecord } from '../../formats/json';
import { InspectCache, MAX_CACHE_BYTES } from '../../inspect/cache';
import { cacheFolder, readCacheFile, writeCacheFile } from '../../platform/cache-folder';
import type { FileInfo, Platform } from '../../platform/platform';
import { type FileBrief, InspectedFile, STATES } from './types';

interface Found {
  readonly path: string;
  readonly info: FileInfo;
}

/** What `inspect` found out in earlier calls, in one file of the cache folder for each language. */
export class Remembered {
  readonly #cache: InspectCache<FileBrief>;
  readonly #file: string;

  private constructor(file: string, key: string) {
    this.#file = file;
    this.#cache = new InspectCache(readCacheFile(file, MAX_CACHE_BYTES), key, isBrief);
  }

  /**
   * Null when the system has no place for it.
   *
   * @param key program version and hash of the rules: what others found out is not ours.
   */
  static open(platform: Platform, lang: string, key: string): Remembered | null {
    const folder = cacheFolder(platform);
    return folder === null ? null : new Remembered(path.join(folder, `inspect-${lang}.cache`), key);
  }

  get({ path: file, info }: Found): InspectedFile | undefined {
    const kept = this.#cache.get(file, info);
    return kept && kept.brief.path === file ? InspectedFile.remembered(kept.brief, kept.text) : undefined;
  }

  set({ path: file, info }: Found, found: InspectedFile, now: number): void {
    this.#cache.set(file, info, { brief: found.brief, text: found.bytes }, now);
  }

  /** What was learnt of a remembered file besides. */
  amend(brief: FileBrief): void {
    this.#cache.amend(brief.path, brief);
  }

  /** Writes what was learnt. Never an error: without a cache the next call only takes longer. */
  save(): void {
    const pieces = this.#cache.bytes();
    if (pieces !== null) writeCacheFile(this.#file, pieces);
  }
}

function isBrief(value: unknown): value is FileBrief {
  if (!isRecord(value)) return false;
  const { path: file, size, kind, state, dataBytes, alias } = value;
  const texts = typeof file === 'string' && typeof kind === 'string' && (alias === null || typeof alias === 'string');
  return texts && typeof size === 'number' && (dataBytes === null || typeof dataBytes === 'number') && STATES.has(state);
}
