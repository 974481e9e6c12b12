import { squaredSingularValues, symmetricEigenvalues, traceOfProduct } from './eigen';
import { largestSingularValue } from './lanczos';
import type { Maths } from './maths';
import { type Factor, type Matrix, product, type Square, transposed } from './matrix';

/** Size of ΔW before alpha. `spectral` and `effectiveRank` are null where they are not wanted or would cost too much. */
export interface Delta {
  readonly norm: number;
  readonly spectral: number | null;
  /** exp of the entropy of the squared singular values' shares. */
  readonly effectiveRank: number | null;
}

/** How ΔW is computed: with what, and whether singular values are wanted. */
export interface Way {
  readonly maths: Maths;
  readonly spectra: boolean;
}

/** Largest size of a matrix all of whose eigenvalues are computed: 20 ms; beyond, Lanczos' method gives the largest. */
const ALL_VALUES = 160;
/** ‖B·A‖² below this share of ‖BᵀB‖·‖AAᵀ‖ is what two large things leave of each other: float32 is not enough for it. */
const CANCELLED = 1e-3;

/** LoRA, convolutions included: ‖B·A‖ through Gram matrices. Null: the ranks of the pair disagree. */
export function loraDelta(way: Way, up: Matrix, down: Matrix, mid: Factor | undefined): Delta | null {
  const rank = mid?.shape[0] ?? down.rows;
  if (up.columns !== rank || (mid?.shape[1] ?? down.rows) !== down.rows) return null;
  const { maths } = way;
  const through = (gram: Square): Square => (mid === undefined ? gram : throughMid(mid, gram));
  return (
    pairDelta(way, maths.gramOfRows(maths.transpose(up)), through(maths.gramOfRows(down))) ??
    pairDelta(way, exactGram(way, transposed(up)), through(exactGram(way, down))) ??
    NOTHING
  );
}

const NOTHING: Delta = { norm: 0, spectral: 0, effectiveRank: 0 };

/** ΔW = B·A from BᵀB and AAᵀ. Null when their rounding may be all that is left. */
export function pairDelta({ spectra }: Way, up: Square, down: Square): Delta | null {
  const squared = traceOfProduct(up, down);
  const bound = Math.sqrt(traceOfProduct(up, up)) * Math.sqrt(traceOfProduct(down, down));
  if (bound === 0) return spectra ? NOTHING : { ...NOTHING, ...NO_SPECTRUM };
  if (up.noise > EXACT && !(squared > CANCELLED * bound)) return null;
  const norm = Math.sqrt(Math.max(squared, 0));
  return { norm, ...(spectra ? spectrum(squaredSingularValues(up, down)) : NO_SPECTRUM) };
}

const EXACT = 1e-9;
const NO_SPECTRUM = { spectral: null, effectiveRank: null };

/** Values outside of the kernels' memory are summed in float64. */
function exactGram({ maths }: Way, matrix: Matrix): Square {
  return maths.gramOfRows({ ...matrix, values: matrix.values.slice() });
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
  return { ...gram, size: rows, values: out };
}

function spectrum(squared: Float64Array): Pick<Delta, 'spectral' | 'effectiveRank'> {
  let total = 0;
  let most = 0;
  for (const value of squared) {
    total += Math.max(value, 0);
    most = Math.max(most, value);
  }
  let entropy = 0;
  for (const value of squared) if (value > 0) entropy -= (value / total) * Math.log(value / total);
  return { spectral: Math.sqrt(most), effectiveRank: total === 0 ? 0 : Math.exp(entropy) };
}

export interface LohaFactors {
  readonly w1a: Factor;
  readonly w1b: Factor;
  readonly w2a: Factor;
  readonly w2b: Factor;
  readonly t1: Factor | undefined;
  readonly t2: Factor | undefined;
}

/** Largest r1·r2 for which LoHa goes through Gram matrices: beyond it the direct product is cheaper, in plain loops and in the kernels. */
export const KHATRI_RAO_LIMIT = 64;

