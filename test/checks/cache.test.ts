import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheCheck } from '../../src/checks/cache/check';
import { judge } from '../../src/checks/cache/judge';
import { installCheck } from '../../src/checks/install/check';
import { Store } from '../../src/facts/store';
import { A1111, plant, registry, runChecks, tempFolder } from './plant';

let base: string;
beforeEach(() => {
  base = tempFolder();
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

function lora(metadata: object): Uint8Array {
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata, a: { dtype: 'F16', shape: [1], data_offsets: [0, 2] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(2)]);
}

async function run(file: string, mtime: number): Promise<Store> {
  const target = path.join(base, file);
  fs.utimesSync(target, mtime, mtime);
  const store = new Store(registry());
  await runChecks([installCheck], [base], { store });
  store.add('lora', new Set(), {
    subjects: [{ kind: 'lora', id: `lora:${target}`, path: target, label: file, links: { install: `install:${base}` } }],
    facts: {},
    notes: [],
  });
  return runChecks([cacheCheck], [base], { store });
}

const stale = (store: Store, file: string) => store.value(`lora:${path.join(base, file)}`, 'lora.cacheStale');

describe('cache', () => {
  const name = 'models/Lora/name_6.safetensors';

  it('reads a diskcache with its write-ahead log and compares metadata', async () => {
    const fixtures = new URL('../fixtures/sqlite/', import.meta.url);
    const db = {
      'cache.db': fs.readFileSync(new URL('cache.db', fixtures)),
      'cache.db-wal': fs.readFileSync(new URL('cache.db-wal', fixtures)),
    };
    plant(base, { ...A1111, [name]: lora({ ss_output_name: 'alt' }) });
    plant(path.join(base, 'cache', 'safetensors-metadata'), db);
    const before = fs.readdirSync(path.join(base, 'cache', 'safetensors-metadata'));
    const store = await run(name, 4);
    expect(stale(store, name)).toBe(true);
    expect(store.value(`lora:${path.join(base, name)}`, 'lora.cacheReason')).toBe('metadata-differs');
    expect(store.value(`lora:${path.join(base, name)}`, 'lora.cacheMtime')).toBe(5);
    // A file that is newer than the entry is read again by the program itself.
    expect(stale(await run(name, 100), name)).toBe(false);
    expect(fs.readdirSync(path.join(base, 'cache', 'safetensors-metadata'))).toEqual(before);
  });

  it('reads the old cache.json', async () => {
    const entry = { mtime: 1000, sha256: 'a'.repeat(64) };
    plant(base, { ...A1111, [name]: lora({}), 'cache.json': JSON.stringify({ 'hashes-addnet': { 'lora/name_6': entry } }) });
    const store = await run(name, 500);
    expect(stale(store, name)).toBe(true);
    expect(store.value(`lora:${path.join(base, name)}`, 'lora.cacheSha256')).toBe(entry.sha256);
    expect(store.value(`lora:${path.join(base, name)}`, 'lora.cacheReason')).toBe('older-file');
    expect(stale(await run(name, 1000), name)).toBe(false);
  });

  it('notes a damaged database and goes on', async () => {
    plant(base, { ...A1111, [name]: lora({}), 'cache/hashes-addnet/cache.db': 'garbage', 'cache/safetensors-metadata/': '' });
    const store = await run(name, 500);
    expect(store.notes()).toMatchObject([
      { check: 'cache', code: 'damaged', path: path.join(base, 'cache/hashes-addnet/cache.db') },
    ]);
    expect(stale(store, name)).toBeUndefined();
  });
});

describe('judge', () => {
  const entry = (mtime: number, metadata: object | null = null) => ({
    mtime,
    sha256: null,
    metadata: metadata && new Map<string, unknown>(Object.entries(metadata)),
  });
  const file = new Map([
    ['ss_epoch', '3'],
    ['ss_tag_frequency', '{"a": 1}'],
  ]);

  it('trusts equal metadata that tell trainings apart, and ignores parsed values', () => {
    expect(judge(10, [entry(900, { ss_epoch: '3', ss_tag_frequency: new Map([['a', 1]]) })], file)).toEqual({
      stale: false,
      reason: null,
    });
    expect(judge(10, [entry(900, { ss_epoch: '4', ss_tag_frequency: new Map() })], file).stale).toBe(true);
    expect(judge(10, [entry(900, { ss_epoch: '3' })], file).reason).toBe('metadata-differs');
  });

  it('allows for coarse file times', () => {
    expect(judge(998, [entry(1000)], null).stale).toBe(false);
    expect(judge(990, [entry(1000)], null)).toEqual({ stale: true, reason: 'older-file' });
    expect(judge(1001, [entry(1000, { ss_epoch: '9' })], file).stale).toBe(false);
  });
});
