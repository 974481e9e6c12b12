import type { TensorInfo } from '../formats/safetensors-header';
import { valueBytes } from './decode';
import type { Maths, Tally } from './maths';
import type { Window } from './window';

/** What the values of one tensor are. */
export interface TensorLook {
  readonly nan: number;
  readonly inf: number;
  /** Every value is 0 (and there is at least one). */
  readonly zero: boolean;
  /** Size of the largest finite value, to within a factor of two. */
  readonly most: number;
  /** The values when they were wanted. They mean nothing when some are not finite. */
  readonly values: Float32Array | null;
  /** Sum of all squares, when it was wanted. */
  readonly squares: number;
}

/** What is wanted besides the counts: the values themselves, the sum of their squares, or nothing. */
export type Want = 'values' | 'squares' | 'counts';

/**
 * Looks at a tensor piece by piece. Null: the file ended before its end, or `stop` said so.
 *
 * @param tensor of a kind that `valueBytes` knows.
 */
export function lookAtTensor(
  window: Window,
  maths: Maths,
  dataStart: number,
  tensor: TensorInfo,
  want: Want,
  stop: () => boolean,
): TensorLook | null {
  const width = valueBytes(tensor.dtype);
  const count = Math.floor((tensor.end - tensor.begin) / width);
  const piece = Math.floor(window.capacity / width);
  const values = want === 'values' ? maths.floats(count) : null;
  const scratch = want === 'squares' ? maths.floats(Math.min(count, piece)) : null;
  const tally: Tally = { nan: 0, inf: 0, most: 0 };
  let squares = 0;
  for (let done = 0; done < count; done += piece) {
    if (done > 0 && stop()) return null;
    const size = Math.min(piece, count - done);
    const bytes = window.bytes(dataStart + tensor.begin + done * width, size * width);
    if (bytes === null) return null;
    const to =
      (values === null ? scratch?.subarray(0, size) : count === size ? values : values.subarray(done, done + size)) ?? null;
    maths.decode(tensor.dtype, bytes, to, tally);
    if (want === 'squares' && to !== null) squares += maths.sumOfSquares(to);
  }
  const zero = tally.most === 0 && tally.nan + tally.inf === 0 && count > 0;
  return { nan: tally.nan, inf: tally.inf, most: tally.most, zero, values, squares };
}
