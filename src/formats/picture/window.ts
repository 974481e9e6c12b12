import type { ByteSource } from '../bytes';

const PAGE = 1 << 16;

/** A buffered view on a source: many small reads near each other cost one read of 64 KiB. */
export class Window {
  readonly size: number;
  readonly #source: ByteSource;
  #start = 0;
  #page: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  /** Up to `length` bytes at `offset`; shorter at the end of the file. Not to be kept: the buffer is reused by nobody, but large. */
  bytes(offset: number, length: number): Uint8Array {
    if (length > PAGE) return this.#source.read(offset, length);
    if (offset < this.#start || offset + length > this.#start + this.#page.length) {
      this.#start = offset;
      this.#page = this.#source.read(offset, PAGE);
    }
    return this.#page.subarray(offset - this.#start, offset - this.#start + length);
  }

  /** Unsigned big-endian 32 bits, or -1 behind the end. */
  u32(offset: number): number {
    const b = this.bytes(offset, 4);
    return b.length < 4 ? -1 : ((b[0] ?? 0) * 0x1000000 + ((b[1] ?? 0) << 16) + ((b[2] ?? 0) << 8) + (b[3] ?? 0)) >>> 0;
  }
}
