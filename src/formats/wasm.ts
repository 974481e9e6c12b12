/** The part of the WebAssembly interface that is used; neither Node's types nor ES2023 have it. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Computes, and reaches nothing of the system: pure, and there in a page as well. Some engines lack it. */
declare const WebAssembly: WebAssemblyLike | undefined;

/** Makes an instance of a module without imports at each call, and gives what it exports. */
export type MakeInstance = () => unknown;

/** Null where WebAssembly or its vectors are missing. */
export function compileWasm(bytes: Uint8Array): MakeInstance | null {
  const engine = typeof WebAssembly === 'undefined' ? undefined : WebAssembly;
  if (engine === undefined) return null;
  try {
    const module = new engine.Module(bytes);
    return () => new engine.Instance(module, {}).exports;
  } catch {
    return null;
  }
}
