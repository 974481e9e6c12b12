import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
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

/** What stands at the end of a cache file: 8 hexadecimal digits over all before it. */
const SEAL = 8;

/** The bytes of a cache file; null for whatever reason they cannot be had whole. */
export function readCacheFile(file: string, limit: number): Uint8Array | null {
  try {
    const bytes = readWhole(file, limit);
    const body = bytes.subarray(0, Math.max(0, bytes.length - SEAL));
    const seal = String.fromCharCode(...bytes.subarray(body.length));
    return seal === sealOf(crc32(body)) ? body : null;
  } catch {
    return null;
  }
}

/**
 * Writes beside and renames, so that a reader sees the old file or the new one; one that a power cut left in part fails its seal. False
 * when it could not be done: a cache is not worth an error.
 */
export function writeCacheFile(file: string, pieces: readonly Uint8Array[]): boolean {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const body = Buffer.concat(pieces);
    const handle = fs.openSync(beside, 'w', 0o600);
    try {
      fs.writeFileSync(handle, body);
      fs.writeFileSync(handle, sealOf(crc32(body)));
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

const sealOf = (sum: number): string => sum.toString(16).padStart(SEAL, '0');

function discard(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // it was never made
  }
}
