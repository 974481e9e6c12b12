import { describe, expect, it } from 'vitest';
import { type Delta, lohaDelta, lokrDelta, loraDelta, type Way, wholeDelta } from '../../src/weights/delta';
import { symmetricEigenvalues } from '../../src/weights/eigen';
import { largestSingularValue } from '../../src/weights/lanczos';
import { type Maths, plainMaths } from '../../src/weights/maths';
import { type Factor, product } from '../../src/weights/matrix';
import { kernels } from './kernels';

const BOTH: readonly (readonly [string, Maths])[] = [
  ['kernels', kernels()],
  ['plain loops', plainMaths()],
];

/** A factor in the maths' own memory. */
function factor(maths: Maths, rows: number, columns: number, value: (i: number) => number): Factor {
  const values = maths.floats(rows * columns);
  for (let i = 0; i < values.length; i++) values[i] = value(i);
  return { rows, columns, values, shape: [rows, columns] };
}

/** Numbers between −1 and 1 without order, the same each time. */
const noise = (seed: number) => (i: number) => {
  let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) | 0) / 2 ** 31;
};

function expectClose(is: number | null | undefined, should: number, share = 1e-5): void {
  expect(Math.abs((is ?? Number.NaN) - should)).toBeLessThanOrEqual(share * should);
}

describe.each(BOTH)('%s', (_, maths) => {
  const way: Way = { maths, spectra: true };

  it('gives the largest singular value of a large whole difference', () => {
    for (const [rows, columns] of [
      [190, 230],
      [400, 180],
    ] as const) {
      maths.reset();
      const matrix = factor(maths, rows, columns, noise(rows));
      const all = symmetricEigenvalues(plainMaths().gramOfRows(matrix));
      expectClose(largestSingularValue(maths, matrix), Math.sqrt(Math.max(...all)), 1e-4);
    }
  });

  it('LoHa: singular values at every rank, by Gram matrices and by ΔW itself', () => {
    for (const rank of [4, 8, 9, 16]) {
      maths.reset();
      const [w1a, w2a] = [1, 2].map((seed) => factor(maths, 60, rank, noise(seed))) as [Factor, Factor];
      const [w1b, w2b] = [3, 4].map((seed) => factor(maths, rank, 45, noise(seed))) as [Factor, Factor];
      const [one, two] = [product(w1a, w1b).values, product(w2a, w2b).values];
      const dense = { rows: 60, columns: 45, values: Float32Array.from(one, (value, i) => value * (two[i] ?? 0)) };
      const all = symmetricEigenvalues(plainMaths().gramOfRows(dense));
      const delta = lohaDelta(way, { w1a, w1b, w2a, w2b, t1: undefined, t2: undefined });
      expectClose(delta?.spectral, Math.sqrt(Math.max(...all)), 1e-4);
      expectClose(delta?.norm, Math.sqrt(all.reduce((sum, value) => sum + value, 0)), 1e-4);
      expect(delta?.effectiveRank).toBeGreaterThan(1);
    }
  });

  it('a whole difference of one direction, or of many alike', () => {
    maths.reset();
    const one = wholeDelta(
      way,
      factor(maths, 200, 300, (i) => 1 + (i % 300)),
    );
    expectClose(one.spectral, one.norm);
    const alike = wholeDelta(
      way,
      factor(maths, 170, 170, (i) => (i % 171 === 0 ? 3 : 0)),
    );
    expectClose(alike.spectral, 3);
    expectClose(alike.norm, 3 * Math.sqrt(170));
    const small = wholeDelta(
      way,
      factor(maths, 2, 2, (i) => [3, 0, 0, 4][i] ?? 0),
    );
    expect(small.spectral).toBeCloseTo(4, 6);
    expect(small.effectiveRank).toBeGreaterThan(1);
  });

  it('LoKr: all three sizes are products of the sides', () => {
    maths.reset();
    const none = { a: undefined, b: undefined, t: undefined };
    const first = factor(maths, 3, 4, noise(1));
    const [a, b] = [factor(maths, 5, 2, noise(2)), factor(maths, 2, 6, noise(3))];
    const sides = [wholeDelta(way, first), loraDelta(way, a, b, undefined)] as Delta[];
    const kron = lokrDelta(way, { ...none, whole: first }, { whole: undefined, a, b, t: undefined });
    expectClose(kron?.norm, (sides[0]?.norm ?? 0) * (sides[1]?.norm ?? 0));
    const product = factor(maths, 15, 24, (i) => {
      const [row, column] = [Math.floor(i / 24), i % 24];
      let right = 0;
      for (let k = 0; k < 2; k++) right += (a.values[(row % 5) * 2 + k] ?? 0) * (b.values[k * 6 + (column % 6)] ?? 0);
      return (first.values[Math.floor(row / 5) * 4 + Math.floor(column / 6)] ?? 0) * right;
    });
    const whole = wholeDelta(way, product);
    expectClose(kron?.norm, whole.norm);
    expectClose(kron?.spectral, whole.spectral ?? 0);
    expectClose(kron?.effectiveRank, whole.effectiveRank ?? 0, 1e-4);
  });

  it('what two large factors leave of each other is not rounding', () => {
    maths.reset();
    const up = factor(maths, 40, 2, (i) => (i % 2 === 0 ? 1 : -1));
    const down = factor(maths, 2, 40, (i) => 1 + (i >= 40 ? 1e-5 * (i - 39) : 0));
    let sum = 0;
    for (let i = 0; i < 40; i++) sum += 40 * ((down.values[i] ?? 0) - (down.values[40 + i] ?? 0)) ** 2;
    expectClose(loraDelta(way, up, down, undefined)?.norm, Math.sqrt(sum), 1e-4);
    const same = factor(maths, 2, 40, () => 1);
    expect(loraDelta(way, up, same, undefined)?.norm).toBe(0);
  });

  it('leaves singular values out where they are not wanted', () => {
    maths.reset();
    const only: Way = { maths, spectra: false };
    const [up, down] = [factor(maths, 8, 4, noise(5)), factor(maths, 4, 9, noise(6))];
    const [norm, all] = [loraDelta(only, up, down, undefined), loraDelta(way, up, down, undefined)];
    expect(norm).toEqual({ norm: all?.norm, spectral: null, effectiveRank: null });
    expect(wholeDelta(only, down)).toEqual({ norm: wholeDelta(way, down).norm, spectral: null, effectiveRank: null });
  });
});
