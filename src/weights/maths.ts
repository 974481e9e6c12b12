import type { TensorInfo } from '../formats/safetensors-header';
import { decodeValues, valueBytes } from './decode';
import { dot, type Matrix, type Square, transposed } from './matrix';

/** What the values of a tensor are, added up over its chunks. */
export interface Tally {
  nan: number;
  inf: number;
  /** Largest finite |value|, or what is left of it: anything above 0 when not all values are 0. */
  most: number;
}

/**
 * The arithmetic on weights: the WebAssembly kernels (`wasm.ts`), or TypeScript where there is no WebAssembly. Values that
 * `floats` gave are good until the next `reset`.
 */
export interface Maths {
  /** Where pieces of files are read to. */
  readonly window: Uint8Array;
  /** Multiplications of the kernels in the time of one in plain loops. */
  readonly speed: number;
  /** Forgets what `floats` gave. */
  reset(): void;
  floats(count: number): Float32Array;
  /** Counts the values in `bytes` (whole values of a format that `valueBytes` knows) and writes them to `to`. */
  decode(dtype: string, bytes: Uint8Array, to: Float32Array | null, tally: Tally): void;
  /**
   * M·Mᵀ of the rows (or the columns) of a matrix whose bytes lie at `at` in the window, good until the next one of that kind. Null where the
   * kernels cannot, or should not as its values are not all finite and `isSafe`.
   */
  gramOfBytes(tensor: TensorInfo, at: number, columns: boolean): Square | null;
  /** M·Mᵀ (rows × rows). Cost rows²·columns/2. */
  gramOfRows(matrix: Matrix): Square;
  transpose(matrix: Matrix): Matrix;
  sumOfSquares(values: Float32Array): number;
  /** z ← Mᵀ·M·x. */
  thereAndBack(matrix: Matrix, x: Float32Array, z: Float32Array): void;
}

/** Whether squares and their sums are far from the ends of float32, by the size of the largest value. */
export const isSafe = (most: number): boolean => most === 0 || (most >= 1e-12 && most <= 1e15);

export const WINDOW_BYTES = 256 * 1024;

/** The reference: plain loops that sum in float64. */
export function plainMaths(): Maths {
  return {
    window: new Uint8Array(WINDOW_BYTES),
    speed: 1,
    reset: () => undefined,
    floats: (count) => new Float32Array(count),
    decode: plainDecode,
    gramOfBytes: () => null,
    gramOfRows,
    transpose: transposed,
    sumOfSquares: (values) => dot(values, values),
    thereAndBack,
  };
}

/** The reference of `Maths.decode`; F64 is judged before it is shortened to float32. */
export function plainDecode(dtype: string, bytes: Uint8Array, to: Float32Array | null, tally: Tally): void {
  const count = bytes.length / valueBytes(dtype);
  const values = dtype === 'F64' ? new Float64Array(count) : (to ?? new Float32Array(count));
  decodeValues(dtype, bytes, values);
  let { most } = tally;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] as number);
    if (size < Infinity) {
      if (size > most) most = size;
    } else if (size === Infinity) tally.inf++;
    else tally.nan++;
  }
  tally.most = most;
  if (to !== null && to !== values) to.set(values);
}

/** M·Mᵀ, summed in float64. */
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
  return { size: rows, values: out, noise: 1e-13, floor: 0 };
}

/** The reference of `Maths.thereAndBack`. */
export function thereAndBack({ rows, columns, values }: Matrix, x: Float32Array, z: Float32Array): void {
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const line = values.subarray(i * columns, (i + 1) * columns);
    const factor = dot(line, x);
    for (let k = 0; k < columns; k++) sums[k] = (sums[k] as number) + factor * (line[k] as number);
  }
  z.set(sums);
}
