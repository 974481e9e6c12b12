import { type SafetensorsErrorCode, SafetensorsFault, type SafetensorsNote, type SafetensorsNoteCode } from './safetensors-fault';
import type { TensorInfo } from './safetensors-header';

/** Bits per element of the 22 dtypes that the reference (0.8) knows; names are case-sensitive. */
export const DTYPE_BITS: ReadonlyMap<string, number> = new Map([
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ'].map((name) => [name, 8] as const),
  ...['I16', 'U16', 'F16', 'BF16'].map((name) => [name, 16] as const),
  ...['I32', 'U32', 'F32'].map((name) => [name, 32] as const),
  ...['C64', 'F64', 'I64', 'U64'].map((name) => [name, 64] as const),
]);

/** Tensors listed by name; of the others only offsets and sizes are kept (a checkpoint has a few thousand). */
const MAX_LISTED = 32_000;
const OVERFLOW = 1;
const MISALIGNED = 2;
const MISMATCH = 3;
const U64 = 2n ** 64n;

/** Two FNV-like hashes of a name's UTF-8 bytes. */
export interface NameHash {
  one: number;
  two: number;
}

/** What the header says of its tensors, in columns: a header may name more than a million. */
export class TensorTable {
  readonly listed: TensorInfo[] = [];
  count = 0;
  /** Null as long as each tensor begins where the one before it ends, as nearly all writers lay them. */
  private begins: Float64Array | null = null;
  private ends: Float64Array;
  /** 0, or why the size is wrong: OVERFLOW, MISALIGNED, MISMATCH. */
  private faults: Uint8Array;
  private hashes: Int32Array;
  /** Open addressing, at most three quarters full: row + 1, or 0. */
  private slots: Int32Array;
  private readonly replaced = new Set<number>();
  private readonly noted = new Map<SafetensorsNoteCode, { count: number; example: string }>();

  /** @param expected how many tensors may come: more are taken too, at the price of copying. */
  constructor(expected: number) {
    const rows = Math.max(expected, 16);
    this.ends = new Float64Array(rows);
    this.faults = new Uint8Array(rows);
    this.hashes = new Int32Array(rows * 2);
    this.slots = new Int32Array(slotsFor(rows));
  }

  /** Makes room for `rows` tensors in an empty table. */
  expect(rows: number): void {
    if (this.count === 0 && rows > this.ends.length) this.resize(rows);
  }

  note(code: SafetensorsNoteCode, example: string): void {
    const known = this.noted.get(code);
    if (known === undefined) this.noted.set(code, { count: 1, example });
    else known.count++;
  }

  notes(): SafetensorsNote[] {
    return [...this.noted].map(([code, { count, example }]) => ({ code, count, example }));
  }

  /** Whether the next tensor's name and shape will be kept. */
  get listing(): boolean {
    return this.count < MAX_LISTED;
  }

  add(tensor: TensorInfo, hash: NameHash): void {
    const row = this.count++;
    if (row === this.ends.length) this.resize(this.ends.length * 2);
    if (this.begins === null && tensor.begin !== this.begin(row)) this.begins = this.allBegins(row);
    if (this.begins !== null) this.begins[row] = tensor.begin;
    this.ends[row] = tensor.end;
    this.faults[row] = sizeFault(byteSize(tensor.dtype, tensor.shape), tensor.end - tensor.begin);
    this.hashes[2 * row] = hash.one;
    this.hashes[2 * row + 1] = hash.two;
    if (row < MAX_LISTED) this.listed.push(tensor);
    else this.note('tensors-not-listed', '');
    this.place(row, tensor.name);
  }

  private begin(row: number): number {
    return (this.begins === null ? this.ends[row - 1] : this.begins[row]) ?? 0;
  }

  /** Column of where the first `count` tensors begin, which their ends told so far. */
  private allBegins(count: number): Float64Array {
    const begins = new Float64Array(this.ends.length);
    begins.set(this.ends.subarray(0, Math.max(count - 1, 0)), 1);
    return begins;
  }

  private byOffsets(a: number, b: number): number {
    return this.begin(a) - this.begin(b) || (this.ends[a] ?? 0) - (this.ends[b] ?? 0);
  }

