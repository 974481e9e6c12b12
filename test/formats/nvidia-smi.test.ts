import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLspci, readSystemProfiler, readVideoControllers } from '../../src/formats/display-devices';
import { cudaOfDriver, generationOf, hasBrokenHalf, readDxDiag, readNvidiaSmi } from '../../src/formats/nvidia-smi';

const bytes = (text: string) => new TextEncoder().encode(text);
const none = new Uint8Array();
const read = (text: string, code: number | null = 0, fields = 5) => readNvidiaSmi(bytes(text), none, code, fields);
const MIB = 1024 * 1024;

describe('readNvidiaSmi', () => {
  it('SY-09 one, many, and a comma in the name', () => {
    const answer = read('NVIDIA A100-SXM4-40GB, 40960, 40000, 535.104.05, 8.0\r\nOdd, Card, 8192, 8000, 535.104.05, 8.6\n');
    expect(answer).toMatchObject({
      state: 'ok',
      gpus: [
        { name: 'NVIDIA A100-SXM4-40GB', memoryTotal: 40960 * MIB, driver: '535.104.05', computeCapability: '8.0' },
        { name: 'Odd, Card', memoryFree: 8000 * MIB },
      ],
    });
    expect(read('x\n'.repeat(3))).toMatchObject({ state: 'failed' });
  });

  it.each(['[N/A]', '[Not Supported]', '[Unknown Error]', '[Insufficient Permissions]', 'N/A'])(
    'SY-07 %s is no number',
    (cell) => {
      expect(read(`NVIDIA GB10, ${cell}, ${cell}, 580.1, ${cell}\n`)).toMatchObject({
        state: 'ok',
        gpus: [{ memoryTotal: null, memoryFree: null, computeCapability: null }],
      });
    },
  );

  it('SY-06 classifies failures', () => {
    expect(read("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9)).toMatchObject({
      state: 'failed',
      why: 'driver',
    });
    expect(read('Failed to initialize NVML: Driver/library version mismatch', 18)).toMatchObject({ why: 'driver' });
    expect(read('No devices were found', 6)).toMatchObject({ why: 'no-devices' });
    expect(read('Field "compute_cap" is not a valid field to query.', 2)).toMatchObject({ why: 'query' });
  });

  it('SY-08 UTF-16 and colours are read, garbage is not', () => {
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...[...'NVIDIA X1, 4096, 4000, 500.1, 7.5\n'].flatMap((c) => [c.charCodeAt(0), 0]),
    ]);
    expect(readNvidiaSmi(utf16, none, 0, 5)).toMatchObject({ state: 'ok' });
    expect(read('\u001b[32mNVIDIA X1, 4096, 4000, 500.1, 7.5\u001b[0m\n')).toMatchObject({
      state: 'ok',
      gpus: [{ computeCapability: '7.5' }],
    });
    expect(read('<html><body>a, b, c, d, e</body></html>')).toMatchObject({ state: 'failed', why: 'unreadable' });
    expect(read('NVIDIA X1, 4096,5, 4000, 500.1, 7.5')).toMatchObject({ state: 'failed' });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 4, max: 5 }), (data, fields) => {
        expect(['ok', 'failed']).toContain(readNvidiaSmi(data, none, 0, fields).state);
      }),
      { numRuns: 300 },
    );
  });
});

describe('generations and drivers', () => {
  it.each([
    ['NVIDIA GeForce GTX 1660 SUPER', '7.5', 'gtx16', true],
    ['NVIDIA GeForce GTX 1060 6GB', '6.1', 'gtx10', false],
    ['NVIDIA GeForce GTX 970', '5.2', 'gtx9', false],
    ['NVIDIA GeForce RTX 2060', '7.5', 'rtx20', false],
    ['NVIDIA GeForce RTX 3060 Laptop GPU', '8.6', 'rtx30', false],
    ['NVIDIA GeForce RTX 4090', '8.9', 'rtx40', false],
    ['NVIDIA GeForce RTX 5070', '12.0', 'rtx50', false],
    ['NVIDIA T1200 Laptop GPU', '7.5', 'gtx16', true],
    ['Tesla T4', '7.5', 'datacenter', false],
    ['NVIDIA H100 80GB HBM3', '9.0', 'datacenter', false],
    ['NVIDIA RTX A2000', '8.6', 'rtx30', false],
    ['NVIDIA Graphics Device', null, 'other', false],
  ] as const)('%s', (name, capability, generation, broken) => {
    expect(generationOf(name, capability)).toBe(generation);
    expect(hasBrokenHalf(name)).toBe(broken);
  });

  it('knows what CUDA a driver runs', () => {
    expect(cudaOfDriver('452.06', true)).toBe('11.0');
    expect(cudaOfDriver('535.104.05', false)).toBe('12.2');
    expect(cudaOfDriver('580.65', false)).toBe('13.0');
    expect(cudaOfDriver('300.1', false)).toBeNull();
  });
});

describe('other sources', () => {
  it('reads DxDiag', () => {
    const text =
      '   Card name: NVIDIA GeForce GTX 1060 6GB\n   Manufacturer: NVIDIA\n   Display Memory: 14299 MB\n   Dedicated Memory: 6144 MB\n   Card name: Radeon\n';
    expect(readDxDiag(text)).toEqual([
      { name: 'NVIDIA GeForce GTX 1060 6GB', manufacturer: 'NVIDIA', dedicatedMemory: 6144 * MIB },
      { name: 'Radeon', manufacturer: '', dedicatedMemory: null },
    ]);
  });

  it('reads what the systems list', () => {
    expect(readVideoControllers('{"Name":"AMD Radeon RX 6700 XT","AdapterRAM":4293918720,"DriverVersion":"31.0.1"}')).toEqual([
      { name: 'AMD Radeon RX 6700 XT', vendor: 'amd', memory: null, driver: '31.0.1' },
    ]);
    expect(readVideoControllers('no json')).toEqual([]);
    const pci =
      '01:00.0 "VGA compatible controller" "NVIDIA Corporation" "GP106 [GeForce GTX 1060 6GB]" -ra1\n00:1f.0 "ISA bridge" "Intel Corporation" "x"\n';
    expect(readLspci(pci)).toEqual([{ name: 'NVIDIA GeForce GTX 1060 6GB', vendor: 'nvidia', memory: null, driver: null }]);
    expect(readSystemProfiler('{"SPDisplaysDataType":[{"sppci_model":"Apple M2"}]}')).toMatchObject([
      { name: 'Apple M2', vendor: 'apple' },
    ]);
  });
});
