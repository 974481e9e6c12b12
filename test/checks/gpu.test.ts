import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gpuCheck } from '../../src/checks/gpu/check';
import { installCheck } from '../../src/checks/install/check';
import { machineCheck } from '../../src/checks/machine/check';
import type { ExecResult, Platform } from '../../src/platform/platform';
import { A1111, plant, runChecks, tempFolder } from './plant';

let base: string;
beforeEach(() => {
  base = tempFolder();
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const answer = (stdout: string, code = 0, timedOut = false): ExecResult => ({
  code,
  stdout: bytes(stdout),
  stderr: new Uint8Array(),
  timedOut,
});
const MIB = 1024 * 1024;

/** A system on which the named programs answer so; every call is kept. */
function system(programs: { readonly [name: string]: (args: readonly string[]) => ExecResult }): {
  platform: Partial<Platform>;
  calls: { name: string; notInside: readonly string[] }[];
} {
  const calls: { name: string; notInside: readonly string[] }[] = [];
  const exec: Platform['exec'] = (name, args, options) => {
    calls.push({ name, notInside: options.notInside ?? [] });
    return Promise.resolve(programs[name]?.(args) ?? null);
  };
  return { platform: { exec, os: 'linux', graphics: () => Promise.resolve(null) }, calls };
}

const run = (platform: Partial<Platform>) => runChecks([installCheck, gpuCheck, machineCheck], [base], { platform });

describe('gpu', () => {
  it('SY-14 asks nvidia-smi, never inside of what is examined', async () => {
    plant(path.join(base, 'sd'), A1111);
    const { platform, calls } = system({ 'nvidia-smi': () => answer('NVIDIA GeForce GTX 1660 Ti, 6144, 5900, 535.104, 7.5\n') });
    const store = await run(platform);
    expect(calls).toEqual([{ name: 'nvidia-smi', notInside: [base, path.join(base, 'sd')] }]);
    expect(store.value('gpu:0', 'gpu.vramTotal')).toBe(6144 * MIB);
    expect(store.value('gpu:0', 'gpu.generation')).toBe('gtx16');
    expect(store.value('gpu:0', 'gpu.halfBroken')).toBe(true);
    expect(store.value('gpu:0', 'gpu.cudaMax')).toBe('12.2');
    expect(store.value('machine', 'machine.nvidiaSmi')).toBe('ok');
  });

  it('asks again without compute_cap when an old driver refuses it', async () => {
    const { platform } = system({
      'nvidia-smi': ([query]) =>
        query?.includes('compute_cap')
          ? answer('Field "compute_cap" is not a valid field to query.', 2)
          : answer('GeForce GTX 1060, 6144, 6000, 450.80.02\n'),
    });
    const store = await run(platform);
    expect(store.value('gpu:0', 'gpu.name')).toBe('GeForce GTX 1060');
    expect(store.get('gpu:0', 'gpu.computeCapability').state).toBe('unknown');
  });

  it.each([
    ['missing', null],
    ['missing', answer('nvidia-smi: command not found', 127)],
    ['failed', answer("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9)],
    ['timed-out', answer('', 0, true)],
  ])('SY-01, SY-02, SY-06 %s is not "no card"', async (state, result) => {
    const { platform } = system(result === null ? {} : { 'nvidia-smi': () => result });
    const store = await run(platform);
    expect(store.value('machine', 'machine.nvidiaSmi')).toBe(state);
    expect(store.get('machine', 'machine.gpuCount').state).toBe('unknown');
    expect(store.subjects('gpu')).toEqual([]);
  });

  it('falls back to what the system lists, then to a DxDiag report', async () => {
    const lspci = () => answer('01:00.0 "VGA compatible controller" "NVIDIA Corporation" "TU106 [GeForce RTX 2060]"\n');
    const listed = await run(system({ lspci }).platform);
    expect(listed.value('gpu:0', 'gpu.name')).toBe('NVIDIA GeForce RTX 2060');
    expect(listed.value('gpu:0', 'gpu.source')).toBe('system');
    expect(listed.get('gpu:0', 'gpu.vramTotal').state).toBe('unknown');
    plant(base, {
      'DxDiag.txt':
        '  Card name: AMD Radeon RX 6600\n  Manufacturer: Advanced Micro Devices, Inc.\n  Dedicated Memory: 8176 MB\n',
    });
    const reported = await run(system({}).platform);
    expect(reported.value('gpu:0', 'gpu.vendor')).toBe('amd');
    expect(reported.value('gpu:0', 'gpu.vramTotal')).toBe(8176 * MIB);
    expect(reported.get('gpu:0', 'gpu.cudaMax')).toEqual({ state: 'na' });
    expect(reported.get('gpu:0', 'gpu.name')).toMatchObject({ source: { path: path.join(base, 'DxDiag.txt') } });
  });
});

describe('what systeminformation lists', () => {
  const amd = { name: 'AMD Radeon RX 6800', vendor: 'amd', memory: 16 * 1024 * MIB, driver: '31.0' } as const;
  const nvidia = { name: 'NVIDIA GeForce RTX 2060', vendor: 'nvidia', memory: 6144 * MIB, driver: null } as const;
  const lspci = () => answer('01:00.0 "VGA compatible controller" "NVIDIA Corporation" "TU106 [GeForce RTX 2060]"\n');
  const powershell = () => answer('{"Name":"AMD Radeon RX 6800","AdapterRAM":4293918720,"DriverVersion":"31.0"}');

  /** Its answer, and whether it was asked at all. */
  async function listed(
    devices: Awaited<ReturnType<Platform['graphics']>>,
    programs: Parameters<typeof system>[0],
    os: Platform['os'],
  ) {
    let asked: readonly string[] | undefined;
    const graphics: Platform['graphics'] = ({ notInside }) => {
      asked = notInside ?? [];
      return Promise.resolve(devices);
    };
    const store = await run({ ...system(programs).platform, os, graphics });
    return { store, asked };
  }

  it('is asked when nothing else answers, and never looks inside of what is examined', async () => {
    const { store, asked } = await listed([nvidia], {}, 'linux');
    expect(asked).toEqual([base]);
    expect(store.value('gpu:0', 'gpu.name')).toBe('NVIDIA GeForce RTX 2060');
    expect(store.value('gpu:0', 'gpu.source')).toBe('system');
  });

  it('tells the memory that Windows itself does not', async () => {
    const { store } = await listed([amd], { powershell }, 'windows');
    expect(store.value('gpu:0', 'gpu.vramTotal')).toBe(16 * 1024 * MIB);
  });

  it('does not replace what the system lists with less', async () => {
    const { store } = await listed([], { powershell }, 'windows');
    expect(store.value('gpu:0', 'gpu.name')).toBe('AMD Radeon RX 6800');
    expect(store.get('gpu:0', 'gpu.vramTotal').state).toBe('unknown');
  });

  it('is not asked when nvidia-smi or lspci have answered', async () => {
    const smi = () => answer('NVIDIA GeForce GTX 1660 Ti, 6144, 5900, 535.104, 7.5\n');
    expect((await listed([amd], { 'nvidia-smi': smi }, 'linux')).asked).toBeUndefined();
    expect((await listed([amd], { lspci }, 'linux')).asked).toBeUndefined();
  });

  it('leaves out adapters that are no cards, and goes on when it cannot tell', async () => {
    const virtual = { name: 'QXL paravirtual graphic card', vendor: 'other', memory: null, driver: null } as const;
    for (const answered of [[virtual], [], null]) expect((await listed(answered, {}, 'linux')).store.subjects('gpu')).toEqual([]);
  });
});

describe('machine', () => {
  it('measures memory and the disk of each install', async () => {
    plant(path.join(base, 'sd'), A1111);
    const store = await run({
      ...system({}).platform,
      memory: () => ({ total: 16, free: 4, swapTotal: null }),
      diskFree: (where) => (where.endsWith('sd') ? 77 : null),
    });
    expect([store.value('machine', 'machine.ramTotal'), store.value('machine', 'machine.ramFree')]).toEqual([16, 4]);
    expect(store.get('machine', 'machine.swapTotal').state).toBe('unknown');
    expect(store.value(`install:${path.join(base, 'sd')}`, 'install.diskFree')).toBe(77);
  });

  it('is measured for real', async () => {
    plant(path.join(base, 'sd'), A1111);
    const store = await run(system({}).platform);
    const [total, free] = [
      store.value<number>('machine', 'machine.ramTotal') ?? 0,
      store.value<number>('machine', 'machine.ramFree') ?? 0,
    ];
    expect(total).toBeGreaterThan(64 * MIB);
    expect(free).toBeLessThanOrEqual(total);
    expect(store.value(`install:${path.join(base, 'sd')}`, 'install.diskFree')).toBeGreaterThan(0);
  });
});
