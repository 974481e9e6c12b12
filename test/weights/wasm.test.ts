import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueBytes } from '../../src/weights/decode';
import { type Maths, plainMaths, type Tally } from '../../src/weights/maths';
import type { Matrix } from '../../src/weights/matrix';
import { wasmMaths } from '../../src/weights/wasm';
import { kernels } from './kernels';

const FORMATS = ['F16', 'BF16', 'F32', 'F8_E4M3', 'F8_E5M2'];
const wasm = kernels();
const plain = plainMaths();

/** Decodes bytes that stand `shift` bytes into the window. */
function decoded(maths: Maths, dtype: string, bytes: Uint8Array, shift = 0): { values: Float32Array; tally: Tally } {
  maths.reset();
  const tally = { nan: 0, inf: 0, most: 0 };
  const values = maths.floats(bytes.length / valueBytes(dtype));
  maths.window.set(bytes, shift);
  maths.decode(dtype, maths.window.subarray(shift, shift + bytes.length), values, tally);
  return { values: values.slice(), tally };
}

function expectSame(dtype: string, bytes: Uint8Array, shift = 0): void {
  const is = decoded(wasm, dtype, bytes, shift);
  const should = decoded(plain, dtype, bytes);
  expect([is.tally.nan, is.tally.inf, is.tally.most > 0]).toEqual([
    should.tally.nan,
    should.tally.inf,
    should.tally.most > 0 || should.tally.nan + should.tally.inf > 0,
  ]);
  if (should.tally.nan + should.tally.inf === 0) expect(is.tally.most).toBeGreaterThanOrEqual(should.tally.most / 2);
  if (should.tally.nan + should.tally.inf === 0) expect(is.tally.most).toBeLessThanOrEqual(should.tally.most);
  const wrong = [...should.values].findIndex((value, i) => Number.isFinite(value) && !Object.is(value, is.values[i]));
  expect([wrong, is.values[wrong]]).toEqual([-1, undefined]);
}

function matrix(maths: Maths, rows: number, values: ArrayLike<number>): Matrix {
  const held = maths.floats(values.length);
  held.set(values);
  return { rows, columns: values.length / rows, values: held };
}

const LENGTH = { minLength: 0, maxLength: 130 };

