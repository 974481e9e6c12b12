import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gpuCheck } from '../../src/checks/gpu/check';
import { installCheck } from '../../src/checks/install/check';
import { machineCheck } from '../../src/checks/machine/check';
import { nodePlatform } from '../../src/platform/node';
import type { ExecResult, Platform } from '../../src/platform/platform';
import { ReadError } from '../../src/platform/platform';
import { noteMessage } from '../../src/report/notes';
import { dividedCard, machineCards } from '../../src/vram/machine-cards';
import { A1111, plant, runChecks, tempFolder } from './plant';

let base: string;
beforeEach(() => {
  base = tempFolder();
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const GIB = 1024 ** 3;
const answer = (stdout: string | Uint8Array, code: number | null = 0, timedOut = false): ExecResult => ({
  code,
  stdout: typeof stdout === 'string' ? Buffer.from(stdout) : stdout,
  stderr: new Uint8Array(),
  timedOut,
});
type Programs = { readonly [name: string]: ExecResult };

function machine(programs: Programs, rest: Partial<Platform> = {}): Partial<Platform> {
  return {
    os: 'linux',
    exec: (name) => Promise.resolve(programs[name] ?? null),
    graphics: () => Promise.resolve(null),
    ...rest,
  };
}
const run = (platform: Partial<Platform>) => runChecks([installCheck, gpuCheck, machineCheck], [base], { platform });

describe('graphics cards', () => {
  test('SY-01 without nvidia-smi there is no such tool, not no card', async () => {
    const store = await run(
      machine({ lspci: answer('01:00.0 "VGA compatible controller" "NVIDIA Corporation" "TU106 [RTX 2060]"\n') }),
    );
    expect(store.value('machine', 'machine.nvidiaSmi')).toBe('missing');
    expect(store.value('machine', 'machine.gpuCount')).toBe(1);
    expect((await run(machine({}))).get('machine', 'machine.gpuCount')).toMatchObject({ state: 'unknown' });
  });

  test.each([
    ['cut off at the limit of its output', answer('x'.repeat(1024 * 1024), null), 'failed'],
    ['hanging', answer('', 0, true), 'timed-out'],
    ['HTML', answer('<html><body>502, 1, 2, 3, 4</body></html>'), 'failed'],
    ['a Latin-1 complaint', answer(Buffer.from([0x46, 0xfc, 0x72, 0xff]), 255), 'failed'],
  ])('SY-02, SY-05, SY-08 nvidia-smi %s: the report goes on', async (_name, result, state) => {
    const store = await run(machine({ 'nvidia-smi': result }));
    expect(store.value('machine', 'machine.nvidiaSmi')).toBe(state);
    expect(store.value('machine', 'machine.ramTotal')).toBeGreaterThan(0);
    expect(store.subjects('gpu')).toEqual([]);
  });

  test('SY-08 what cannot be read is kept as a note, its head only', async () => {
    const store = await run(machine({ 'nvidia-smi': answer(`Karte;1,5;${'z'.repeat(5000)}`) }));
    const note = store.notes().find((candidate) => candidate.check === 'gpu');
    expect(note).toMatchObject({ code: 'unreadable', detail: expect.stringMatching(/^Karte;1,5;z+$/) });
    expect(note?.detail?.length).toBeLessThanOrEqual(300);
  });

  test.each([0, 1, 8, 16])('SY-09 %i cards', async (count) => {
    const lines = Array.from({ length: count }, (_, i) => `NVIDIA X${i}, Rev, 8192, 8000, 550.1, 8.6\n`).join('');
    const store = await run(machine({ 'nvidia-smi': count === 0 ? answer('No devices were found\n', 6) : answer(lines) }));
    expect(store.subjects('gpu').length).toBe(count);
    if (count > 0) expect(store.value('machine', 'machine.gpuCount')).toBe(count);
    else expect(store.get('machine', 'machine.gpuCount').state).toBe('unknown');
  });

  test('SY-07 a card without memory numbers has an unknown memory, never none', async () => {
    const store = await run(machine({ 'nvidia-smi': answer('NVIDIA GeForce GTX 960, [N/A], [Not Supported], 535.1, 5.2\n') }));
    expect(store.value('gpu:0', 'gpu.generation')).toBe('gtx9');
    for (const fact of ['gpu.vramTotal', 'gpu.vramFree']) expect(store.get('gpu:0', fact)).toMatchObject({ state: 'unknown' });
  });

  const smi = (answers: { readonly cards: string; readonly modes?: string; readonly list?: string }): Partial<Platform> =>
    machine(
      {},
      {
        exec: (name, [first = '']) => {
          if (name !== 'nvidia-smi') return Promise.resolve(null);
          if (first === '-L') return Promise.resolve(answer(answers.list ?? ''));
          return Promise.resolve(answer(first.includes('mig.mode') ? (answers.modes ?? '') : answers.cards));
        },
      },
    );

  test.each([
    ['in a container, which hides the numbers', '[Insufficient Permissions], [Insufficient Permissions]'],
    ['on the host, where the numbers are those of the whole card', '81920, 80000'],
  ])('SY-10 MIG %s: the parts are listed, the card has no size, nothing is recommended', async (_name, memory) => {
    const store = await run(
      smi({
        cards: `NVIDIA A100-SXM4-80GB, ${memory}, 535.161.08, 8.0\nNVIDIA GeForce RTX 3050, 8192, 8000, 535.161.08, 8.6\n`,
        modes: '0, Enabled\n1, [N/A]\n',
        list: 'GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-a)\n  MIG 3g.40gb     Device  0: (UUID: MIG-b)\n  MIG 1g.10gb     Device  1: (UUID: MIG-c)\nGPU 1: NVIDIA GeForce RTX 3050 (UUID: GPU-d)\n',
      }),
    );
    expect(store.value('gpu:0', 'gpu.migParts')).toEqual(['3g.40gb', '1g.10gb']);
    for (const fact of ['gpu.vramTotal', 'gpu.vramFree'])
      expect(store.get('gpu:0', fact)).toMatchObject({ state: 'unknown', detail: expect.stringContaining('MIG') });
    expect(store.get('gpu:1', 'gpu.migParts')).toEqual({ state: 'na' });
    expect(machineCards(store).map(({ name }) => name)).toEqual(['NVIDIA GeForce RTX 3050']);
    expect(dividedCard(store)).toBe('NVIDIA A100-SXM4-80GB');
    const note = store.notes().find(({ code }) => code === 'gpu-divided');
    expect(note?.detail).toBe('NVIDIA A100-SXM4-80GB, 3g.40gb, 1g.10gb');
    for (const [lang, words] of [
      ['en', 'nothing is recommended'],
      ['zh-CN', '不针对整卡给出建议'],
    ] as const)
      expect(noteMessage(note ?? { check: '', code: '' }, lang)).toContain(words);
  });

  test('SY-10 a card that could be divided and is not keeps its size', async () => {
    const cards = 'NVIDIA A100-SXM4-80GB, 81920, 80000, 535.161.08, 8.0\n';
    const store = await run(smi({ cards, modes: '0, Disabled\n', list: 'GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-a)\n' }));
    expect([store.value('gpu:0', 'gpu.vramTotal'), store.get('gpu:0', 'gpu.migParts')]).toEqual([80 * GIB, { state: 'na' }]);
    expect([dividedCard(store), store.notes().filter(({ check }) => check === 'gpu')]).toEqual([null, []]);
  });

  const lspciAmd = answer(
    '03:00.0 "VGA compatible controller" "Advanced Micro Devices, Inc. [AMD/ATI]" "Navi 31 [Radeon RX 7900 XT/7900 XTX]"\n01:00.0 "VGA compatible controller" "NVIDIA Corporation" "TU106 [GeForce RTX 2060]"\n',
  );
  const rocmCards = {
    card0: { 'Card Series': 'Raphael', 'VRAM Total Memory (B)': '536870912', 'GFX Version': 'gfx1036' },
    card1: {
      'Card Series': 'Radeon RX 7900 XT',
      'VRAM Total Memory (B)': String(20 * GIB),
      'VRAM Total Used Memory (B)': String(GIB),
      'GFX Version': 'gfx1100',
    },
    system: { 'Driver version': '6.7.0' },
  };

  test('SY-11 rocm-smi gives the same card as nvidia-smi does; 512 MB of a processor are no size', async () => {
    const store = await run(machine({ 'rocm-smi': answer(JSON.stringify(rocmCards)), lspci: lspciAmd }));
    const facts = ['vendor', 'name', 'vramTotal', 'vramFree', 'driver', 'target', 'integrated', 'source'];
    expect(facts.map((fact) => store.value('gpu:0', `gpu.${fact}`))).toEqual([
      'amd',
      'Radeon RX 7900 XT',
      20 * GIB,
      19 * GIB,
      '6.7.0',
      'gfx1100',
      false,
      'rocm-smi',
    ]);
    for (const fact of ['computeCapability', 'generation', 'halfBroken', 'cudaMax', 'cudaMajor', 'migParts'])
      expect(store.get('gpu:0', `gpu.${fact}`)).toEqual({ state: 'na' });
    expect(store.value('gpu:1', 'gpu.integrated')).toBe(true);
    expect(store.get('gpu:1', 'gpu.vramTotal').state).toBe('unknown');
    // The other maker's card is listed still, and the AMD card not twice.
    expect(store.subjects('gpu').map(({ label }) => label)).toEqual(['Radeon RX 7900 XT', 'Raphael', 'NVIDIA GeForce RTX 2060']);
    expect(machineCards(store)).toEqual([{ name: 'Radeon RX 7900 XT', gib: 20, vendor: 'amd' }]);
  });

  test('SY-11 amd-smi comes before rocm-smi; neither is asked beside nvidia-smi, off Linux, or inside of what is examined', async () => {
    const asked: string[] = [];
    const amdSmi = answer(
      '[{"gpu": 0, "asic": {"market_name": "AMD Radeon RX 7800 XT"}, "vram": {"size": {"value": 16368, "unit": "MB"}}}]',
    );
    const exec: Platform['exec'] = (name, _args, { notInside }) => {
      asked.push(name);
      expect(notInside).toContain(base);
      return Promise.resolve(name === 'amd-smi' ? amdSmi : null);
    };
    const store = await run(machine({}, { exec }));
    expect([store.value('gpu:0', 'gpu.name'), store.value('gpu:0', 'gpu.source')]).toEqual(['AMD Radeon RX 7800 XT', 'amd-smi']);
    expect(asked).not.toContain('rocm-smi');
    asked.length = 0;
    await run(machine({}, { exec, os: 'windows' }));
    const nvidia = answer('NVIDIA GeForce RTX 3050, 8192, 8000, 535.1, 8.6\n');
    const both: Platform['exec'] = (name, args, options) =>
      name === 'nvidia-smi' ? Promise.resolve(nvidia) : exec(name, args, options);
    expect((await run(machine({}, { exec: both }))).value('gpu:0', 'gpu.vendor')).toBe('nvidia');
    expect(asked.filter((name) => /amd|rocm/.test(name))).toEqual([]);
  });

  test.each([
    ['hanging', answer('', null, true)],
    ['without a driver', answer('ERROR:root:Driver not initialized (amdgpu not found in modules)\n', 1)],
    ['endless', answer('{'.repeat(1024 * 1024), null)],
  ])('SY-11 rocm-smi %s: what the system lists is told', async (_name, result) => {
    const store = await run(machine({ 'rocm-smi': result, 'amd-smi': result, lspci: lspciAmd }));
    expect(store.subjects('gpu').map(({ label }) => label)).toEqual(['Radeon RX 7900 XT/7900 XTX', 'NVIDIA GeForce RTX 2060']);
    expect(store.value('gpu:0', 'gpu.source')).toBe('system');
  });

  test('SY-11 AMD without any tool of its own: the kernel tells the memory', async () => {
    const real = nodePlatform();
    const vram = '/sys/class/drm/card1/device/mem_info_vram_total';
    const readFile: Platform['readFile'] = (file, limit) => {
      if (!file.startsWith('/sys/')) return real.readFile(file, limit);
      if (file !== vram) throw new ReadError('missing', file);
      return Buffer.from(`${16 * GIB}\n`);
    };
    const lspci = answer(
      '03:00.0 "VGA compatible controller" "Advanced Micro Devices, Inc. [AMD/ATI]" "Navi 21 [Radeon RX 6800]"\n',
    );
    const store = await run(machine({ lspci }, { readFile }));
    const facts = ['vendor', 'name', 'vramTotal'].map((fact) => store.value('gpu:0', `gpu.${fact}`));
    expect(facts).toEqual(['amd', 'Radeon RX 6800', 16 * GIB]);
    expect(store.get('gpu:0', 'gpu.halfBroken')).toEqual({ state: 'na' });
  });

  test('SY-11 two cards of AMD: each has its own memory, and none where only one of them tells', async () => {
    const real = nodePlatform();
    const sizes = new Map([
      ['/sys/class/drm/card1/device/mem_info_vram_total', 16 * GIB],
      ['/sys/class/drm/card2/device/mem_info_vram_total', 8 * GIB],
    ]);
    const readFile: Platform['readFile'] = (file, limit) => {
      if (!file.startsWith('/sys/')) return real.readFile(file, limit);
      const size = sizes.get(file);
      if (size === undefined) throw new ReadError('missing', file);
      return Buffer.from(`${size}\n`);
    };
    const card = (at: string, name: string) =>
      `${at} "VGA compatible controller" "Advanced Micro Devices, Inc. [AMD/ATI]" "Navi [${name}]"\n`;
    const lspci = answer(card('03:00.0', 'Radeon RX 6800') + card('0a:00.0', 'Radeon RX 7600'));
    const memories = async () => {
      const store = await run(machine({ lspci }, { readFile }));
      return ['gpu:0', 'gpu:1'].map((id) => store.value(id, 'gpu.vramTotal'));
    };
    expect(await memories()).toEqual([16 * GIB, 8 * GIB]);
    sizes.delete('/sys/class/drm/card2/device/mem_info_vram_total');
    expect(await memories()).toEqual([undefined, undefined]);
  });

  test('SY-12 Apple, Intel and no card at all: what is about NVIDIA does not apply', async () => {
    const apple = await run(
      machine({ system_profiler: answer('{"SPDisplaysDataType":[{"sppci_model":"Apple M2 Max"}]}') }, { os: 'macos' }),
    );
    const intel = await run(
      machine({ lspci: answer('03:00.0 "VGA compatible controller" "Intel Corporation" "DG2 [Arc A770]"\n') }),
    );
    expect([apple.value('gpu:0', 'gpu.vendor'), intel.value('gpu:0', 'gpu.vendor')]).toEqual(['apple', 'intel']);
    for (const store of [apple, intel]) {
      for (const fact of ['computeCapability', 'generation', 'halfBroken', 'cudaMax', 'cudaMajor'])
        expect(store.get('gpu:0', `gpu.${fact}`)).toEqual({ state: 'na' });
    }
    const virtual = answer('00:01.0 "VGA compatible controller" "Red Hat, Inc." "QXL paravirtual graphic card"\n');
    expect((await run(machine({ lspci: virtual }))).subjects('gpu')).toEqual([]);
  });
});

describe('where it runs', () => {
  const real = nodePlatform();
  /** Linux on which these paths exist besides the real ones (but for the marks of containers). */
  const marked = (paths: readonly string[], env: Platform['env'] = {}): Partial<Platform> =>
    machine(
      {},
      {
        env,
        stat: (file) => {
          if (paths.includes(file)) return real.stat(base);
          return /^\/dev\/|^\/usr\/lib\/wsl|^\/(?:run\/)?\.(?:docker|container)env$/.test(file) ? null : real.stat(file);
        },
      },
    );

  test.each<[string, readonly string[], Platform['env'], readonly boolean[]]>([
    ['WSL2 by its driver libraries, without a device', ['/usr/lib/wsl/lib'], {}, [true, false, false]],
    ['WSL2 by its variable, with a device', ['/dev/dxg'], { WSL_DISTRO_NAME: 'Ubuntu' }, [true, false, true]],
    ['Docker without a card', ['/.dockerenv'], {}, [false, true, false]],
    ['Docker with a card', ['/.dockerenv', '/dev/nvidia0'], {}, [false, true, true]],
    ['Podman with a card of AMD', ['/run/.containerenv', '/dev/kfd'], {}, [false, true, true]],
    ['neither', [], {}, [false, false, false]],
  ])('SY-13 %s', async (_name, paths, env, expected) => {
    const store = await run(marked(paths, env));
    expect(['wsl', 'container', 'gpuDevice'].map((fact) => store.value('machine', `machine.${fact}`))).toEqual(expected);
    expect(store.get('machine', 'machine.gpuCount').state).toBe('unknown');
  });

  test('SY-13 outside of Linux no such device exists', async () => {
    const store = await run(machine({}, { os: 'windows' }));
    expect(store.get('machine', 'machine.gpuDevice')).toEqual({ state: 'na' });
  });
});

describe('Python environments', () => {
  const site = 'venv/lib/python3.10/site-packages';
  const value = (store: Awaited<ReturnType<typeof run>>, fact: string) => store.value(`install:${base}`, `install.${fact}`);

  test.runIf(process.platform !== 'win32')('SY-17 a trap in place of python is not run', async () => {
    const trap = `#!/bin/sh\ntouch "${base}/ran"\n`;
    plant(base, {
      ...A1111,
      'venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.10.11\n',
      ...Object.fromEntries(['python', 'python3', 'pip', 'activate'].map((name) => [`venv/bin/${name}`, trap])),
      [`${site}/torch-2.1.2+cu121.dist-info/METADATA`]: 'Name: torch\nVersion: 2.1.2+cu121\n',
    });
    for (const name of fs.readdirSync(path.join(base, 'venv/bin'))) fs.chmodSync(path.join(base, 'venv/bin', name), 0o755);
    const asked: string[] = [];
    const exec: Platform['exec'] = (name, args, options) => {
      asked.push(name);
      return nodePlatform().exec(name, args, options);
    };
    const store = await run({ exec, graphics: () => Promise.resolve(null) });
    expect([value(store, 'python'), value(store, 'torch')]).toEqual(['3.10.11', '2.1.2+cu121']);
    expect(fs.existsSync(path.join(base, 'ran'))).toBe(false);
    expect(asked.filter((name) => !['nvidia-smi', 'amd-smi', 'rocm-smi', 'lspci', 'system_profiler'].includes(name))).toEqual([]);
  });

  test.each([
    [
      'C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps\\PythonSoftwareFoundation.Python.3.10_qbz5n2kfra8p0',
      'windows-store',
    ],
    ['C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.11_3.11.1264.0_x64__qbz5n2kfra8p0', 'windows-store'],
    ['C:\\Users\\me\\miniconda3\\envs\\sd', 'conda'],
    ['C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python310', 'other'],
    ['/usr/bin', 'other'],
  ])('SY-13 the Python of %s is of %s', async (home, origin) => {
    plant(base, {
      ...A1111,
      'venv/pyvenv.cfg': `home = ${home}\nversion = 3.10.11\n`,
      [`${site}/torch/version.py`]: "__version__ = '2.1.2'\n",
    });
    const store = await run(machine({}));
    expect([value(store, 'pythonOrigin'), value(store, 'python')]).toEqual([origin, '3.10.11']);
    expect(store.get(`install:${base}`, 'install.pythonOrigin')).toMatchObject({
      source: { path: path.join(base, 'venv/pyvenv.cfg') },
    });
  });

  const packages = (store: Awaited<ReturnType<typeof run>>) =>
    (value(store, 'packages') as { name: string; version: string; source: string }[]).map((entry) =>
      Object.values(entry).join(' '),
    );

  test('SY-18 packages twice, without or with corrupt metadata, and linked ones: each with its source', async () => {
    plant(base, {
      ...A1111,
      'venv/pyvenv.cfg': 'version = 3.10.11\n',
      [`${site}/gradio-3.41.2.dist-info/METADATA`]: 'Name: gradio\nVersion: 3.41.2\n',
      [`${site}/gradio-4.40.0.dist-info/`]: '',
      [`${site}/xformers-0.0.23.dist-info/METADATA`]: new Uint8Array(3000).fill(0xff),
      [`${site}/lycoris_lora-1.9.0.dev6-py3.10.egg-info/PKG-INFO`]: '',
      [`${site}/__editable__.mine-0.1.pth`]: '/x\n',
      [`${site}/__editable__.peft-0.9.pth`]: '/src/peft\n',
      [`${site}/peft-0.9.dist-info/METADATA`]: 'Version: 0.9\n',
      [`${site}/diffusers-0.30.0.dist-info/METADATA`]: 'Version: 0.30.0\n',
      [`${site}/diffusers-0.30.0.dist-info/direct_url.json`]: '{"url": "file:///x/diffusers", "dir_info": {"editable": true}}',
      [`${site}/safetensors-0.4.2.dist-info/METADATA`]: 'Version: 0.4.2\n',
      [`${site}/safetensors-0.4.2.dist-info/direct_url.json`]: '{"url": "https://x/safetensors.whl", "archive_info": {}}',
      [`${site}/kornia.egg-link`]: '/src/kornia\n.\n',
      [`${site}/~orch/version.py`]: '',
      [`${site}/~orch-2.0.1.dist-info/METADATA`]: '',
      [`${site}/-.dist-info/`]: '',
      [`${site}/numpy.dist-info/METADATA`]: 'Version: 1\n',
      [`${site}/torch/version.py`]: '\u0000\u0000\u0000',
    });
    const store = await run(machine({}));
    expect(packages(store)).toEqual([
      'diffusers 0.30.0 editable',
      'gradio 3.41.2 wheel',
      'gradio 4.40.0 wheel',
      'kornia unknown editable',
      'lycoris-lora 1.9.0.dev6 egg',
      'peft 0.9 editable',
      'safetensors 0.4.2 wheel',
      'xformers 0.0.23 wheel',
    ]);
    expect(value(store, 'packageNames')).toContain('mine');
    expect(value(store, 'duplicatePackages')).toEqual(['gradio 3.41.2, 4.40.0']);
    expect(value(store, 'unclearPackages')).toEqual(['gradio']);
    expect(value(store, 'brokenPackages')).toEqual(['gradio', 'xformers']);
    expect(value(store, 'interruptedPackages')).toEqual(['~orch', '~orch-2.0.1.dist-info']);
    expect(store.get(`install:${base}`, 'install.packages')).toMatchObject({ source: { path: path.join(base, site) } });
    expect(store.get(`install:${base}`, 'install.torch').state).toBe('unknown');
  });

  test.each([
    ['torch', ['torch-2.0.1+cu118', 'torch-2.1.2+cu121'], 'listed as 2.0.1+cu118 and 2.1.2+cu121'],
    ['xformers', ['xformers-0.0.20', 'xformers-0.0.23'], 'listed as 0.0.20 and 0.0.23'],
  ])('SY-18 %s in two versions is of no known version', async (name, folders, detail) => {
    plant(base, {
      ...A1111,
      'venv/pyvenv.cfg': 'version = 3.10.11\n',
      [`${site}/torch/`]: '',
      ...Object.fromEntries(folders.map((folder) => [`${site}/${folder}.dist-info/METADATA`, 'Version: 1\n'])),
    });
    const store = await run(machine({}));
    expect(store.get(`install:${base}`, `install.${name}`)).toMatchObject({ state: 'unknown', detail });
    if (name === 'torch') expect(store.get(`install:${base}`, 'install.torchBuild').state).toBe('unknown');
    else expect(store.get(`install:${base}`, 'install.xformersProblem').state).toBe('unknown');
  });

  test('SY-18 what torch itself says decides between two listings', async () => {
    plant(base, {
      ...A1111,
      'venv/pyvenv.cfg': 'version = 3.10.11\n',
      [`${site}/torch/version.py`]: "__version__ = '2.1.2+cu121'\ncuda = '12.1'\n",
      [`${site}/torch-2.0.1.dist-info/`]: '',
      [`${site}/torch-2.1.2+cu121.dist-info/`]: '',
    });
    const store = await run(machine({}));
    expect([value(store, 'torch'), value(store, 'unclearPackages')]).toEqual(['2.1.2+cu121', ['torch']]);
  });

  test('SY-18 a package whose listing is lost is not called missing while its folder is there', async () => {
    plant(base, {
      ...A1111,
      'venv/pyvenv.cfg': 'version = 3.10.11\n',
      [`${site}/torch/version.py`]: "__version__ = '2.1.2'\n",
      [`${site}/gradio-3.41.2.dist-info/METADATA`]: 'Version: 3.41.2\n',
    });
    const missing = value(await run(machine({})), 'missingPackages');
    expect(missing).not.toContain('torch');
    expect(missing).toContain('safetensors');
  });

  test('SY-18 conda: its list is read, under the names of PyPI, and nothing is called missing by it', async () => {
    plant(base, {
      ...A1111,
      'venv/conda-meta/pytorch-2.1.2-py3.10_cuda12.1_cudnn8_0.json': '{}',
      'venv/conda-meta/python-3.10.13-h955ad1f_0.json': '{}',
      'venv/conda-meta/numpy-1.26.4-py310h5f9d8c6_0.json': '{}',
      'venv/conda-meta/history': '',
      [`${site}/torch/`]: '',
    });
    const store = await run(machine({}));
    expect(packages(store)).toEqual(['numpy 1.26.4 conda', 'torch 2.1.2 conda']);
    expect([value(store, 'torch'), value(store, 'python'), value(store, 'pythonOrigin')]).toEqual(['2.1.2', '3.10.13', 'conda']);
    expect(store.get(`install:${base}`, 'install.missingPackages').state).toBe('unknown');
    plant(base, {
      [`${site}/torch/version.py`]: "__version__ = '2.1.2'\ncuda = '12.1'\n",
      [`${site}/numpy-1.26.4.dist-info/`]: '',
    });
    const both = await run(machine({}));
    expect([value(both, 'torchCuda'), packages(both)]).toEqual(['12.1', ['numpy 1.26.4 wheel', 'torch 2.1.2 conda']]);
    expect(value(both, 'missingPackages')).not.toContain('torch');
  });
});
