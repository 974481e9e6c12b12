import type { Square } from './matrix';

/** Off-diagonal values below this do not count beside a largest value of 1. */
const NEGLIGIBLE = 1e-18;

/** tr(a·b) of two symmetric matrices of one size. */
export function traceOfProduct(a: Square, b: Square): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) sum += (a.values[i] as number) * (b.values[i] as number);
  return sum;
}

/** Squared singular values of B·A from BᵀB and AAᵀ: eigenvalues of Lᵀ·(AAᵀ)·L with BᵀB = L·Lᵀ (lora-files.md §5.3). */
export function squaredSingularValues(up: Square, down: Square): Float64Array {
  const n = up.size;
  const l = cholesky(up);
  const half = new Float64Array(n * n); // (AAᵀ)·L
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = down.values[i * n + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) half[i * n + j] = (half[i * n + j] as number) + factor * (l[k * n + j] as number);
    }
  }
  const full = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      const factor = l[k * n + i] as number;
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) full[i * n + j] = (full[i * n + j] as number) + factor * (half[k * n + j] as number);
    }
  }
  return symmetricEigenvalues({ ...up, values: full });
}

/**
 * L with L·Lᵀ = the matrix, its columns in the order of the largest pivot left: rows of very different size would otherwise
 * let the rounding of a tiny pivot grow into a whole entry. A pivot that vanishes in its rounding makes no column.
 */
function cholesky(matrix: Square): Float64Array {
  const n = matrix.size;
  const l = new Float64Array(n * n);
  const left = Float64Array.from({ length: n }, (_, i) => matrix.values[i * n + i] as number);
  const open = new Set(left.keys());
  for (let column = 0; open.size > 0; ) {
    let p = -1;
    for (const i of open) if (p < 0 || (left[i] as number) > (left[p] as number)) p = i;
    open.delete(p);
    const own = matrix.values[p * n + p] as number;
    const pivot = left[p] as number;
    if (pivot <= own * matrix.noise || own <= matrix.floor) continue;
    const root = Math.sqrt(pivot);
    l[p * n + column] = root;
    for (const i of open) {
      let sum = matrix.values[i * n + p] as number;
      for (let k = 0; k < column; k++) sum -= (l[i * n + k] as number) * (l[p * n + k] as number);
      l[i * n + column] = sum / root;
      left[i] = (left[i] as number) - (sum / root) ** 2;
    }
    column++;
  }
  return l;
}

/** Householder reduction to a tridiagonal matrix, then implicit QL. Values only, unordered. */
export function symmetricEigenvalues(matrix: Square): Float64Array {
  const largest = matrix.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return new Float64Array(matrix.size);
  // Scaled to 1, so that squares of subnormal weights neither vanish nor overflow on the way.
  const { diagonal, off } = tridiagonal({ ...matrix, values: matrix.values.map((value) => value / largest) });
  diagonalize(diagonal, off);
  return diagonal.map((value) => value * largest);
}

/** Implicit QL on a tridiagonal matrix of values around 1: `diagonal` becomes its eigenvalues, unordered; `off` is used up. */
export function diagonalize(diagonal: Float64Array, off: Float64Array): void {
  const n = diagonal.length;
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < 60; round++) {
      let m = l;
      while (
        m < n - 1 &&
        Math.abs(off[m] as number) > NEGLIGIBLE + 1e-15 * (Math.abs(diagonal[m] as number) + Math.abs(diagonal[m + 1] as number))
      )
        m++;
      if (m === l) break;
      sweep(diagonal, off, l, m);
    }
  }
}

/** One implicit QL step with Wilkinson's shift on the block l…m. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const at = (values: Float64Array, i: number): number => values[i] as number;
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
    for (let i = k + 1; i < n; i++) norm += (a[i * n + k] as number) ** 2;
    norm = Math.sqrt(norm);
    // Their squares would vanish: a reflection built on them is noise, or divides by zero.
    if (norm <= NEGLIGIBLE) continue;
    const first = a[(k + 1) * n + k] as number;
    const alpha = first > 0 ? -norm : norm;
    off[k] = alpha;
    const scale = norm * norm - first * alpha;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k] as number;
    v[k + 1] = first - alpha;
    reflect(a, v, w, k + 1, n, scale);
  }
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2] as number;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), off };
}

/** a ← H·a·H with H = 1 − v·vᵀ/scale, on the rows and columns from `from`. */
function reflect(a: Float64Array, v: Float64Array, w: Float64Array, from: number, n: number, scale: number): void {
  let vw = 0;
  for (let i = from; i < n; i++) {
    let sum = 0;
    for (let j = from; j < n; j++) sum += (a[i * n + j] as number) * (v[j] as number);
    w[i] = sum / scale;
    vw += (v[i] as number) * sum;
  }
  const half = vw / (2 * scale * scale);
  for (let i = from; i < n; i++) w[i] = (w[i] as number) - half * (v[i] as number);
  for (let i = from; i < n; i++) {
    for (let j = from; j < n; j++)
      a[i * n + j] = (a[i * n + j] as number) - (v[i] as number) * (w[j] as number) - (w[i] as number) * (v[j] as number);
  }
}