describe('kernels decode as the reference does', () => {
  it.each(FORMATS)('%s: random bytes, subnormals, NaN and Inf among them, at any address', (dtype) => {
    const width = valueBytes(dtype);
    const random = fc.uint8Array(LENGTH).map((bytes) => bytes.subarray(0, bytes.length - (bytes.length % width)));
    fc.assert(
      fc.property(random, fc.nat(7), (bytes, shift) => expectSame(dtype, bytes, shift)),
      { numRuns: 300 },
    );
  });

  it.each(['F16', 'BF16'])('%s: every value there is, one by one', (dtype) => {
    for (let high = 0; high < 256; high++) {
      const bytes = Uint8Array.from({ length: 512 }, (_, i) => (i % 2 === 0 ? i / 2 : high));
      expectSame(dtype, bytes);
    }
  });

  it.each(['F8_E4M3', 'F8_E5M2'])('%s: every value there is', (dtype) => {
    expectSame(
      dtype,
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
  });

  it('counts without writing, and hands kinds that it does not know to the reference', () => {
    const tally = { nan: 0, inf: 0, most: 0 };
    wasm.window.set([0, 0x7c, 1, 0x7c, 0, 0x3c]);
    wasm.decode('F16', wasm.window.subarray(0, 6), null, tally);
    expect([tally.nan, tally.inf]).toEqual([1, 1]);
    const wide = new Uint8Array(Float64Array.of(1e300, Number.NaN, -2).buffer);
    expect(decoded(wasm, 'F64', wide).tally).toEqual({ nan: 1, inf: 0, most: 1e300 });
    expect([...decoded(wasm, 'F8_E5M2FNUZ', Uint8Array.of(0x40)).values]).toEqual([1]);
  });
});

describe('kernels multiply as the reference does', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 19 }));
  const matrices = sizes.chain(([rows, columns]) => {
    const values = fc.float({ min: -4, max: 4, noNaN: true });
    return fc.tuple(fc.constant(rows), fc.array(values, { minLength: rows * columns, maxLength: rows * columns }));
  });

  it('Gram matrices straight from bytes, of the rows and of the columns, where all is finite and of a safe size', () => {
    fc.assert(
      fc.property(matrices, fc.boolean(), fc.nat(7), ([rows, values], columns, shift) => {
        wasm.reset();
        const floats = Float32Array.from(values);
        wasm.window.set(new Uint8Array(floats.buffer), shift);
        const shape = [rows, values.length / rows];
        const tensor = { name: '', dtype: 'F32', shape, begin: 0, end: floats.byteLength };
        const is = wasm.gramOfBytes(tensor, shift, columns);
        const most = floats.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        if (most > 0 && most < 1e-11) return;
        const given = matrix(plain, rows, values);
        const should = plain.gramOfRows(columns ? plain.transpose(given) : given);
        expect(is?.size).toBe(should.size);
        for (const [i, value] of should.values.entries()) expect(is?.values[i]).toBeCloseTo(value, 3);
      }),
      { numRuns: 300 },
    );
    const bad = { name: '', dtype: 'F32', shape: [1, 2], begin: 0, end: 8 };
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e30, 1e-30]) {
      wasm.window.set(new Uint8Array(Float32Array.of(value, 0).buffer));
      expect(wasm.gramOfBytes(bad, 0, false)).toBeNull();
    }
    expect(wasm.gramOfBytes({ ...bad, dtype: 'F64', shape: [1] }, 0, false)).toBeNull();
    expect(wasm.gramOfBytes({ ...bad, shape: [0, 2], end: 0 }, 0, false)).toBeNull();
  });

  it('Gram matrices to 1e-6 of the lengths, transposes exactly, sums and products', () => {
    fc.assert(
      fc.property(matrices, ([rows, values]) => {
        wasm.reset();
        const [is, should] = [matrix(wasm, rows, values), matrix(plain, rows, values)];
        const [gram, reference] = [wasm.gramOfRows(is).values, plain.gramOfRows(should).values];
        const length = (i: number): number => Math.sqrt(reference[i * rows + i] ?? 0);
        for (let i = 0; i < rows * rows; i++) {
          const bound = 1e-6 * length(i % rows) * length(Math.floor(i / rows)) + 1e-30;
          expect(Math.abs((gram[i] ?? 0) - (reference[i] ?? 0))).toBeLessThanOrEqual(bound);
        }
        expect([...wasm.transpose(is).values]).toEqual([...plain.transpose(should).values]);
        expect(wasm.sumOfSquares(is.values)).toBeCloseTo(plain.sumOfSquares(should.values), 8);
        const x = wasm.floats(is.columns).fill(0.5);
        const z = wasm.floats(is.columns);
        wasm.thereAndBack(is, x, z);
        const expected = new Float32Array(is.columns);
        plain.thereAndBack(should, x.slice(), expected);
        for (const [i, value] of expected.entries()) expect(z[i]).toBeCloseTo(value, 2);
      }),
      { numRuns: 300 },
    );
  });

  it('stripes longer than one float32 sum', () => {
    wasm.reset();
    const values = Float32Array.from({ length: 5 * 3001 }, (_, i) => Math.sin(i * i));
    const is = wasm.gramOfRows(matrix(wasm, 5, values)).values;
    const should = plain.gramOfRows(matrix(plain, 5, values)).values;
    for (const [i, value] of should.entries()) expect(Math.abs((is[i] ?? 0) - value)).toBeLessThan(1e-3);
  });

  it('goes on outside of its memory when that is full', () => {
    wasm.reset();
    const beyond = [wasm.floats(2 ** 25), wasm.floats(2 ** 25)];
    expect(beyond.map(({ length }) => length)).toEqual([2 ** 25, 2 ** 25]);
    const next = wasm.floats(4);
    next.set([1, 2, 3, 4]);
    expect([...wasm.gramOfRows({ rows: 2, columns: 2, values: next }).values]).toEqual([5, 11, 11, 25]);
    expect([...wasm.transpose({ rows: 2, columns: 2, values: Float32Array.of(1, 2, 3, 4) }).values]).toEqual([1, 3, 2, 4]);
  });
});

it('is not there without a module, or with one that does not start', () => {
  expect(wasmMaths(null)).toBeNull();
  expect(wasmMaths(Uint8Array.of(0, 97, 115, 109, 9, 9, 9, 9))).toBeNull();
});
