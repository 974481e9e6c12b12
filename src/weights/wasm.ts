import type { TensorInfo } from '../formats/safetensors-header';
import { compileWasm } from '../formats/wasm';
import { gramOfRows, isSafe, type Maths, plainDecode, type Tally, thereAndBack, WINDOW_BYTES } from './maths';
import { dot, type Matrix, type Square, transposed } from './matrix';

/** What `kernels/index.ts` exports. Addresses are bytes into `memory`. */
interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly gram: (from: number, rows: number, columns: number, out: number) => void;
  readonly transpose: (from: number, rows: number, columns: number, to: number) => void;
  readonly squares: (from: number, count: number) => number;
  readonly thereAndBack: (from: number, rows: number, columns: number, x: number, z: number) => void;
  readonly above: (from: number, count: number, width: number, limit: number) => number;
  readonly f16: Decoder;
  readonly bf16: Decoder;
  readonly f32bits: Decoder;
  readonly e4m3: Decoder;
  readonly e5m2: Decoder;
}

/** Gives the largest bits without the sign. `to` 0: look only. */
type Decoder = (from: number, count: number, to: number) => number;

interface Format {
  readonly width: 1 | 2 | 4;
  readonly decode: 'f16' | 'bf16' | 'f32bits' | 'e4m3' | 'e5m2';
  /** Bits from which on a value is not finite, and above which it is NaN. */
  readonly infinity: number;
  readonly nanAbove: number;
  /** Bits without the sign → a value of about that size. */
  readonly size: (bits: number) => number;
}

/** A size is told to within a factor of two, by the exponent alone; exactly for subnormals. */
function sizeBy(mantissaBits: number, bias: number): (bits: number) => number {
  return (bits) => {
    const exponent = bits >>> mantissaBits;
    return exponent === 0 ? bits * 2 ** (1 - bias - mantissaBits) : 2 ** (exponent - bias);
  };
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['F16', { width: 2, decode: 'f16', infinity: 0x7c00, nanAbove: 0x7c00, size: sizeBy(10, 15) }],
  ['BF16', { width: 2, decode: 'bf16', infinity: 0x7f80, nanAbove: 0x7f80, size: sizeBy(7, 127) }],
  ['F32', { width: 4, decode: 'f32bits', infinity: 0x7f800000, nanAbove: 0x7f800000, size: sizeBy(23, 127) }],
  ['F8_E4M3', { width: 1, decode: 'e4m3', infinity: 0x7f, nanAbove: 0x7e, size: sizeBy(3, 7) }],
  ['F8_E5M2', { width: 1, decode: 'e5m2', infinity: 0x7c, nanAbove: 0x7c, size: sizeBy(2, 15) }],
]);

/** The first bytes belong to the kernels (kernels/decode.ts). */
const WINDOW_AT = 1024;
const ARENA_AT = WINDOW_AT + WINDOW_BYTES;
/** Gram matrices of pairs, within the arena: a pair needs less than is before them. */
const SQUARES_AT = ARENA_AT + 4 * 1024 * 1024;
const MAX_SQUARE = 128;
/** Of sums in float32. */
const NOISE = 2e-6;
const FLOOR = 1e-34;

/** The kernels over a compiled module (`dist/weights.wasm`). Null where WebAssembly or its vectors are missing. */
export function wasmMaths(bytes: Uint8Array | null): Maths | null {
  const make = bytes && compileWasm(bytes);
  if (make === null) return null;
  try {
    return new WasmMaths(make() as Kernels);
  } catch {
    return null; // no room for its memory
  }
}

/**
 * The memory has one size from the start (pages that nobody touched cost nothing), so that views stay good. Values that lie
 * outside of it, because it is full or because their sums must run in float64, take the way of the reference.
 */
