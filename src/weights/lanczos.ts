import { diagonalize } from './eigen';
import type { Maths } from './maths';
import type { Matrix } from './matrix';

/** Steps at most; a largest value that some others come close to takes the most. */
const STEPS = 64;
/** Relative change of the squared value over four steps at which it stands. */
const STANDS = 1e-6;

/** Multiplications per value of the matrix, roughly. */
export const LANCZOS_WORK = 2 * STEPS;

/** Largest singular value of a matrix that is there as a whole: Lanczos' method on MᵀM, each new direction made orthogonal to all. */
export function largestSingularValue(maths: Maths, matrix: Matrix): number {
  const n = matrix.columns;
  const basis: Float32Array[] = [start(n)];
  const diagonal: number[] = [];
  const off: number[] = [];
  const x = maths.floats(n);
  const z = maths.floats(n);
  let before = 0;
  for (let step = 0; step < Math.min(STEPS, n); step++) {
    const own = basis[step] as Float32Array;
    x.set(own);
    maths.thereAndBack(matrix, x, z);
    diagonal.push(inner(own, z));
    // Twice: once is not enough in float32.
    for (let round = 0; round < 2; round++) for (const other of basis) subtract(z, other, inner(other, z));
    const length = Math.sqrt(inner(z, z));
    const most = step % 4 === 3 ? largest(diagonal, off) : 0;
    if (length <= 1e-6 * (diagonal[0] as number) || (most > 0 && most - before <= STANDS * most)) break;
    before = most > 0 ? most : before;
    off.push(length);
    basis.push(z.map((value) => value / length));
  }
  return Math.sqrt(Math.max(largest(diagonal, off), 0));
}

/** A direction that no weights are orthogonal to but by accident; the same each time. */
function start(n: number): Float32Array {
  let state = 1;
  const values = new Float32Array(n).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  const length = Math.sqrt(inner(values, values));
  return values.map((value) => value / length);
}

function inner(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function subtract(from: Float32Array, direction: Float32Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - times * (direction[i] as number);
}

/** Largest eigenvalue of the tridiagonal matrix of Lanczos' numbers. */
function largest(diagonal: readonly number[], off: readonly number[]): number {
  const scale = Math.max(...diagonal, 0);
  if (scale === 0) return 0;
  const values = Float64Array.from(diagonal, (value) => value / scale);
  const beside = Float64Array.from(diagonal, (_, i) => (i < diagonal.length - 1 ? (off[i] ?? 0) / scale : 0));
  diagonalize(values, beside);
  return scale * Math.max(...values);
}
