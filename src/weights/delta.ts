import { frobenius, gramOfRows, product, type Square, squaredSingularValues, traceOfProduct, transpose } from './gram';
import type { Matrix } from './tensor';

/** Size of ΔW before alpha. `spectral` and `effectiveRank` are null where only the norm is computed. */
export interface Delta {
  readonly norm: number;
  readonly spectral: number | null;
  readonly effectiveRank: number | null;
}

/** A factor of a module by its role, with its shape: Tucker factors need all axes. */
export interface Factor extends Matrix {
  readonly shape: readonly number[];
}

/** LoRA, convolutions included: ‖B·A‖ through Gram matrices. Null: the ranks of the pair disagree. */
export function loraDelta(up: Matrix, down: Matrix, mid: Factor | undefined): Delta | null {
  const rank = mid?.shape[0] ?? down.rows;
  if (up.columns !== rank || (mid?.shape[1] ?? down.rows) !== down.rows) return null;
  const gramUp = gramOfRows(transpose(up));
  const gramDown = mid === undefined ? gramOfRows(down) : throughMid(mid, gramOfRows(down));
  const squared = squaredSingularValues(gramUp, gramDown);
  const norm = Math.sqrt(Math.max(traceOfProduct(gramUp, gramDown), 0));
  return { norm, ...spectrum(squared) };
}

/** Σ over the kernel of M·G·Mᵀ, M = mid[:, :, k]: what stands for AAᵀ in a Tucker convolution (lora-files.md §5.3). */
function throughMid(mid: Factor, gram: Square): Square {
  const [rows = 0, columns = 0] = mid.shape;
  const kernel = rows * columns === 0 ? 0 : mid.values.length / (rows * columns);
  const out = new Float64Array(rows * rows);
  for (let k = 0; k < kernel; k++) {
    const slice = (i: number, j: number): number => mid.values[(i * columns + j) * kernel + k] ?? 0;
    for (let i = 0; i < rows; i++) {
      for (let b = 0; b < columns; b++) {
        let sum = 0;
        for (let a = 0; a < columns; a++) sum += slice(i, a) * (gram.values[a * columns + b] ?? 0);
        for (let j = 0; j < rows; j++) out[i * rows + j] = (out[i * rows + j] ?? 0) + sum * slice(j, b);
      }
    }
  }
  return { size: rows, values: out };
}

function spectrum(squared: Float64Array): Pick<Delta, 'spectral' | 'effectiveRank'> {
  const positive = [...squared].filter((value) => value > 0);
  const total = positive.reduce((a, b) => a + b, 0);
  if (total === 0) return { spectral: 0, effectiveRank: 0 };
  let entropy = 0;
  for (const value of positive) entropy -= (value / total) * Math.log(value / total);
  return { spectral: Math.sqrt(Math.max(...positive)), effectiveRank: Math.exp(entropy) };
}

export interface LohaFactors {
  readonly w1a: Factor;
  readonly w1b: Factor;
  readonly w2a: Factor;
  readonly w2b: Factor;
  readonly t1: Factor | undefined;
  readonly t2: Factor | undefined;
}

/** Largest r1·r2 for which LoHa goes through Gram matrices: beyond it the direct product is cheaper. */
const KHATRI_RAO_LIMIT = 64;

/**
 * LoHa: (w1a·w1b)∘(w2a·w2b), Tucker with each side contracted with its `t` first. The Hadamard product of two matrices of rank
 * r is K_A·K_B with the row-wise (Khatri–Rao) products of their factors, of rank r²: for small ranks its Gram matrices cost
 * (out+in)·r⁴ where the product itself costs out·in·r, and they give the singular values too.
 */
