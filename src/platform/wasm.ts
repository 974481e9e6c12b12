import { readAssetBytes } from './assets';

/** The part of the WebAssembly interface that is used; neither Node's types nor ES2023 have it. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Makes an instance of a module without imports at each call, and gives what it exports. */
export type MakeInstance = () => unknown;

/** Null where WebAssembly or its vectors are missing. */
export function compileWasm(bytes: Uint8Array): MakeInstance | null {
  const { WebAssembly: engine } = globalThis as { readonly WebAssembly?: WebAssemblyLike };
  if (engine === undefined) return null;
  try {
    const module = new engine.Module(bytes);
    return () => new engine.Instance(module, {}).exports;
  } catch {
    return null;
  }
}

/** The kernels for logs that ship with the program (`dist/log.wasm`), or null. */
export function logKernels(): MakeInstance | null {
  const bytes = readAssetBytes('log.wasm');
  return bytes && compileWasm(bytes);
}
