import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, readCacheFile, writeCacheFile } from '../../src/platform/cache-folder';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lora-cache-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the cache folder', () => {
  it('is the one of the system, and none without a home', () => {
    const home = path.resolve(root);
    expect(cacheFolder({ os: 'linux', env: {}, home })).toBe(path.join(home, '.cache', 'lora-doctor'));
    expect(cacheFolder({ os: 'macos', env: {}, home })).toBe(path.join(home, 'Library', 'Caches', 'lora-doctor'));
    expect(cacheFolder({ os: 'windows', env: { LOCALAPPDATA: home }, home: '' })).toBe(path.join(home, 'lora-doctor'));
    expect(cacheFolder({ os: 'linux', env: { XDG_CACHE_HOME: home }, home: '' })).toBe(path.join(home, 'lora-doctor'));
    expect(cacheFolder({ os: 'linux', env: { XDG_CACHE_HOME: 'relative' }, home: '' })).toBeNull();
  });

  const bytes = (text: string): Uint8Array[] => [new TextEncoder().encode(text)];
  const read = (file: string, limit: number): string | null => {
    const found = readCacheFile(file, limit);
    return found && new TextDecoder().decode(found);
  };

  it('keeps all pieces and nothing beside them', () => {
    const file = path.join(root, 'a', 'b.bin');
    expect(writeCacheFile(file, bytes('one'))).toBe(true);
    expect(writeCacheFile(file, [...bytes('two '), ...bytes('二')])).toBe(true);
    expect(read(file, 100)).toBe('two 二');
    expect(readdirSync(path.dirname(file))).toEqual(['b.bin']);
  });

  it('takes nothing from a file of which a single bit is not as it was written, nor from a part of one', () => {
    const file = path.join(root, 'b.bin');
    writeCacheFile(file, bytes('what was found out'));
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 4;
      writeFileSync(file, damaged);
      expect(read(file, 100)).toBeNull();
      writeFileSync(file, whole.subarray(0, at));
      expect(read(file, 100)).toBeNull();
    }
  });

  it('is no error when it cannot be written or read', () => {
    writeFileSync(path.join(root, 'file'), 'x');
    expect(writeCacheFile(path.join(root, 'file', 'b.bin'), bytes('one'))).toBe(false);
    expect(readFileSync(path.join(root, 'file'), 'utf8')).toBe('x');
    expect(readCacheFile(path.join(root, 'nothing'), 100)).toBeNull();
    expect(readCacheFile(path.join(root, 'file'), 0)).toBeNull();
    expect(readCacheFile(root, 100)).toBeNull();
  });
});
