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

  it('keeps the whole text and nothing beside it', () => {
    const file = path.join(root, 'a', 'b.json');
    expect(writeCacheFile(file, 'one')).toBe(true);
    expect(writeCacheFile(file, 'two 二')).toBe(true);
    expect(readCacheFile(file, 100)).toBe('two 二');
    expect(readdirSync(path.dirname(file))).toEqual(['b.json']);
  });

  it('is no error when it cannot be written or read', () => {
    writeFileSync(path.join(root, 'file'), 'x');
    expect(writeCacheFile(path.join(root, 'file', 'b.json'), 'one')).toBe(false);
    expect(readFileSync(path.join(root, 'file'), 'utf8')).toBe('x');
    expect(readCacheFile(path.join(root, 'nothing'), 100)).toBeNull();
    expect(readCacheFile(path.join(root, 'file'), 0)).toBeNull();
    expect(readCacheFile(root, 100)).toBeNull();
  });
});
