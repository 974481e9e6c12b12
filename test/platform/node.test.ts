import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { show } from '../../src/formats/show';
import { nameFromBytes, systemPath } from '../../src/platform/names';
import { nodePlatform } from '../../src/platform/node';
import { ReadError } from '../../src/platform/platform';

const posix = process.platform !== 'win32';
const platform = nodePlatform();
let root = '';

beforeAll(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'platform-'));
});
afterAll(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

function folder(name: string): string {
  const path = join(root, name);
  fs.mkdirSync(path);
  return path;
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'no error';
  } catch (error) {
    return error instanceof ReadError ? error.code : String(error);
  }
}

const open = (path: string): string => codeOf(() => platform.withFile(path, (bytes) => bytes.read(0, 8)));

describe.runIf(posix)('special files are refused at once', () => {
  it('FS-01 four FIFOs', () => {
    const dir = folder('fifos');
    const names = ['a', 'b', 'c', 'd'].map((name) => join(dir, `${name}.safetensors`));
    for (const name of names) execFileSync('mkfifo', [name]);
    for (const name of names) {
      expect(open(name)).toBe('not-a-file');
      expect(codeOf(() => platform.readFile(name, 100))).toBe('not-a-file');
    }
    expect([...platform.walk(dir)].map((entry) => entry.info.kind)).toEqual(['other', 'other', 'other', 'other']);
  });

  it('FS-02 a socket and a folder', async () => {
    const dir = folder('socket');
    const server = net.createServer();
    await new Promise<void>((done) => server.listen(join(dir, 's.safetensors'), done));
    fs.mkdirSync(join(dir, 'd.safetensors'));
    expect(open(join(dir, 's.safetensors'))).toBe('not-a-file');
    expect(open(join(dir, 'd.safetensors'))).toBe('not-a-file');
    await new Promise((done) => server.close(done));
  });

  it('FS-03 links to devices', () => {
    const dir = folder('devices');
    for (const device of ['zero', 'random', 'null', 'tty']) {
      const link = join(dir, `${device}.pt`);
      fs.symlinkSync(`/dev/${device}`, link);
      expect(open(link)).toBe('not-a-file');
    }
  });
});

describe.runIf(posix)('walk', () => {
  it('FS-04, FS-05, FS-06, FS-07 links: no loop, each folder once, dangling ones reported', () => {
    const dir = folder('links');
    fs.mkdirSync(join(dir, 'sub'));
    fs.writeFileSync(join(dir, 'sub', 'x.pt'), 'x');
    fs.symlinkSync('.', join(dir, 'self1'));
    fs.symlinkSync('.', join(dir, 'self2'));
    fs.symlinkSync('..', join(dir, 'sub', 'parent'));
    fs.symlinkSync('loop', join(dir, 'loop'));
    fs.symlinkSync('nowhere', join(dir, 'dangling'));
    fs.symlinkSync(join(dir, 'sub', 'x.pt'), join(dir, 'file-link.pt'));
    const errors: string[] = [];
    const found = [
      ...platform.walk(dir, { onError: (error) => errors.push(`${error.path.slice(dir.length + 1)}:${error.code}`) }),
    ];
    expect(found.map((entry) => entry.relative)).toEqual(['file-link.pt', 'sub/x.pt']);
    expect(errors).toEqual(['dangling:missing', 'loop:io']);
  });

  it('reports budgets and leaves out what the filters refuse', () => {
    const dir = folder('budget');
    fs.mkdirSync(join(dir, 'a', 'b', 'c'), { recursive: true });
    fs.mkdirSync(join(dir, 'skip'));
    for (const name of ['a/1.pt', 'a/b/2.pt', 'a/b/c/3.pt', 'skip/4.pt', 'z.txt']) fs.writeFileSync(join(dir, name), '');
    const told: string[] = [];
    const onBudget = (what: string, path: string): number => told.push(`${what} ${path.slice(dir.length)}`);
    const relative = (options: Parameters<typeof platform.walk>[1]): string[] =>
      [...platform.walk(dir, { ...options, onBudget })].map((entry) => entry.relative);
    expect(relative({ file: (name) => name.endsWith('.pt'), enter: (_path, name) => name !== 'skip' })).toEqual([
      'a/1.pt',
      'a/b/2.pt',
      'a/b/c/3.pt',
    ]);
    expect(told).toEqual([]);
    expect(relative({ maxDepth: 1 })).toEqual(['a/1.pt', 'skip/4.pt', 'z.txt']);
    expect(relative({ maxEntries: 2 })).toEqual(['a/1.pt']);
    expect(told).toEqual(['depth /a/b', 'entries /a']);
  });

  it('a missing root is an error, not a crash; an aborted walk ends', () => {
    const codes: string[] = [];
    expect([...platform.walk(join(root, 'not here'), { onError: (error) => codes.push(error.code) })]).toEqual([]);
    expect(codes).toEqual(['missing']);
    expect([...platform.walk(root, { signal: AbortSignal.abort() })]).toEqual([]);
  });

  it('FS-20 a file that vanishes while walking is reported', () => {
    const dir = folder('vanish');
    for (const name of ['a', 'b', 'c']) fs.writeFileSync(join(dir, name), name);
    const missing: string[] = [];
    const walk = platform.walk(dir, { onError: (error) => missing.push(error.code) });
    expect(walk.next().value?.name).toBe('a');
    fs.rmSync(join(dir, 'b'));
    expect([...walk].map((entry) => entry.name)).toEqual(['c']);
    expect(missing).toEqual(['missing']);
  });
});