  /** Finds the slot of a name; an earlier tensor of the same name is replaced, as in the reference. */
  private place(row: number, name: string): void {
    const mask = this.slots.length - 1;
    let slot = (this.hashes[2 * row] ?? 0) & mask;
    for (;;) {
      const other = (this.slots[slot] ?? 0) - 1;
      if (other < 0) break;
      if (this.sameName(row, other, name)) {
        this.replaced.add(other);
        this.note('duplicate-tensor', name);
        break;
      }
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = row + 1;
  }

  private sameName(row: number, other: number, name: string): boolean {
    const same = this.hashes[2 * row] === this.hashes[2 * other] && this.hashes[2 * row + 1] === this.hashes[2 * other + 1];
    const known = this.listed[other];
    return same && (known === undefined || row >= MAX_LISTED || known.name === name);
  }

  private resize(rows: number): void {
    if (this.begins !== null) this.begins = longer(this.begins, new Float64Array(rows));
    this.ends = longer(this.ends, new Float64Array(rows));
    this.faults = longer(this.faults, new Uint8Array(rows));
    this.hashes = longer(this.hashes, new Int32Array(rows * 2));
    this.slots = new Int32Array(slotsFor(rows));
    const mask = this.slots.length - 1;
    for (let row = 0; row < this.count - 1; row++) {
      if (this.replaced.has(row)) continue;
      let slot = (this.hashes[2 * row] ?? 0) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = row + 1;
    }
  }

  /** Tensors in the order of the header, each name once. */
  tensors(): readonly TensorInfo[] {
    return this.replaced.size === 0 ? this.listed : this.listed.filter((_tensor, row) => !this.replaced.has(row));
  }

  /**
   * The reference's checks, in its order: sorted by offsets, each tensor must begin where the one before ended, and be as
   * long as its shape and dtype say. Returns the end of the last. `offset` is where the header ends, for messages.
   */
  verify(offset: number, print: (value: number) => string): number {
    let running = 0;
    for (const row of this.order()) {
      const begin = this.begin(row);
      const end = this.ends[row] ?? 0;
      const offsets = (): string => `[${print(begin)}, ${print(end)}]`;
      if (begin !== running || end < begin) this.fail('invalid-offset', row, offset, `expected ${running}, found ${offsets()}`);
      const fault = this.faults[row];
      if (fault === OVERFLOW) this.fail('validation-overflow', row, offset, '');
      if (fault === MISALIGNED) this.fail('misaligned-slice', row, offset, '');
      if (fault === MISMATCH) this.fail('tensor-invalid-info', row, offset, `offsets ${offsets()} do not fit shape and dtype`);
      running = end;
    }
    return running;
  }

  private order(): Iterable<number> {
    const { count, replaced } = this;
    const rows = new Uint32Array(count);
    let used = 0;
    let sorted = true;
    for (let row = 0; row < count; row++) {
      if (replaced.size > 0 && replaced.has(row)) continue;
      const before = rows[used - 1];
      if (before !== undefined && this.byOffsets(before, row) > 0) sorted = false;
      rows[used++] = row;
    }
    const order = rows.subarray(0, used);
    return sorted ? order : order.sort((a, b) => this.byOffsets(a, b));
  }

  private fail(code: SafetensorsErrorCode, row: number, offset: number, detail: string): never {
    const words: { readonly [code: string]: string } = {
      'invalid-offset': 'invalid offset for tensor',
      'validation-overflow': 'overflow computing buffer size from shape and/or element type: tensor',
      'misaligned-slice': 'the tensor does not end at a byte boundary:',
      'tensor-invalid-info': 'invalid shape, data type, or offset for tensor',
    };
    const name = this.listed[row]?.name.slice(0, 400) ?? `#${row}`;
    throw new SafetensorsFault(code, `${words[code]} \`${name}\`${detail === '' ? '' : ` (${detail})`}`, { offset });
  }
}

function longer<T extends Float64Array | Int32Array | Uint8Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}

function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2(rows * 1.34));
}

function sizeFault(size: number | 'overflow' | 'misaligned', bytes: number): number {
  if (size === 'overflow') return OVERFLOW;
  if (size === 'misaligned') return MISALIGNED;
  return size === bytes ? 0 : MISMATCH;
}

/** Bytes of a tensor; `overflow`: a product beyond 64 bits on the way; `misaligned`: no whole number of bytes. */
function byteSize(dtype: string, shape: readonly number[]): number | 'overflow' | 'misaligned' {
  let elements = 1;
  for (const dimension of shape) elements *= dimension;
  const bits = elements * (DTYPE_BITS.get(dtype) ?? 0);
  if (bits <= Number.MAX_SAFE_INTEGER && bits > 0) return bits % 8 === 0 ? bits / 8 : 'misaligned';
  return exactByteSize(dtype, shape);
}

function exactByteSize(dtype: string, shape: readonly number[]): number | 'overflow' | 'misaligned' {
  let elements = 1n;
  for (const dimension of shape) {
    elements *= BigInt(dimension);
    if (elements >= U64) return 'overflow';
    if (elements === 0n) return 0;
  }
  const bits = elements * BigInt(DTYPE_BITS.get(dtype) ?? 0);
  if (bits >= U64) return 'overflow';
  return bits % 8n === 0n ? Number(bits / 8n) : 'misaligned';
}
