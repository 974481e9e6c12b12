import type { ByteSource } from '../formats/bytes';
import type { TensorInfo } from '../formats/safetensors-header';
import { decodeValues, valueBytes } from './decode';

/** Values decoded at a time. */
const CHUNK = 256 * 1024;
/** Matrices up to this many values are held for norms; a factor of a LoRA has at most a few million. */
const MAX_HELD = 16 * 1024 * 1024;

/** A matrix, row-major. Axes after the second are taken as part of the columns. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** What the values of one tensor are. */
export interface TensorLook {
  readonly values: number;
  readonly nan: number;
  readonly inf: number;
  /** Every value is 0 (and there is at least one). */
  readonly zero: boolean;
}

/** Counts in chunks, and hands the values on when they are wanted and not too many. Null: no floating-point kind, or the file ended. */
export function lookAtTensor(
  source: ByteSource,
  dataStart: number,
  tensor: TensorInfo,
  hold: boolean,
): { readonly look: TensorLook; readonly matrix: Matrix | null } | null {
  const width = valueBytes(tensor.dtype);
  if (width === 0) return null;
  const count = (tensor.end - tensor.begin) / width;
  const held = hold && count <= MAX_HELD ? new Float32Array(count) : null;
  const buffer = tensor.dtype === 'F64' ? new Float64Array(Math.min(count, CHUNK)) : new Float32Array(Math.min(count, CHUNK));
  const sum = { nan: 0, inf: 0, zero: true };
  for (let done = 0; done < count; done += CHUNK) {
    const size = Math.min(CHUNK, count - done);
    const bytes = source.read(dataStart + tensor.begin + done * width, size * width);
    if (bytes.length < size * width) return null;
    const values = buffer.subarray(0, size);
    decodeValues(tensor.dtype, bytes, values);
    tally(values, sum);
    held?.set(values, done);
  }
  const look = { values: count, nan: sum.nan, inf: sum.inf, zero: sum.zero && count > 0 };
  return { look, matrix: held === null ? null : shaped(tensor.shape, held) };
}

function tally(values: Float32Array | Float64Array, sum: { nan: number; inf: number; zero: boolean }): void {
  let any = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value === 0) continue;
    any = true;
    if (value - value === 0) continue; // Finite.
    if (Number.isNaN(value)) sum.nan++;
    else sum.inf++;
  }
  if (any) sum.zero = false;
}

function shaped(shape: readonly number[], values: Float32Array): Matrix {
  const rows = shape[0] ?? 1;
  return { rows, columns: rows === 0 ? 0 : values.length / rows, values };
}
