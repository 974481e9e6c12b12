import type { Square } from './matrix';

/** Off-diagonal values below this do not count beside a largest value of 1. */
const NEGLIGIBLE = 1e-18;

/** tr(a·b) of two symmetric matrices of one size. */
export function traceOfProduct(a: Square, b: Square): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) sum += (a.values[i] as number) * (b.values[i] as number);
  return sum;
}

/** Memory to work in, for one size: there are hundreds of small matrices in a file, and making arrays takes longer than using them. */
interface Room {
  readonly l: Float64Array;
  readonly half: Float64Array;
  readonly full: Float64Array;
  readonly left: Float64Array;
  readonly off: Float64Array;
  readonly v: Float64Array;
  readonly w: Float64Array;
  readonly open: Uint8Array;
}

/** Sizes beyond are seldom, and large: their memory is given back. */
const MAX_KEPT = 64;
const ROOMS: Room[] = [];

function roomFor(n: number): Room {
  const kept = ROOMS[n];
  if (kept) return kept;
  const square = (): Float64Array => new Float64Array(n * n);
  const line = (): Float64Array => new Float64Array(n);
  const [l, half, full, left] = [square(), square(), square(), line()];
  const room = { l, half, full, left, off: line(), v: line(), w: line(), open: new Uint8Array(n) };
  if (n <= MAX_KEPT) ROOMS[n] = room;
  return room;
}

/** Squared singular values of B·A from BᵀB and AAᵀ: eigenvalues of Lᵀ·(AAᵀ)·L with BᵀB = L·Lᵀ (lora-files.md §5.3). */
export function squaredSingularValues(up: Square, down: Square): Float64Array {
  const n = up.size;
  const room = roomFor(n);
  const { l, half, full } = room;
  const columns = cholesky(up, room);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (down.values[i * n + k] as number) * (l[k * n + j] as number);
      half[i * n + j] = sum;
    }
  }
  full.fill(0);
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (l[k * n + i] as number) * (half[k * n + j] as number);
      full[i * n + j] = sum;
      full[j * n + i] = sum;
    }
  }
  return eigenvalues(full, n, room);
}

/**
 * L with L·Lᵀ = the matrix, its columns in the order of the largest pivot left: rows of very different size would otherwise
 * let the rounding of a tiny pivot grow into a whole entry. A pivot that vanishes in its rounding makes no column. Returns how many there are.
 */
function cholesky(matrix: Square, { l, left, open }: Room): number {
  const { size: n, values } = matrix;
  l.fill(0);
  open.fill(1);
  for (let i = 0; i < n; i++) left[i] = values[i * n + i] as number;
  let column = 0;
  for (let step = 0; step < n; step++) {
    let p = -1;
    for (let i = 0; i < n; i++) if (open[i] === 1 && (p < 0 || (left[i] as number) > (left[p] as number))) p = i;
    open[p] = 0;
    const own = values[p * n + p] as number;
    const pivot = left[p] as number;
    if (pivot <= own * matrix.noise || own <= matrix.floor) continue;
    const root = Math.sqrt(pivot);
    l[p * n + column] = root;
    for (let i = 0; i < n; i++) {
      if (open[i] === 0) continue;
      let sum = values[i * n + p] as number;
      for (let k = 0; k < column; k++) sum -= (l[i * n + k] as number) * (l[p * n + k] as number);
      const entry = sum / root;
      l[i * n + column] = entry;
      left[i] = (left[i] as number) - entry * entry;
    }
    column++;
  }
  return column;
}

/** Householder reduction to a tridiagonal matrix, then implicit QL. Values only, unordered. */
export function symmetricEigenvalues({ size, values }: Square): Float64Array {
  const room = roomFor(size);
  room.full.set(values);
  return eigenvalues(room.full, size, room);
}

/** Uses `a` up. */
function eigenvalues(a: Float64Array, n: number, room: Room): Float64Array {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] as number));
  const diagonal = new Float64Array(n);
  if (largest === 0) return diagonal;
  // Scaled to 1, so that squares of subnormal weights neither vanish nor overflow on the way.
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) / largest;
  tridiagonal(a, n, room);
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i] as number;
  diagonalize(diagonal, room.off);
  for (let i = 0; i < n; i++) diagonal[i] = (diagonal[i] as number) * largest;
  return diagonal;
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

/** `Math.hypot` takes ten times as long; the values are around 1. */
const length = (a: number, b: number): number => Math.sqrt(a * a + b * b);

/** One implicit QL step with Wilkinson's shift on the block l…m. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const at = (values: Float64Array, i: number): number => values[i] as number;
  const half = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
  let g = at(d, m) - at(d, l) + at(e, l) / (half + Math.sign(half || 1) * length(half, 1));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * at(e, i);
    const b = c * at(e, i);
    const r = length(f, g);
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

/** In place; what stands beside the diagonal comes into `off`. */
function tridiagonal(a: Float64Array, n: number, { off, v, w }: Room): void {
  off.fill(0);
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
