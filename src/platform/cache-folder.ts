import fs from 'node:fs';
import path from 'node:path';
import { readWhole } from './file';
import type { Platform } from './platform';

/** Where this system keeps what may be lost: `$XDG_CACHE_HOME`, `%LOCALAPPDATA%`, `~/Library/Caches`. Null when there is no such place. */
export function cacheFolder({ os, env, home }: Pick<Platform, 'os' | 'env' | 'home'>): string | null {
  const named = os === 'windows' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  if (named !== undefined && path.isAbsolute(named)) return path.join(named, 'lora-doctor');
  if (home === '' || !path.isAbsolute(home)) return null;
  if (os === 'windows') return path.join(home, 'AppData', 'Local', 'lora-doctor');
  return path.join(home, ...(os === 'macos' ? ['Library', 'Caches'] : ['.cache']), 'lora-doctor');
}

/** The text of a cache file; null for whatever reason it cannot be had. */
export function readCacheFile(file: string, limit: number): string | null {
  try {
    return new TextDecoder().decode(readWhole(file, limit));
  } catch {
    return null;
  }
}

/**
 * Writes beside and renames, so that a reader sees the old file or the new one, whole. False when it could not be done: a cache is not
 * worth an error.
 */
export function writeCacheFile(file: string, text: string): boolean {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = fs.openSync(beside, 'w', 0o600);
    try {
      fs.writeFileSync(handle, text);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(beside, file);
    return true;
  } catch {
    discard(beside);
    return false;
  }
}

function discard(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // it was never made
  }
}
