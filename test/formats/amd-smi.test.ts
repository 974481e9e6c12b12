import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAmdSmi, readRocmSmi } from '../../src/formats/amd-smi';

const bytes = (text: string) => new TextEncoder().encode(text);
const none = new Uint8Array();
const rocm = (value: unknown, before = '') => readRocmSmi(bytes(`${before}${JSON.stringify(value)}\n`));
const amd = (value: unknown, metric: unknown = '') => readAmdSmi(bytes(JSON.stringify(value)), bytes(JSON.stringify(metric)));
const MIB = 1024 ** 2;

/** ROCm/ROC-smi, rocm_smi.py: `Card series: %s` out of pci.ids, and the memory's name as it was typed. */
const SCRIPT = {
  card0: {
    'Card series': 'Vega 10 XL/XT [Radeon RX Vega 56/64]',
    'Card model Sapphire': 'Radeon',
    'Card vendor': 'Advanced Micro Devices, Inc. [AMD/ATI]',
    'Card SKU': 'D05001',
    'vram Total Memory (B)': '8573157376',
    'vram Total Used Memory (B)': '10485760',
  },
};

/** ROCm/rocm_smi_lib 8f9f943, showProductName and showMemInfo. */
const LIBRARY = {
  card0: {
    'VRAM Total Memory (B)': '17163091968',
    'VRAM Total Used Memory (B)': '17453056',
    'VIS_VRAM Total Memory (B)': '268435456',
    'Card series': 'Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]',
    'Card model': '0x2406',
    'Card vendor': 'Advanced Micro Devices, Inc. [AMD/ATI]',
    'Card SKU': 'D4120E',
  },
  system: { 'Driver version': '5.13.20.22.10' },
};

/** marimo-team/marimo issue 9237 (a Radeon RX 7900 XT), with the chip of a processor from mudler/LocalAI pull request 7761. */
const NEWER = {
  card0: {
    'VRAM Total Memory (B)': '67108864',
    'VRAM Total Used Memory (B)': '26079232',
    'Card Series': 'Raphael',
    'Card Model': '0x164e',
    'Card Vendor': 'Advanced Micro Devices, Inc. [AMD/ATI]',
    'Card SKU': 'RAPHAEL',
    'Device Rev': '0xc6',
    'GFX Version': 'gfx1036',
  },
  card1: {
    'VRAM Total Memory (B)': '21458059264',
    'VRAM Total Used Memory (B)': '27856896',
    'Card Series': 'Radeon RX 7900 XT',
    'Card Model': '0x744c',
    'Card Vendor': 'Advanced Micro Devices, Inc. [AMD/ATI]',
    'Card SKU': 'D70401XT',
    'Node ID': '1',
    'GFX Version': 'gfx1100',
  },
  system: { 'Driver version': '6.7.0' },
};

describe('rocm-smi', () => {
  it('SY-11 the script, the library and the newer names tell the same', () => {
    expect(rocm(SCRIPT)).toEqual([
      {
        name: 'Radeon RX Vega 56/64',
        memoryTotal: 8573157376,
        memoryFree: 8573157376 - 10485760,
        driver: null,
        target: null,
        integrated: false,
      },
    ]);
    expect(rocm(LIBRARY)).toMatchObject([
      { name: 'Radeon RX 6800/6800 XT / 6900 XT', memoryTotal: 17163091968, driver: '5.13.20.22.10', integrated: false },
    ]);
    expect(rocm(NEWER)).toMatchObject([
      { name: 'Radeon RX 7900 XT', memoryTotal: 21458059264, memoryFree: 21430202368, target: 'gfx1100', driver: '6.7.0' },
      { name: 'Raphael', target: 'gfx1036', integrated: true },
    ]);
  });

  it('SY-11 a warning before the document, a data centre card, and one that hides its name', () => {
    const warning = 'WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status\n\n';
    expect(rocm(NEWER, warning)).toHaveLength(2);
    const mi250 = { 'Device Name': 'AMD INSTINCT MI250 (MCM) OAM AC MBA', 'GFX Version': 'gfx9010' };
    expect(rocm({ card0: mi250 })).toMatchObject([{ name: 'AMD INSTINCT MI250 (MCM) OAM AC MBA', target: 'gfx90a' }]);
    expect(rocm({ card0: { 'Card Series': 'N/A', 'Card Model': '0x73bf', 'GFX Version': 'gfx1030' } })).toMatchObject([
      { name: 'AMD Radeon (gfx1030)', memoryTotal: null, memoryFree: null },
    ]);
  });

  it('SY-11 the part that the processor reaches is no size, and what cannot be is not told', () => {
    const card = { 'Card Series': 'Radeon RX 6600', 'VIS_VRAM Total Memory (B)': '268435456' };
    expect(rocm({ card0: card })).toMatchObject([{ memoryTotal: null, integrated: false }]);
    const odd = { ...card, 'VRAM Total Memory (B)': '100', 'VRAM Total Used Memory (B)': '200' };
    expect(rocm({ card0: odd })).toMatchObject([{ memoryTotal: 100, memoryFree: null }]);
    for (const value of ['N/A', '-1', '1e12', '9'.repeat(40), ''])
      expect(rocm({ card0: { ...card, 'VRAM Total Memory (B)': value } })).toMatchObject([{ memoryTotal: null }]);
  });

  it('SY-11 nothing to tell', () => {
    for (const text of [
      '',
      'WARNING: No JSON data to report',
      'ERROR: No DRM devices available. Exiting',
      '[1]',
      '{"card0": {}}',
    ])
      expect(readRocmSmi(bytes(text))).toEqual([]);
  });
});