export function lohaDelta(factors: LohaFactors): Delta | null {
  const { w1a, w1b, w2a, w2b, t1, t2 } = factors;
  const one = t1 === undefined ? { a: w1a, b: w1b } : tuckerPair(t1, w1a, w1b);
  const two = t2 === undefined ? { a: w2a, b: w2b } : tuckerPair(t2, w2a, w2b);
  const fits =
    one.a.columns === one.b.rows && two.a.columns === two.b.rows && one.a.rows === two.a.rows && one.b.columns === two.b.columns;
  if (!fits) return null;
  if (one.b.rows * two.b.rows <= KHATRI_RAO_LIMIT) {
    const up = gramOfRows(rowProducts(transpose(one.a), transpose(two.a)));
    const down = gramOfRows(rowProducts(one.b, two.b));
    return { norm: Math.sqrt(Math.max(traceOfProduct(up, down), 0)), ...spectrum(squaredSingularValues(up, down)) };
  }
  let sum = 0;
  for (let i = 0; i < one.a.rows; i++) {
    const left = product(rowOf(one.a, i), one.b).values;
    const right = product(rowOf(two.a, i), two.b).values;
    for (let j = 0; j < left.length; j++) {
      const value = (left[j] as number) * (right[j] as number);
      sum += value * value;
    }
  }
  return { norm: Math.sqrt(sum), spectral: null, effectiveRank: null };
}

/** All products of a row of `a` with a row of `b`, element by element: (rows a · rows b) × columns. */
function rowProducts(a: Matrix, b: Matrix): Matrix {
  const { columns } = a;
  const values = new Float32Array(a.rows * b.rows * columns);
  let at = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      for (let c = 0; c < columns; c++)
        values[at++] = (a.values[i * columns + c] as number) * (b.values[j * columns + c] as number);
    }
  }
  return { rows: a.rows * b.rows, columns, values };
}

/** Tucker: a is (r, out) and b is (r, in); gives (out × r) and (r × in·kernel). */
function tuckerPair(t: Factor, a: Matrix, b: Matrix): { a: Matrix; b: Matrix } {
  const [first = 0, second = 0] = t.shape;
  const kernel = first * second === 0 ? 0 : t.values.length / (first * second);
  const values = new Float32Array(first * kernel * b.columns);
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      for (let k = 0; k < kernel; k++) {
        const factor = t.values[(i * second + j) * kernel + k] ?? 0;
        const row = values.subarray((i * kernel + k) * b.columns, (i * kernel + k + 1) * b.columns);
        for (let c = 0; c < b.columns; c++) row[c] = (row[c] ?? 0) + factor * (b.values[j * b.columns + c] ?? 0);
      }
    }
  }
  return { a: transpose(a), b: { rows: first, columns: kernel * b.columns, values } };
}

function rowOf(matrix: Matrix, i: number): Matrix {
  return { rows: 1, columns: matrix.columns, values: matrix.values.subarray(i * matrix.columns, (i + 1) * matrix.columns) };
}

/** One side of a LoKr: whole, or a product of two, or two around a Tucker core. */
export interface KronSide {
  readonly whole: Factor | undefined;
  readonly a: Factor | undefined;
  readonly b: Factor | undefined;
  readonly t: Factor | undefined;
}

/** LoKr: ‖kron(w1, w2)‖ = ‖w1‖·‖w2‖. Null: a side is missing or its ranks disagree. */
export function lokrDelta(one: KronSide, two: KronSide): Delta | null {
  const first = sideNorm(one);
  const second = sideNorm(two);
  return first === null || second === null ? null : { norm: first * second, spectral: null, effectiveRank: null };
}

function sideNorm({ whole, a, b, t }: KronSide): number | null {
  if (whole !== undefined) return frobenius(whole.values);
  if (a === undefined || b === undefined) return null;
  const pair = t === undefined ? { a, b } : tuckerPair(t, a, b);
  if (pair.a.columns !== pair.b.rows) return null;
  return Math.sqrt(Math.max(traceOfProduct(gramOfRows(transpose(pair.a)), gramOfRows(pair.b)), 0));
}

/** A whole difference. */
export function wholeDelta(diff: Matrix): Delta {
  return { norm: frobenius(diff.values), spectral: null, effectiveRank: null };
}
