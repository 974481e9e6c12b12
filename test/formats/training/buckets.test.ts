import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BucketPlan, Buckets, bucketSizes } from '../../../src/formats/training/buckets';

const plan = (side: number, more: Partial<BucketPlan> = {}): BucketPlan => ({
  width: side,
  height: side,
  bucket: true,
  noUpscale: false,
  step: 64,
  min: 256,
  max: 1024,
  ...more,
});

describe('buckets', () => {
  it.each([
    [512, 256, 1024, 17],
    [1024, 256, 1024, 25],
    [1024, 256, 2048, 41],
    [1024, 512, 2048, 33],
  ])('%i with limits %i and %i makes as many as the fact sheet says', (side, min, max, count) => {
    expect(bucketSizes(plan(side, { min, max }))).toHaveLength(count);
  });

  it('takes the nearest shape', () => {
    const buckets = new Buckets(plan(512));
    expect(buckets.of(1000, 1000)).toEqual([512, 512]);
    expect(buckets.of(800, 1200)).toEqual([384, 640]);
    expect(new Buckets(plan(512, { bucket: false })).of(800, 1200)).toEqual([512, 512]);
  });

  it('rounds the own size of a picture down without enlarging, to 0 when it is narrower than a step', () => {
    const buckets = new Buckets(plan(512, { noUpscale: true }));
    expect(buckets.of(300, 200)).toEqual([256, 192]);
    expect(buckets.of(60, 200)).toEqual([0, 192]);
    expect(new Buckets(plan(64, { noUpscale: true })).of(128, 64)).toContain(0);
  });

  it('never leaves area and step', () => {
    const side = fc.integer({ min: 64, max: 6000 });
    fc.assert(
      fc.property(side, side, fc.boolean(), (width, height, noUpscale) => {
        const [w, h] = new Buckets(plan(768, { noUpscale })).of(width, height);
        expect(w % 64).toBe(0);
        expect(h % 64).toBe(0);
        expect(w * h).toBeLessThanOrEqual(768 * 768 * (noUpscale ? 1.25 : 1));
      }),
    );
  });
});
