import { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nodePlatform } from '../../src/platform/node';
import { diskFree, memoryInfo } from '../../src/platform/system';
import { put, runCli, temporaryFolder } from '../e2e/helpers';

const platform = nodePlatform();
const signal = new AbortController().signal;
const original = process.env;
const path = original.PATH ?? '';
let root = '';

beforeEach(() => {
  process.env = { ...original };
  root = fs.mkdtempSync(join(os.tmpdir(), 'probes-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.env = original;
  fs.rmSync(root, { recursive: true, force: true });
});

const script = (name: string, text: string): void => fs.writeFileSync(join(root, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const ask = (timeoutMs = 5000, notInside: readonly string[] = []) =>
  platform.exec('nvidia-smi', [], { timeoutMs, signal, notInside });

describe.runIf(process.platform !== 'win32')('programs', () => {
  test('SY-04 one that cannot be killed is not waited for, and keeps nothing alive', async () => {
    script('nvidia-smi', 'echo $$ > "$(dirname "$0")/pid"; trap "" TERM; while :; do sleep 1; done');
    process.env.PATH = `${root}${delimiter}${path}`;
    const children = (): number => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
    const already = children();
    const kills = [
      vi.spyOn(process, 'kill').mockReturnValue(true),
      vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true),
    ];
    const running = ask(700);
    await vi.waitFor(() => expect(children() - already).toBe(1));
    const result = await running;
    for (const kill of kills) kill.mockRestore();
    const pid = Number(fs.readFileSync(join(root, 'pid'), 'utf8'));
    const alive = process.kill(pid, 0);
    process.kill(-pid, 'SIGKILL');
    expect([result?.timedOut, result?.code, alive, children() - already]).toEqual([true, null, true, 0]);
  });

  test('SY-14 one in the folder that is examined, or in the current folder, is never run', async () => {
    for (const name of ['nvidia-smi', 'nvidia-smi.exe', 'nvidia-smi.bat', 'nvidia-smi.cmd'])
      script(name, 'touch "$(dirname "$0")/ran"');
    for (const entry of [root, `${root}/../${root.split('/').at(-1)}`, `${root}//`]) {
      process.env.PATH = entry;
      expect(await ask(5000, [root])).toBeNull();
    }
    vi.spyOn(process, 'cwd').mockReturnValue(root);
    process.env.PATH = ['.', '', './'].join(delimiter);
    expect(await ask()).toBeNull();
    expect(fs.existsSync(join(root, 'ran'))).toBe(false);
  });

  test('SY-15 a PATH of 10,000 entries, odd ones among them', async () => {
    script('nvidia-smi', 'echo found');
    const odd = ['', '.', 'bin', '~', '\udcff', '/dev/null', '/nowhere/\u0001', `/${'x'.repeat(5000)}`, '"', '/proc/self/fd'];
    const many = Array.from({ length: 10_000 }, (_, i) => odd[i % odd.length] ?? '');
    // Cut to four characters: the kernel takes no variable above 128 KiB, so no PATH is longer.
    process.env.PATH = [...many.map((entry) => entry.slice(0, 4)), ...odd.slice(0, 7), root, path].join(delimiter);
    expect(text((await ask())?.stdout)).toBe('found\n');
    process.env.PATH = many.map((entry) => entry.slice(0, 4)).join(delimiter);
    expect(await ask()).toBeNull();
  });

  test('SY-16 a child gets a clean environment', async () => {
    script('nvidia-smi', '/usr/bin/env');
    const foreign = {
      LD_AUDIT: '/nowhere.so',
      NODE_OPTIONS: '--no-such-option',
      PYTHONSTARTUP: '/nowhere.py',
      PYTHONPATH: '/nowhere',
      BASH_ENV: '/nowhere',
      ENV: '/nowhere',
      DYLD_INSERT_LIBRARIES: '/nowhere',
      LD_PRELOAD: '/nowhere.so',
      LC_ALL: 'de_DE.UTF-8',
      HF_TOKEN: 'secret',
    };
    process.env = { ...process.env, ...foreign, HOME: '/home/mia', PATH: `${root}${delimiter}/usr/bin` };
    const result = await ask();
    const given = new Map(
      text(result?.stdout)
        .split('\n')
        .map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
    );
    expect(result?.code).toBe(0);
    expect(Object.keys(foreign).filter((name) => given.has(name))).toEqual(['LC_ALL']);
    expect([given.get('LC_ALL'), given.get('HOME'), given.get('PATH')]).toEqual([
      'C',
      '/home/mia',
      `${root}${delimiter}/usr/bin`,
    ]);
  });
});

describe('the user', () => {
  test('SY-19 a user that the system does not list, without HOME, has a home folder all the same', () => {
    vi.spyOn(os, 'homedir').mockImplementation(() => {
      throw new Error('ENOENT: no such file or directory, uv_os_homedir');
    });
    expect(nodePlatform().home).toBe('/');
  });

  test.each([
    ['an empty HOME', { HOME: '', USERPROFILE: '' }],
    ['a home folder that takes no file', { HOME: '/dev/null', USERPROFILE: '' }],
    ['the locale POSIX and an odd time zone', { LANG: 'POSIX', LC_ALL: 'C', TZ: ':/nowhere/"x' }],
  ])('SY-19 %s changes nothing in the answer', async (_name, env) => {
    const install = temporaryFolder();
    for (const name of ['launch.py', 'webui.py', 'modules/launch_utils.py', 'models/Lora/x', 'models/Stable-diffusion/x'])
      put(install, name, '');
    put(install, 'config.json', '{"disabled_extensions": ["Lora"]}');
    const args = ['check', install, '--json'];
    const [plain, odd] = [await runCli(args), await runCli(args, { env })];
    const findings = (json: string) => (JSON.parse(json) as { findings: readonly unknown[] }).findings;
    expect([odd.status, odd.stderr, findings(odd.stdout)]).toEqual([1, '', findings(plain.stdout)]);
    expect(findings(odd.stdout).length).toBeGreaterThan(0);
  });
});

describe('memory and disk', () => {
  const GIB = 1024 ** 3;
  /** Files below /proc and /sys as a system would have them; what is not named does not exist. */
  function files(contents: { readonly [path: string]: string }): void {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
    vi.spyOn(fs, 'readFileSync').mockImplementation((path) => {
      const found = contents[String(path)];
      if (found === undefined) throw new Error('ENOENT');
      return found;
    });
  }
  const meminfo = 'MemTotal: 9 kB\nMemAvailable:   1048576 kB\nSwapTotal:       2097152 kB\n';

  test('SY-20 the limit of a control group counts when it is lower', () => {
    files({
      '/proc/meminfo': meminfo,
      '/sys/fs/cgroup/memory.max': `${64 * 1024 * 1024}\n`,
      '/sys/fs/cgroup/memory.current': `${16 * 1024 * 1024}\n`,
    });
    expect(memoryInfo()).toEqual({ total: 64 * 1024 * 1024, free: 48 * 1024 * 1024, swapTotal: 2 * GIB });
  });

  test('SY-20 the older control groups too, and one that is used up', () => {
    files({
      '/proc/meminfo': meminfo,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${64 * 1024 * 1024}\n`,
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${65 * 1024 * 1024}\n`,
    });
    expect(memoryInfo()).toMatchObject({ total: 64 * 1024 * 1024, free: 0 });
  });

  test.each(['max\n', '9223372036854771712\n', ''])('SY-20 %j is no limit', (limit) => {
    files({ '/proc/meminfo': meminfo, '/sys/fs/cgroup/memory.max': limit });
    expect(memoryInfo()).toEqual({ total: os.totalmem(), free: GIB, swapTotal: 2 * GIB });
  });

  test('SY-20 a full disk, a disk of 64 TB, and none', () => {
    const disk = (bavail: number) =>
      vi.spyOn(fs, 'statfsSync').mockReturnValue({ bavail, bsize: 4096 } as ReturnType<typeof fs.statfsSync>);
    disk(0);
    expect(diskFree(root)).toBe(0);
    disk(2 ** 34);
    expect(diskFree(root)).toBe(64 * 1024 ** 4);
    vi.restoreAllMocks();
    expect(diskFree(join(root, 'none'))).toBeNull();
  });
});
