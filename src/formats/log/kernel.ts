import { rarePlaces } from './rare-places';

/** Longest block of a log that is looked at in one go: a line that is not ended yet, and what is read behind it. */
export const BUFFER_BYTES = 384 * 1024 - 64;

/** A buffer and what is asked of its bytes in one pass each. Places are indexes of `bytes`; ranges are `[from, to)`. */
export interface LogKernel {
  /** `BUFFER_BYTES` long. */
  readonly bytes: Uint8Array;
  /** First place that is an escape character or lies in a literal; `to` when there is none. */
  next(from: number, to: number): number;
  /**
   * False for a piece (no break inside, 64 KiB at most) that has, without its colours (`ESC [ … m`), neither a literal nor
   * another escape sequence.
   */
  speaks(from: number, to: number): boolean;
  /** How often `\n` is there. */
  newlines(from: number, to: number): number;
  /** Takes NUL bytes out; where the rest ends now. */
  squeeze(from: number, to: number): number;
  /** 0: ASCII alone; 1: strict UTF-8; 2: neither. */
  encoding(from: number, to: number): number;
}

/** What `kernels/index.ts` exports. Addresses are bytes into `memory`. */
interface Exports extends Omit<LogKernel, 'bytes' | 'speaks'> {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Not 0: true. */
  readonly speaks: (from: number, to: number, scratch: number) => number;
}

/** Where things lie in the memory (kernels/index.ts): tables, room for one line, the buffer. Behind both a few bytes may be read. */
const BITS = 1024;
const HEADS = BITS + 8192;
const ENTRIES = HEADS + 8192;
const ENTRY = 16;
const MEMORY = 16 * 64 * 1024;
const GAP = 64;
const SCRATCH_BYTES = 64 * 1024;
const BUFFER_AT = MEMORY - BUFFER_BYTES - GAP;
const SCRATCH_AT = BUFFER_AT - SCRATCH_BYTES - GAP;

/**
 * Makes kernels that look for these ASCII literals (of four bytes or more). `make` gives the exports of a new instance of
 * `kernels/index.ts`. Null when the literals need more than the half MiB that there is for them.
 */
export function wasmKernels(make: () => unknown, literals: readonly string[]): (() => LogKernel) | null {
  const tables = buildTables(literals, MEMORY - BUFFER_BYTES - SCRATCH_BYTES - 2 * GAP);
  return tables && (() => new WasmKernel(make() as Exports, tables));
}

class WasmKernel implements LogKernel {
  readonly bytes: Uint8Array;
  readonly #exports: Exports;

  constructor(exports: Exports, tables: Uint8Array) {
    const { buffer } = exports.memory;
    this.#exports = exports;
    this.bytes = new Uint8Array(buffer, BUFFER_AT, BUFFER_BYTES);
    new Uint8Array(buffer).set(tables, BITS);
  }

  next(from: number, to: number): number {
    return this.#exports.next(BUFFER_AT + from, BUFFER_AT + to) - BUFFER_AT;
  }

  speaks(from: number, to: number): boolean {
    return this.#exports.speaks(BUFFER_AT + from, BUFFER_AT + to, SCRATCH_AT) !== 0;
  }

  newlines(from: number, to: number): number {
    return this.#exports.newlines(BUFFER_AT + from, BUFFER_AT + to);
  }

  squeeze(from: number, to: number): number {
    return this.#exports.squeeze(BUFFER_AT + from, BUFFER_AT + to) - BUFFER_AT;
  }

  encoding(from: number, to: number): number {
    return this.#exports.encoding(BUFFER_AT + from, BUFFER_AT + to);
  }
}

/** The memory from `BITS` on: bits, chains, entries, texts of the literals. Null when it would reach beyond `end`. */
function buildTables(literals: readonly string[], end: number): Uint8Array | null {
  const places = rarePlaces(literals);
  const texts = ENTRIES + 2 * literals.length * ENTRY;
  const size = literals.reduce((sum, text) => sum + text.length, texts) - BITS;
  if (BITS + size > end || 2 * literals.length > 0xfffe) return null;
  const tables = new Uint8Array(size);
  const view = new DataView(tables.buffer);
  let entries = 0;
  let address = texts;
  literals.forEach((text, literal) => {
    for (let i = 0; i < text.length; i++) tables[address - BITS + i] = text.charCodeAt(i);
    const first = places[literal] ?? 0;
    for (let place = first; place < first + 2; place++) {
      const three = text.charCodeAt(place) | (text.charCodeAt(place + 1) << 8) | (text.charCodeAt(place + 2) << 16);
      // Behind the last three of a literal of four bytes anything may stand.
      const isLast = place + 3 >= text.length;
      for (let fourth = isLast ? 0 : text.charCodeAt(place + 3), end = isLast ? 255 : fourth; fourth <= end; fourth++) {
        const bit = hash(three | (fourth << 24));
        tables[bit >>> 3] = (tables[bit >>> 3] ?? 0) | (1 << (bit & 7));
      }
      const triple = three << 8;
      const head = HEADS - BITS + ((hash(triple) >>> 4) << 1);
      const entry = ENTRIES - BITS + entries * ENTRY;
      view.setUint32(entry, triple >>> 0, true);
      view.setUint32(entry + 4, address, true);
      view.setUint16(entry + 8, text.length, true);
      view.setUint16(entry + 10, place, true);
      view.setUint16(entry + 12, view.getUint16(head, true), true);
      view.setUint16(head, ++entries, true);
    }
    address += text.length;
  });
  return tables;
}

function hash(bytes: number): number {
  return Math.imul(bytes, 0x9e3779b1) >>> 16;
}
