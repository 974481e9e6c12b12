import type { TensorInfo } from './safetensors-header';

/** Bytes of headers kept, all together. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TABLES = 64;
/** Tables seen once that are remembered by a hash. */
const MAX_SEEN = 4096;
/** Bytes of a table that its hash looks at. */
const SAMPLE = 512;

/** A table of tensors that was read and found to be right. */
export interface KnownTable {
  readonly tensors: readonly TensorInfo[];
  /** Bytes of data that the table covers. */
  readonly dataBytes: number;
}

interface Kept extends KnownTable {
  readonly bytes: Uint8Array;
}

/**
 * Tables of tensors seen before, by their very bytes. A training program writes the same names, shapes and offsets for every
 * LoRA of one base model and rank; only the metadata differs. Of such a file the table need not be read again.
 */
export class TableMemo {
  readonly #equal: (a: Uint8Array, b: Uint8Array) => boolean;
  readonly #byLength = new Map<number, Kept[]>();
  /** Oldest first. */
  #order: Kept[] = [];
  #bytes = 0;
  readonly #seen = new Set<number>();

  /** @param compare whether two arrays of one length hold the same: a system's own way is faster. */
  constructor(compare = equal) {
    this.#equal = compare;
  }

  /** The table whose text, from the first tensor's name to the end of the header, is exactly `bytes`. */
  find(bytes: Uint8Array): KnownTable | undefined {
    return this.#byLength.get(bytes.length)?.find((kept) => this.#equal(kept.bytes, bytes));
  }

  /** Keeps a copy of the bytes when they come the second time: most tables that come once come never again. The oldest give way. */
  keep(bytes: Uint8Array, table: KnownTable): void {
    if (bytes.length > MAX_BYTES / 4 || !this.#again(bytes)) return;
    const kept: Kept = { ...table, bytes: bytes.slice() };
    const list = this.#byLength.get(bytes.length);
    if (list) list.push(kept);
    else this.#byLength.set(bytes.length, [kept]);
    this.#order.push(kept);
    this.#bytes += bytes.length;
    while (this.#bytes > MAX_BYTES || this.#order.length > MAX_TABLES) this.#dropOldest();
  }

  #again(bytes: Uint8Array): boolean {
    const hash = sampleHash(bytes);
    if (this.#seen.has(hash)) return true;
    if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
    this.#seen.add(hash);
    return false;
  }

  #dropOldest(): void {
    const [oldest, ...rest] = this.#order;
    if (!oldest) return;
    this.#order = rest;
    this.#bytes -= oldest.bytes.length;
    const { length } = oldest.bytes;
    const left = (this.#byLength.get(length) ?? []).filter((kept) => kept !== oldest);
    if (left.length > 0) this.#byLength.set(length, left);
    else this.#byLength.delete(length);
  }
}

/** Only says what is worth keeping: two tables of one hash do no harm. */
function sampleHash(bytes: Uint8Array): number {
  const step = Math.max(1, Math.floor(bytes.length / SAMPLE));
  let hash = bytes.length;
  for (let i = 0; i < bytes.length; i += step) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash;
}

/** Sixteen bytes at a time; both have the same length. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  const one = new DataView(a.buffer, a.byteOffset, a.length);
  const two = new DataView(b.buffer, b.byteOffset, b.length);
  const differ = (i: number): number => one.getInt32(i, true) ^ two.getInt32(i, true);
  const whole = a.length - (a.length % 16);
  for (let i = 0; i < whole; i += 16) if ((differ(i) | differ(i + 4) | differ(i + 8) | differ(i + 12)) !== 0) return false;
  for (let i = whole; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
