import { RE2JS } from 're2js';
import type { Ui } from '../../facts/families';
import { type AnchorSet, compileAnchors } from './anchors';
import { type LogKernel, wasmKernels } from './kernel';
import { plainKernel } from './plain-kernel';
import type { Signature, SignatureFile } from './signature-schema';

/** One compiled wording. */
export interface CompiledSignature {
  readonly id: string;
  readonly signal: string;
  readonly ui?: readonly Ui[];
  readonly flood: boolean;
  readonly failure: boolean;
  /** The captures when the pattern is found in the line, else null. Values are cut at 300 characters. */
  match(line: string): Record<string, string> | null;
}

/** All wordings, ready to be looked for. Ids in `anchors` are indexes of `list`, or one of the `MARK` ids. */
export interface CompiledSignatures {
  readonly list: readonly CompiledSignature[];
  readonly anchors: Pick<AnchorSet, 'scan'>;
  readonly kernels: KernelPool;
}

/** Kernels that look for the literals. One belongs to one reader at a time; what is put back is lent again. */
export interface KernelPool {
  take(): LogKernel;
  put(kernel: LogKernel): void;
}

export interface CompileOptions {
  /** Compiles all patterns at once, not each when its literal is first seen (build, tests). */
  readonly eager?: boolean;
  /** Gives what makes an instance of the kernels, asked for when the first log is read. Without them plain loops do the work. */
  readonly wasm?: () => (() => unknown) | null;
}

/** Literals that the reader itself needs to know of; ids below zero, so that they never meet a signature's. */
export const MARK = { traceback: -1, frame: -2, rich: -3, sizes: -4 } as const;

/** Longest part of a line that a pattern is tried on; the literals are looked for in the whole line. */
const PATTERN_WINDOW = 8192;
const CAPTURE_LIMIT = 300;
const NOTHING: Record<string, string> = Object.freeze({});

/**
 * Makes validated signature files ready. Patterns are compiled when their literal is first seen, because compiling all takes
 * longer than reading most logs.
 * Throws `Error` with the signature's id for an id used twice and, when eager, for a bad pattern.
 */
export function compileSignatures(files: readonly SignatureFile[], options: CompileOptions = {}): CompiledSignatures {
  const signatures = files.flatMap((file) => file.signatures);
  const literals: { text: string; id: number }[] = [
    { text: 'Traceback (most recent call last)', id: MARK.traceback },
    { text: 'File "', id: MARK.frame },
    { text: '.py:', id: MARK.rich },
    { text: 'size mismatch for', id: MARK.sizes },
  ];
  const ids = new Set<string>();
  const list = signatures.map((signature, index) => {
    if (ids.has(signature.id)) throw new Error(`signature ${signature.id} is declared twice`);
    ids.add(signature.id);
    for (const text of signature.anchors ?? [signature.anchor ?? '']) literals.push({ text, id: index });
    if (options.eager) compilePattern(signature);
    return compileOne(signature);
  });
  const anchors = whenScanned(literals);
  return { list, anchors, kernels: createPool(literals, anchors, options.wasm ?? (() => null)) };
}

/** The automaton is built for the first log: many installs have none. */
function whenScanned(literals: Parameters<typeof compileAnchors>[0]): AnchorSet {
  let built: AnchorSet | undefined;
  const get = (): AnchorSet => {
    built ??= compileAnchors(literals);
    return built;
  };
  return {
    scan: (text, from, to, into) => get().scan(text, from, to, into),
    next: (bytes, from, to) => get().next(bytes, from, to),
  };
}

function createPool(
  literals: readonly { readonly text: string }[],
  anchors: AnchorSet,
  wasm: () => (() => unknown) | null,
): KernelPool {
  const free: LogKernel[] = [];
  let make: (() => LogKernel) | undefined;
  const start = (): (() => LogKernel) => {
    const instance = wasm();
    const texts = [...new Set(literals.map(({ text }) => text))];
    return (instance && wasmKernels(instance, texts)) ?? (() => plainKernel(anchors));
  };
  return {
    take() {
      make ??= start();
      return free.pop() ?? make();
    },
    put: (kernel) => void free.push(kernel),
  };
}

function compileOne(signature: Signature): CompiledSignature {
  let pattern: RE2JS | undefined;
  let names: readonly string[] = [];
  const quiet = signature.kind === 'info' || /^(?:session|noise)-/.test(signature.signal);
  return {
    id: signature.id,
    signal: signature.signal,
    ...(signature.ui ? { ui: signature.ui } : {}),
    flood: signature.flood === true,
    failure: !quiet,
    match(line) {
      if (!pattern) {
        pattern = compilePattern(signature);
        names = Object.keys(pattern.namedGroups());
      }
      const window = line.length > PATTERN_WINDOW ? line.slice(0, PATTERN_WINDOW) : line;
      // A yes or no costs half of what places cost.
      if (!pattern.test(window)) return null;
      if (names.length === 0) return NOTHING;
      const matcher = pattern.matcher(window);
      if (!matcher.find()) return null;
      const captures: Record<string, string> = {};
      for (const name of names) {
        const value: string | null | undefined = matcher.group(name);
        if (value) captures[name] = value.length > CAPTURE_LIMIT ? value.slice(0, CAPTURE_LIMIT) : value;
      }
      return captures;
    },
  };
}

function compilePattern(signature: Signature): RE2JS {
  try {
    return RE2JS.compile(signature.pattern);
  } catch (error) {
    throw new Error(`signature ${signature.id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
