import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safeSearchPath } from '../../src/platform/exec';
import { nodePlatform } from '../../src/platform/node';
import { ROOT } from '../e2e/helpers';

const before = process.env.PATH ?? '';
let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'graphics-'));
});
afterEach(() => {
  process.env.PATH = before;
  fs.rmSync(root, { recursive: true, force: true });
});

describe('the search path of a program that starts others', () => {
  it('has absolute entries only, none inside of what is examined', () => {
    const inner = join(root, 'sd', 'bin');
    fs.mkdirSync(inner, { recursive: true });
    process.env.PATH = ['', '.', 'bin', inner, root, join(root, 'sd')].join(delimiter);
    expect(safeSearchPath([join(root, 'sd')])).toBe(root);
    expect(safeSearchPath([])).toBe([inner, root, join(root, 'sd')].join(delimiter));
  });
});

describe.runIf(process.platform !== 'win32')('graphics', () => {
  const signal = new AbortController().signal;
  const script = (name: string, text: string) => fs.writeFileSync(join(root, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const build = () => promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { cwd: ROOT });

  it.runIf(process.platform === 'linux')('reads what lspci tells, in a process of its own', async () => {
    await build();
    script(
      'lspci',
      `printf '01:00.0 VGA compatible controller: NVIDIA Corporation TU106 [GeForce RTX 2060] (rev a1) (prog-if 00 [VGA controller])\\n\\tSubsystem: Gigabyte\\n\\tMemory at c0000000 (64-bit, prefetchable) [size=256M]\\n'`,
    );
    process.env.PATH = `${root}${delimiter}${before}`;
    const devices = await nodePlatform().graphics({ timeoutMs: 20_000, signal });
    expect(devices).toMatchObject([{ name: expect.stringContaining('RTX 2060'), vendor: 'nvidia', memory: null }]);
    const hidden = await nodePlatform().graphics({ timeoutMs: 20_000, signal, notInside: [root] });
    expect(hidden?.some((device) => device.name.includes('RTX 2060'))).toBe(false);
  });

  it('ends at its limit, however long the programs that it asks take', async () => {
    await build();
    for (const name of ['lspci', 'nvidia-smi', 'system_profiler', 'dmidecode']) script(name, 'sleep 600');
    process.env.PATH = `${root}${delimiter}${before}`;
    expect(await nodePlatform().graphics({ timeoutMs: 300, signal })).toBeNull();
  });

  it('is not started after the end was asked for', async () => {
    expect(await nodePlatform().graphics({ timeoutMs: 300, signal: AbortSignal.abort() })).toBeNull();
  });
});