/** Values of a LoHa's ΔW that are kept for its singular values: 64 MiB. SDXL's largest layer has 13 million. */
const MAX_BUILT = 16 * 1024 * 1024;

/**
 * LoHa: (w1a·w1b)∘(w2a·w2b), Tucker with each side contracted with its `t` first. The Hadamard product of two matrices of rank
 * r is K_A·K_B with the row-wise (Khatri–Rao) products of their factors, of rank r²: for small ranks its Gram matrices cost
 * (out+in)·r⁴ where the product itself costs out·in·r, and they give the singular values too.
 */
export function lohaDelta(way: Way, factors: LohaFactors): Delta | null {
  const { w1a, w1b, w2a, w2b, t1, t2 } = factors;
  const one = t1 === undefined ? { a: w1a, b: w1b } : tuckerPair(t1, w1a, w1b);
  const two = t2 === undefined ? { a: w2a, b: w2b } : tuckerPair(t2, w2a, w2b);
  const fits =
    one.a.columns === one.b.rows && two.a.columns === two.b.rows && one.a.rows === two.a.rows && one.b.columns === two.b.columns;
  if (!fits) return null;
  if (one.b.rows * two.b.rows <= KHATRI_RAO_LIMIT) {
    const up = way.maths.gramOfRows(rowProducts(transposed(one.a), transposed(two.a)));
    return pairDelta(way, up, way.maths.gramOfRows(rowProducts(one.b, two.b))) ?? NOTHING;
  }
  const { columns } = one.b;
  const keep = way.spectra && one.a.rows * columns <= MAX_BUILT;
  const built = way.maths.floats(keep ? one.a.rows * columns : 0);
  let sum = 0;
  for (let i = 0; i < one.a.rows; i++) {
    const left = product(rowOf(one.a, i), one.b).values;
    const right = product(rowOf(two.a, i), two.b).values;
    for (let j = 0; j < left.length; j++) {
      const value = (left[j] as number) * (right[j] as number);
      sum += value * value;
      if (keep) built[i * columns + j] = value;
    }
  }
  const norm = Math.sqrt(sum);
  return keep ? { ...wholeDelta(way, { rows: one.a.rows, columns, values: built }), norm } : { norm, ...NO_SPECTRUM };
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
  return { a: transposed(a), b: { rows: first, columns: kernel * b.columns, values } };
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

/** LoKr: norm and spectral norm of kron(w1, w2) are the products of the sides'. Null: a side is missing or its ranks disagree. */
export function lokrDelta(way: Way, one: KronSide, two: KronSide): Delta | null {
  const first = sideDelta(way, one);
  const second = first === null ? null : sideDelta(way, two);
  if (first === null || second === null) return null;
  const times = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a * b);
  return {
    norm: first.norm * second.norm,
    spectral: times(first.spectral, second.spectral),
    effectiveRank: times(first.effectiveRank, second.effectiveRank),
  };
}

function sideDelta(way: Way, { whole, a, b, t }: KronSide): Delta | null {
  if (whole !== undefined) return wholeDelta(way, whole);
  if (a === undefined || b === undefined) return null;
  const pair = t === undefined ? { a, b } : tuckerPair(t, a, b);
  return loraDelta(way, pair.a, pair.b, undefined);
}

/** A whole difference, or a side of a LoKr that is stored whole. */
export function wholeDelta({ maths, spectra }: Way, diff: Matrix): Delta {
  const norm = Math.sqrt(maths.sumOfSquares(diff.values));
  if (!spectra || norm === 0) return { norm, ...(spectra ? { spectral: 0, effectiveRank: 0 } : NO_SPECTRUM) };
  if (Math.min(diff.rows, diff.columns) > ALL_VALUES)
    return { norm, spectral: largestSingularValue(maths, diff), effectiveRank: null };
  const gram = maths.gramOfRows(diff.rows <= diff.columns ? diff : maths.transpose(diff));
  return { norm, ...spectrum(symmetricEigenvalues(gram)) };
}
