import { kernelBytes } from '../../scripts/build-kernels.mjs';
import type { Maths } from '../../src/weights/maths';
import { wasmMaths } from '../../src/weights/wasm';

/** The kernels of the sources as they are now. */
export function kernels(): Maths {
  const maths = wasmMaths(kernelBytes('weights'));
  if (maths === null) throw new Error('the kernels do not start');
  return maths;
}