/** nathaninline/ajean issue 39: a Radeon RX 7800 XT on ROCm 7. */
const CARD = {
  gpu: 0,
  asic: { market_name: 'AMD Radeon RX 7800 XT', device_id: '0x747e', target_graphics_version: 'gfx1101' },
  board: { product_name: 'N/A', manufacturer_name: 'AMD' },
  driver: { name: 'amdgpu', version: 'Linuxversion6.17.7-ba22.fc43.x86_64' },
  vram: { type: 'GDDR6', vendor: 'HYNIX', size: { value: 16368, unit: 'MB' }, bit_width: 256 },
};
const USAGE = { total_vram: { value: 16368, unit: 'MB' }, free_vram: { value: 15000, unit: 'MB' } };

describe('amd-smi', () => {
  it('SY-11 a list, and the same list under gpu_data, tell the same; metric gives what is free', () => {
    const expected = [
      {
        name: 'AMD Radeon RX 7800 XT',
        memoryTotal: 16368 * MIB,
        memoryFree: 15000 * MIB,
        driver: '6.17.7-ba22.fc43.x86_64',
        target: 'gfx1101',
        integrated: false,
      },
    ];
    expect(amd([CARD], [{ gpu: 0, mem_usage: USAGE }])).toEqual(expected);
    expect(amd({ gpu_data: [CARD] }, { gpu_data: [{ gpu: 0, mem_usage: USAGE }] })).toEqual(expected);
    expect(amd(CARD)).toMatchObject([{ memoryTotal: 16368 * MIB, memoryFree: null }]);
  });

  it('SY-11 sizes of older versions: vram_size_mb, plain numbers, words with a unit, and bytes', () => {
    const size = (vram: unknown) => amd([{ ...CARD, vram }])[0]?.memoryTotal;
    expect(size({ vram_size_mb: 24560 })).toBe(24560 * MIB);
    expect(size({ vram_size_mb: '24560 MB' })).toBe(24560 * MIB);
    expect(size({ size: 24560 })).toBe(24560 * MIB);
    expect(size({ size: { value: 24, unit: 'GB' } })).toBe(24 * 1024 * MIB);
    expect(size({ size: { value: 25753026560, unit: 'B' } })).toBe(25753026560);
    for (const vram of ['N/A', { size: 'N/A' }, { size: { value: 'N/A' } }, { size: null }, [], { size: '5 TB' }])
      expect(size(vram)).toBeNull();
  });

  it('SY-11 the name that has a number; 512 MB set aside by a processor are no card', () => {
    const named = (market: string, product: string) =>
      amd([{ ...CARD, asic: { market_name: market }, board: { product_name: product } }])[0]?.name;
    expect(named('AMD Radeon Graphics', 'AMD Instinct MI350X OAM')).toBe('AMD Instinct MI350X OAM');
    expect(named('AMD Radeon Graphics', 'N/A')).toBe('AMD Radeon Graphics');
    expect(named('0x744c', 'AMD Radeon Pro W7700')).toBe('AMD Radeon Pro W7700');
    const strix = {
      gpu: 0,
      asic: { market_name: 'AMD Radeon 8060S Graphics', target_graphics_version: 'gfx1151' },
      vram: { size: { value: 512, unit: 'MB' } },
    };
    expect(amd([strix, { ...CARD, gpu: 1 }]).map(({ integrated, name }) => [integrated, name])).toEqual([
      [false, 'AMD Radeon RX 7800 XT'],
      [true, 'AMD Radeon 8060S Graphics'],
    ]);
  });
});

describe('any answer', () => {
  it('never throws, and tells only sizes that can be', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, 'N/A', '0', '17163091968'));
    const card = fc.dictionary(
      fc.constantFrom('Card Series', 'Card series', 'VRAM Total Memory (B)', 'VRAM Total Used Memory (B)', 'GFX Version', 'gpu'),
      value,
    );
    const root = fc.dictionary(fc.constantFrom('card0', 'card1', 'system', '__proto__'), fc.oneof(card, value));
    fc.assert(
      fc.property(fc.oneof(root, fc.jsonValue()), (json) => {
        for (const gpu of [...rocm(json), ...amd(json, json)]) {
          expect(gpu.name).not.toBe('');
          for (const size of [gpu.memoryTotal, gpu.memoryFree])
            expect(size === null || (size >= 0 && Number.isSafeInteger(size))).toBe(true);
          expect((gpu.memoryFree ?? 0) <= (gpu.memoryTotal ?? Number.POSITIVE_INFINITY)).toBe(true);
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect([...readRocmSmi(data), ...readAmdSmi(data, none)]).toEqual([]);
      }),
    );
  });

  it('each card that is told comes back with its size, whatever the order', () => {
    const told = fc.record({ id: fc.integer({ min: 0, max: 30 }), size: fc.integer({ min: 2 * 1024, max: 1 << 20 }) });
    fc.assert(
      fc.property(fc.uniqueArray(told, { selector: ({ id }) => id, maxLength: 20 }), (list) => {
        const rocmCards = Object.fromEntries(
          list.map(({ id, size }) => [
            `card${id}`,
            { 'Card Series': `Radeon ${id}`, 'VRAM Total Memory (B)': String(size * MIB) },
          ]),
        );
        const amdCards = list.map(({ id, size }) => ({
          gpu: id,
          asic: { market_name: `Radeon ${id}` },
          vram: { size: { value: size, unit: 'MB' } },
        }));
        const expected = new Map(list.map(({ id, size }) => [`Radeon ${id}`, size * MIB]));
        for (const found of [rocm(rocmCards), amd({ gpu_data: amdCards })])
          expect(new Map(found.map(({ name, memoryTotal }) => [name, memoryTotal]))).toEqual(expected);
      }),
    );
  });
});