class WasmMaths implements Maths {
  readonly window: Uint8Array;
  readonly speed = 16;
  private readonly kernels: Kernels;
  private readonly buffer: ArrayBuffer;
  private next = ARENA_AT;
  /** By size: of rows, of columns. */
  private readonly known: [Square[], Square[]] = [[], []];

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.buffer = kernels.memory.buffer;
    this.window = new Uint8Array(this.buffer, WINDOW_AT, WINDOW_BYTES);
  }

  reset(): void {
    this.next = ARENA_AT;
  }

  floats(count: number): Float32Array {
    const at = this.take(4 * count);
    return at === 0 ? new Float32Array(count) : new Float32Array(this.buffer, at, count);
  }

  /** An address of `bytes` free bytes, or 0 when they are used up. */
  private take(bytes: number): number {
    const at = this.next;
    const end = (at + bytes + 15) & ~15;
    if (bytes > this.buffer.byteLength || end > this.buffer.byteLength) return 0;
    this.next = end;
    return at;
  }

  private holds(values: Float32Array): boolean {
    return values.buffer === this.buffer;
  }

  decode(dtype: string, bytes: Uint8Array, to: Float32Array | null, tally: Tally): void {
    const format = FORMATS.get(dtype);
    if (format === undefined || bytes.buffer !== this.buffer || (to !== null && !this.holds(to))) {
      plainDecode(dtype, bytes, to, tally);
      return;
    }
    const { width, infinity } = format;
    const from = bytes.byteOffset;
    const count = bytes.length / width;
    const most = this.kernels[format.decode](from, count, to === null ? 0 : to.byteOffset) >>> 0;
    tally.most = Math.max(tally.most, format.size(most));
    if (most < infinity) return;
    const nan = this.kernels.above(from, count, width, format.nanAbove);
    tally.nan += nan;
    tally.inf += this.kernels.above(from, count, width, infinity - 1) - nan;
  }

  gramOfBytes(tensor: TensorInfo, at: number, columns: boolean): Square | null {
    const format = FORMATS.get(tensor.dtype);
    if (format === undefined) return null;
    const count = (tensor.end - tensor.begin) / format.width;
    const rows = tensor.shape[0] ?? 1;
    const rank = columns ? count / rows : rows;
    const out = count === 0 ? null : this.squares(columns, rank);
    if (out === null || 8 * count > SQUARES_AT - ARENA_AT) return null;
    const most = this.kernels[format.decode](WINDOW_AT + at, count, ARENA_AT) >>> 0;
    if (most >= format.infinity || !isSafe(format.size(most))) return null;
    if (columns) this.kernels.transpose(ARENA_AT, rows, rank, ARENA_AT + 4 * count);
    const from = columns ? ARENA_AT + 4 * count : ARENA_AT;
    this.kernels.gram(from, rank, count / rank, out.values.byteOffset);
    return out;
  }

  /** Room for one Gram matrix of each kind, made once for each size: a view costs as much as a small matrix. */
  private squares(columns: boolean, size: number): Square | null {
    if (size > MAX_SQUARE) return null;
    const known = this.known[columns ? 1 : 0];
    let square = known?.[size];
    if (square === undefined && known) {
      const at = SQUARES_AT + (columns ? 8 * MAX_SQUARE * MAX_SQUARE : 0);
      square = { size, values: new Float64Array(this.buffer, at, size * size), noise: NOISE, floor: FLOOR };
      known[size] = square;
    }
    return square ?? null;
  }

  gramOfRows(matrix: Matrix): Square {
    const { rows, columns, values } = matrix;
    const at = this.holds(values) ? this.take(8 * rows * rows) : 0;
    if (at === 0) return gramOfRows(matrix);
    this.kernels.gram(values.byteOffset, rows, columns, at);
    return { size: rows, values: new Float64Array(this.buffer, at, rows * rows), noise: NOISE, floor: FLOOR };
  }

  transpose(matrix: Matrix): Matrix {
    const { rows, columns, values } = matrix;
    const at = this.holds(values) ? this.take(4 * values.length) : 0;
    if (at === 0) return transposed(matrix);
    this.kernels.transpose(values.byteOffset, rows, columns, at);
    return { rows: columns, columns: rows, values: new Float32Array(this.buffer, at, values.length) };
  }

  sumOfSquares(values: Float32Array): number {
    return this.holds(values) ? this.kernels.squares(values.byteOffset, values.length) : dot(values, values);
  }

  thereAndBack(matrix: Matrix, x: Float32Array, z: Float32Array): void {
    const { rows, columns, values } = matrix;
    if (this.holds(values) && this.holds(x) && this.holds(z))
      this.kernels.thereAndBack(values.byteOffset, rows, columns, x.byteOffset, z.byteOffset);
    else thereAndBack(matrix, x, z);
  }
}