describe.runIf(process.platform === 'linux')('FS-15 names that are no UTF-8', () => {
  it('are walked, opened and shown', () => {
    const dir = folder('gbk');
    const gbk = Buffer.concat([Buffer.from(dir), Buffer.from('/'), Buffer.from([0xd6, 0xd0]), Buffer.from('文')]);
    fs.mkdirSync(gbk);
    fs.writeFileSync(Buffer.concat([gbk, Buffer.from('/'), Buffer.from([0xce, 0xc4, 0x2e, 0x70, 0x74])]), 'inside');
    const found = [...platform.walk(dir)];
    expect(found.map((entry) => show(entry.relative))).toEqual(['\\u{dcd6}\\u{dcd0}文/\\u{dcce}\\u{dcc4}.pt']);
    const path = found[0]?.path ?? '';
    expect(Buffer.from(platform.readFile(path, 10)).toString()).toBe('inside');
    expect(platform.stat(path)?.size).toBe(6);
    expect(platform.realPath(path)).toBe(path);
    expect(platform.list(join(dir, platform.list(dir)[0] ?? '')).length).toBe(1);
  });

  it('survive the way there and back, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        expect(Buffer.from(systemPath(nameFromBytes(Buffer.from(bytes)), false))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('files', () => {
  it('reads inside of the size only, and less where the file shrank', () => {
    const path = join(root, 'data');
    fs.writeFileSync(path, 'abcdefghij');
    const [middle, beyond, huge] = platform.withFile(path, (bytes, info) => {
      expect([bytes.size, info.size, info.kind]).toEqual([10, 10, 'file']);
      return [bytes.read(2, 3), bytes.read(20, 3), bytes.read(8, Number.MAX_SAFE_INTEGER)];
    });
    expect([middle, beyond, huge].map((part) => Buffer.from(part ?? []).toString())).toEqual(['cde', '', 'ij']);
    platform.withFile(path, (bytes) => {
      fs.truncateSync(path, 4);
      expect(Buffer.from(bytes.read(2, 6)).toString()).toBe('cd');
    });
  });

  it('keeps to the limit of readFile', () => {
    const path = join(root, 'limit');
    fs.writeFileSync(path, 'x'.repeat(100));
    expect(platform.readFile(path, 100).length).toBe(100);
    expect(codeOf(() => platform.readFile(path, 99))).toBe('too-large');
    expect(codeOf(() => platform.readFile(join(root, 'no'), 99))).toBe('missing');
    expect(platform.stat(join(root, 'no'))).toBeNull();
  });

  it.runIf(process.platform === 'linux')('reads files whose size is given as 0', () => {
    expect(Buffer.from(platform.readFile('/proc/self/status', 100_000)).toString()).toContain('Pid:');
  });
});
