import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayBeDivided, readMig } from '../../src/formats/nvidia-mig';

/** NVIDIA MIG user guide, and an H200 NVL of a monitoring tool's test. */
const LIST = `GPU 0: NVIDIA H200 NVL (UUID: GPU-aaa)
  MIG 1g.18gb     Device  0: (UUID: MIG-0a)
  MIG 1c.3g.71gb  Device  1: (UUID: MIG-GPU-b8ea3855-276c/5/0)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-bbb)
GPU 5: NVIDIA GeForce RTX 3050 (UUID: GPU-ccc)
`;

describe('readMig', () => {
  it('SY-10 the parts stand under their card; a mode that is on counts without any part', () => {
    expect(readMig('0, Enabled\n1, Enabled\n5, [N/A]\n', LIST)).toEqual([
      { index: 0, profiles: ['1g.18gb', '1c.3g.71gb'] },
      { index: 1, profiles: [] },
    ]);
    expect(readMig('', LIST)).toEqual([{ index: 0, profiles: ['1g.18gb', '1c.3g.71gb'] }]);
    expect(readMig('0, Disabled\n1, [N/A]\n', LIST.replace(/^ .*\n/gm, ''))).toEqual([]);
    expect(readMig('Field "mig.mode.current" is not a valid field to query.', 'No devices found.')).toEqual([]);
  });

  it('SY-10 GeForce cards and older ones are not asked about', () => {
    const gpu = (name: string, computeCapability: string | null, memoryTotal: number | null = 1) => ({
      ...{ name, computeCapability, memoryTotal },
      ...{ memoryFree: null, driver: null },
    });
    expect(mayBeDivided(gpu('NVIDIA A100-SXM4-40GB', '8.0'))).toBe(true);
    expect(mayBeDivided(gpu('NVIDIA GB10', null, null))).toBe(true);
    expect(mayBeDivided(gpu('NVIDIA GeForce RTX 4090', '8.9'))).toBe(false);
    expect(mayBeDivided(gpu('Tesla T4', '7.5'))).toBe(false);
  });

  it('never throws, and a part without its card is nobody’s', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (modes, list) => {
        for (const { index, profiles } of readMig(modes, list))
          expect([index >= 0, Array.isArray(profiles)]).toEqual([true, true]);
      }),
    );
    expect(readMig('', '  MIG 1g.18gb     Device  0: (UUID: MIG-0a)\n')).toEqual([]);
  });
});
