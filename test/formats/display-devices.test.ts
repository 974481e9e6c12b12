import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readControllers, readLspci, readSystemProfiler, readVideoControllers } from '../../src/formats/display-devices';

const GIB = 1024 ** 3;

describe('what systeminformation lists', () => {
  const windows = JSON.stringify([
    {
      vendor: 'Advanced Micro Devices, Inc.',
      model: 'AMD Radeon RX 6800',
      vram: 16368,
      vramDynamic: false,
      driverVersion: '31.0.1',
    },
    { vendor: 'Intel Corporation', model: 'Intel(R) UHD Graphics 630', vram: 1024, vramDynamic: true, driverVersion: '' },
    { vendor: 'Microsoft', model: '', vram: null },
    null,
  ]);

  it('knows the memory of a card of its own', () => {
    expect(readControllers(windows, false)).toEqual([
      { name: 'AMD Radeon RX 6800', vendor: 'amd', memory: 16368 * 1024 ** 2, driver: '31.0.1' },
      { name: 'Intel(R) UHD Graphics 630', vendor: 'intel', memory: null, driver: null },
    ]);
  });

  it('takes no bus window for the memory on Linux', () => {
    const linux = JSON.stringify([{ vendor: 'NVIDIA Corporation', model: 'TU106 [GeForce RTX 2060]', vram: 256 }]);
    expect(readControllers(linux, true)).toEqual([
      { name: 'TU106 [GeForce RTX 2060]', vendor: 'nvidia', memory: null, driver: null },
    ]);
  });
});

describe('what the system lists', () => {
  it('Windows: one object or several; 4 GiB and more are not told', () => {
    const one = { Name: 'AMD Radeon R7', AdapterRAM: 2 * GIB, DriverVersion: '27.20' };
    expect(readVideoControllers(JSON.stringify(one))).toEqual([
      { name: 'AMD Radeon R7', vendor: 'amd', memory: 2 * GIB, driver: '27.20' },
    ]);
    const two = [one, { Name: 'NVIDIA GeForce RTX 3060', AdapterRAM: 4293918720, DriverVersion: '31.0' }];
    expect(readVideoControllers(JSON.stringify(two)).map((device) => device.memory)).toEqual([2 * GIB, null]);
  });

  it('macOS names the chip', () => {
    expect(readSystemProfiler(JSON.stringify({ SPDisplaysDataType: [{ sppci_model: 'Apple M2' }] }))).toMatchObject([
      { name: 'Apple M2', vendor: 'apple' },
    ]);
  });

  it('any text is no reason to fail', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const read of [readLspci, readSystemProfiler, readVideoControllers]) expect(Array.isArray(read(text))).toBe(true);
        expect(Array.isArray(readControllers(text, false))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
