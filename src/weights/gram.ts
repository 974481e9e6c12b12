import type { Matrix } from './tensor';

/** Off-diagonal values below this do not count beside a largest value of 1. */
const NEGLIGIBLE = 1e-18;

/** A square matrix in float64, row-major. */
export interface Square {
  readonly size: number;
  readonly values: Float64Array;
}

/** M·Mᵀ (rows × rows), accumulated in float64. Cost rows²·columns/2. */
export function gramOfRows(matrix: Matrix): Square {
  const { rows, columns, values } = matrix;
  const out = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const a = values.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j <= i; j++) {
      const sum = dot(a, values.subarray(j * columns, (j + 1) * columns));
      out[i * rows + j] = sum;
      out[j * rows + i] = sum;
    }
  }
  return { size: rows, values: out };
}

function dot(a: Float32Array, b: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const end = a.length - (a.length % 4);
  for (let i = 0; i < end; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (let i = end; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + s2 + s3;
}

export function transpose(matrix: Matrix): Matrix {
  const { rows, columns, values } = matrix;
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] ?? 0;
  return { rows: columns, columns: rows, values: out };
}

/** a·b for plain matrices of matching sizes. */
export function product(a: Matrix, b: Matrix): Matrix {
  const out = new Float32Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    const row = out.subarray(i * b.columns, (i + 1) * b.columns);
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[i * a.columns + k] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < b.columns; j++) row[j] = (row[j] ?? 0) + factor * (b.values[k * b.columns + j] ?? 0);
    }
  }
  return { rows: a.rows, columns: b.columns, values: out };
}

/** tr(a·b) of two symmetric matrices of one size. */
export function traceOfProduct(a: Square, b: Square): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) sum += (a.values[i] ?? 0) * (b.values[i] ?? 0);
  return sum;
}

export function frobenius(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** Squared singular values of B·A from BᵀB and AAᵀ: eigenvalues of Lᵀ·(AAᵀ)·L with BᵀB = L·Lᵀ (lora-files.md §5.3). */
export function squaredSingularValues(up: Square, down: Square): Float64Array {
  const n = up.size;
  const l = cholesky(up);
  const half = new Float64Array(n * n); // (AAᵀ)·L
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = down.values[i * n + k] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j <= k; j++) half[i * n + j] = (half[i * n + j] ?? 0) + factor * (l[k * n + j] ?? 0);
    }
  }
  const full = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const factor = l[k * n + i] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) full[i * n + j] = (full[i * n + j] ?? 0) + factor * (half[k * n + j] ?? 0);
    }
  }
  return symmetricEigenvalues({ size: n, values: full });
}

/** Lower factor of a positive semidefinite matrix; a vanishing pivot makes a zero column. */
function cholesky(matrix: Square): Float64Array {
  const n = matrix.size;
  const l = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, matrix.values[i * n + i] ?? 0);
  for (let j = 0; j < n; j++) {
    let pivot = matrix.values[j * n + j] ?? 0;
    for (let k = 0; k < j; k++) pivot -= (l[j * n + k] ?? 0) ** 2;
    if (pivot <= largest * 1e-13) continue;
    const root = Math.sqrt(pivot);
    l[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix.values[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      l[i * n + j] = sum / root;
    }
  }
  return l;
}

/** Householder reduction to a tridiagonal matrix, then implicit QL. Values only, unordered. */
function symmetricEigenvalues(matrix: Square): Float64Array {
  const largest = matrix.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return new Float64Array(matrix.size);
  // Scaled to 1, so that squares of subnormal weights neither vanish nor overflow on the way.
  const { diagonal, off } = tridiagonal({ size: matrix.size, values: matrix.values.map((value) => value / largest) });
  const n = diagonal.length;
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < 60; round++) {
      let m = l;
      while (
        m < n - 1 &&
        Math.abs(off[m] ?? 0) > NEGLIGIBLE + 1e-15 * (Math.abs(diagonal[m] ?? 0) + Math.abs(diagonal[m + 1] ?? 0))
      )
        m++;
      if (m === l) break;
      sweep(diagonal, off, l, m);
    }
  }
  return diagonal.map((value) => value * largest);
}

/** One implicit QL step with Wilkinson's shift on the block l…m. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const at = (values: Float64Array, i: number): number => values[i] ?? 0;
  const half = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
  let g = at(d, m) - at(d, l) + at(e, l) / (half + Math.sign(half || 1) * Math.hypot(half, 1));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * at(e, i);
    const b = c * at(e, i);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = at(d, i + 1) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = at(d, i + 1) - p;
    const t = (at(d, i) - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[l] = at(d, l) - p;
  e[l] = g;
  e[m] = 0;
}

function tridiagonal(matrix: Square): { diagonal: Float64Array; off: Float64Array } {
  const n = matrix.size;
  const a = Float64Array.from(matrix.values);
  const off = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += (a[i * n + k] ?? 0) ** 2;
    norm = Math.sqrt(norm);
    const first = a[(k + 1) * n + k] ?? 0;
    const alpha = first > 0 ? -norm : norm;
    off[k] = alpha;
    const scale = norm * norm - first * alpha;
    if (scale === 0) continue;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k] ?? 0;
    v[k + 1] = first - alpha;
    reflect(a, v, w, k + 1, n, scale);
  }
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2] ?? 0;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] ?? 0), off };
}

/** a ← H·a·H with H = 1 − v·vᵀ/scale, on the rows and columns from `from`. */
function reflect(a: Float64Array, v: Float64Array, w: Float64Array, from: number, n: number, scale: number): void {
  let vw = 0;
  for (let i = from; i < n; i++) {
    let sum = 0;
    for (let j = from; j < n; j++) sum += (a[i * n + j] ?? 0) * (v[j] ?? 0);
    w[i] = sum / scale;
    vw += (v[i] ?? 0) * sum;
  }
  const half = vw / (2 * scale * scale);
  for (let i = from; i < n; i++) w[i] = (w[i] ?? 0) - half * (v[i] ?? 0);
  for (let i = from; i < n; i++) {
    for (let j = from; j < n; j++) a[i * n + j] = (a[i * n + j] ?? 0) - (v[i] ?? 0) * (w[j] ?? 0) - (w[i] ?? 0) * (v[j] ?? 0);
  }
}
