import { readAssetBytes } from '../platform/assets';
import { type Maths, plainMaths } from './maths';
import { wasmMaths } from './wasm';

let ready: Maths | null = null;

/** The kernels that ship with the program, made ready at the first call; plain loops where there is no WebAssembly. */
export function installedMaths(): Maths {
  ready ??= wasmMaths(readAssetBytes('weights.wasm')) ?? plainMaths();
  return ready;
}
