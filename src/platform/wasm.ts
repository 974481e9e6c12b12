import { compileWasm, type MakeInstance } from '../formats/wasm';
import { readAssetBytes } from './assets';

/** The kernels for logs that ship with the program (`dist/log.wasm`), or null. */
export function logKernels(): MakeInstance | null {
  const bytes = readAssetBytes('log.wasm');
  return bytes && compileWasm(bytes);
}
