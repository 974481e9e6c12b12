import { join } from 'node:path';
import type { Note } from '../../facts/snapshot';
import { isRecord, parseJson } from '../../formats/json';
import { decodeText } from '../../formats/launch/decode';
import { SqliteFile } from '../../formats/sqlite/database';
import { SqliteError } from '../../formats/sqlite/pages';
import { decodePlainPickle, type PlainValue } from '../../formats/sqlite/plain-pickle';
import { type Platform, ReadError } from '../../platform/platform';

/** One cached entry: file time as the cache remembers it, hash or metadata. */
export interface CacheEntry {
  readonly mtime: number;
  readonly sha256: string | null;
  readonly metadata: ReadonlyMap<string, unknown> | null;
}

/** Entries of one subsection by title (`lora/{stem}`), and the file they stand in. */
export interface CacheSection {
  readonly path: string;
  readonly entries: ReadonlyMap<string, CacheEntry>;
}

export const SECTIONS = ['hashes', 'hashes-addnet', 'safetensors-metadata'] as const;
export type SectionName = (typeof SECTIONS)[number];
export type Cache = ReadonlyMap<SectionName, CacheSection>;

const JSON_LIMIT = 256 * 1024 * 1024;
const VALUE_LIMIT = 16 * 1024 * 1024;

/** `cache/` of diskcache databases, else the old `cache.json` (webui-a1111-family.md §5.3). Read only, with the write-ahead log. */
export function readCache(platform: Platform, data: string, notes: Note[]): Cache {
  const folder = platform.env.SD_WEBUI_CACHE_DIR ?? join(data, 'cache');
  if (platform.stat(folder)?.kind !== 'directory')
    return readOldCache(platform, platform.env.SD_WEBUI_CACHE_FILE ?? join(data, 'cache.json'), notes);
  const cache = new Map<SectionName, CacheSection>();
  for (const name of SECTIONS) {
    const path = join(folder, name, 'cache.db');
    if (platform.stat(path)?.kind !== 'file') continue;
    const entries = guarded(path, notes, () => readDatabase(platform, join(folder, name), path));
    if (entries) cache.set(name, { path, entries });
  }
  return cache;
}

function guarded<T>(path: string, notes: Note[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SqliteError) && !(error instanceof ReadError)) throw error;
    notes.push({ check: 'cache', code: error instanceof ReadError ? error.code : 'damaged', path, detail: error.message });
    return null;
  }
}

function readDatabase(platform: Platform, folder: string, path: string): Map<string, CacheEntry> {
  return platform.withFile(path, (db) => {
    const log = `${path}-wal`;
    if (platform.stat(log)?.kind !== 'file') return collect(platform, folder, new SqliteFile(db));
    return platform.withFile(log, (wal) => collect(platform, folder, new SqliteFile(db, wal)));
  });
}

function collect(platform: Platform, folder: string, db: SqliteFile): Map<string, CacheEntry> {
  const entries = new Map<string, CacheEntry>();
  for (const row of db.rows('Cache', { rowBytes: VALUE_LIMIT })) {
    const title = titleOf(row.get('key'));
    if (title === null || !title.startsWith('lora/') || row.get('mode') !== 4) continue;
    const file = row.get('filename');
    const inline = row.get('value');
    const bytes = inline instanceof Uint8Array ? inline : typeof file === 'string' ? outside(platform, folder, file) : null;
    const entry = bytes === null ? null : toEntry(decodePlainPickle(bytes));
    if (entry) entries.set(title, entry);
  }
  return entries;
}

function titleOf(key: unknown): string | null {
  return typeof key === 'string' ? key : null;
}

/** Large values stand in files `xx/yy/{28 hex}.val` beside the database. */
function outside(platform: Platform, folder: string, name: string): Uint8Array | null {
  const plain = name.replaceAll('\\', '/');
  if (!/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28}\.val$/.test(plain)) return null;
  try {
    return platform.readFile(join(folder, plain), VALUE_LIMIT);
  } catch {
    return null;
  }
}

function toEntry(value: PlainValue | undefined): CacheEntry | null {
  if (!(value instanceof Map)) return null;
  const mtime = value.get('mtime');
  const sha256 = value.get('sha256');
  const metadata = value.get('value');
  if (typeof mtime !== 'number') return null;
  return { mtime, sha256: typeof sha256 === 'string' ? sha256 : null, metadata: metadata instanceof Map ? metadata : null };
}

function readOldCache(platform: Platform, path: string, notes: Note[]): Cache {
  const cache = new Map<SectionName, CacheSection>();
  if (platform.stat(path)?.kind !== 'file') return cache;
  const bytes = guarded(path, notes, () => platform.readFile(path, JSON_LIMIT));
  const root = bytes === null ? undefined : parseJson(decodeText(bytes).text);
  if (!isRecord(root)) {
    if (bytes !== null) notes.push({ check: 'cache', code: 'damaged', path });
    return cache;
  }
  for (const name of SECTIONS) {
    const section = root[name];
    if (!isRecord(section)) continue;
    const entries = new Map<string, CacheEntry>();
    for (const [title, value] of Object.entries(section)) {
      if (!title.startsWith('lora/') || !isRecord(value) || typeof value.mtime !== 'number') continue;
      const sha256 = typeof value.sha256 === 'string' ? value.sha256 : null;
      entries.set(title, {
        mtime: value.mtime,
        sha256,
        metadata: isRecord(value.value) ? new Map(Object.entries(value.value)) : null,
      });
    }
    cache.set(name, { path, entries });
  }
  return cache;
}
