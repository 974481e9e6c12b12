import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodePlatform } from '../../src/platform/node';

const posix = process.platform !== 'win32';
const platform = nodePlatform();
const signal = new AbortController().signal;
const before = process.env.PATH ?? '';
let root = '';

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'exec-'));
});
afterEach(() => {
  process.env.PATH = before;
  fs.rmSync(root, { recursive: true, force: true });
});

function script(path: string, text: string): void {
  fs.writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

describe.runIf(posix)('exec', () => {
  it('runs a program of PATH with its arguments untouched', async () => {
    script(join(root, 'tool'), 'echo "$1"; echo oops >&2; exit 3');
    process.env.PATH = `${root}${delimiter}${before}`;
    const result = await platform.exec('tool', ['$(id); *'], { timeoutMs: 5000, signal });
    expect([result?.code, text(result?.stdout), text(result?.stderr), result?.timedOut]).toEqual([
      3,
      '$(id); *\n',
      'oops\n',
      false,
    ]);
  });

  it('SY-14, SY-15 never finds one through an empty, a relative or a forbidden entry', async () => {
    script(join(root, 'tool'), 'echo taken');
    const found = async (path: string, notInside: readonly string[] = []): Promise<boolean> => {
      process.env.PATH = path;
      return (await platform.exec('tool', [], { timeoutMs: 5000, signal, notInside })) !== null;
    };
    expect(await found(['', '.', relative(process.cwd(), root), before].join(delimiter))).toBe(false);
    expect(await found(root)).toBe(true);
    expect(await found(root, [root])).toBe(false);
    fs.mkdirSync(join(root, 'bin'));
    fs.symlinkSync('../tool', join(root, 'bin', 'tool'));
    expect(await found(join(root, 'bin'), [join(root, 'tool')])).toBe(false);
    process.env.PATH = root;
    expect(await platform.exec('./tool', [], { timeoutMs: 5000, signal })).toBeNull();
    expect(await platform.exec(join(root, 'tool'), [], { timeoutMs: 5000, signal })).toBeNull();
  });

  it('SY-02 ends at the time limit, together with its children', async () => {
    script(join(root, 'slow'), 'echo begun; sleep 60 & echo $! > "$1"; wait');
    process.env.PATH = `${root}${delimiter}${before}`;
    const pidFile = join(root, 'pid');
    const result = await platform.exec('slow', [pidFile], { timeoutMs: 400, signal });
    expect([result?.code, result?.timedOut, text(result?.stdout)]).toEqual([null, true, 'begun\n']);
    const pid = Number(fs.readFileSync(pidFile, 'utf8'));
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it('SY-03 does not wait for a grandchild that keeps the pipe', async () => {
    script(join(root, 'leaves'), 'echo done; sleep 3 &');
    process.env.PATH = `${root}${delimiter}${before}`;
    const result = await platform.exec('leaves', [], { timeoutMs: 2500, signal });
    expect([result?.code, result?.timedOut, text(result?.stdout)]).toEqual([0, false, 'done\n']);
  });

  it('SY-05 cuts endless output and obeys the abort signal', async () => {
    script(join(root, 'endless'), 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done');
    process.env.PATH = `${root}${delimiter}${before}`;
    const cut = await platform.exec('endless', [], { timeoutMs: 5000, signal, maxBytes: 1000 });
    expect([cut?.code, cut?.timedOut, cut?.stdout.length]).toEqual([null, false, 1000]);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const stopped = await platform.exec('endless', [], { timeoutMs: 60_000, signal: abort.signal, maxBytes: 1e9 });
    expect([stopped?.code, stopped?.timedOut]).toEqual([null, false]);
    expect(await platform.exec('endless', [], { timeoutMs: 5000, signal: abort.signal })).toBeNull();
  });
});

/** False also for a zombie that nobody has reaped yet. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
