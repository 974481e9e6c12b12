import type { ByteSource } from '../formats/bytes';

/** A gap up to this size is read over: integer tensors and padding between those that are looked at. */
const GAP = 16 * 1024;

/**
 * Reads a file in large pieces while its parts are asked for in their order, and only what is asked for while they are not: a
 * read for each of hundreds of small tensors would cost more than looking at them.
 */
export class Window {
  private readonly source: ByteSource;
  private readonly buffer: Uint8Array;
  private start = 0;
  private end = 0;
  /** Where the last part asked for ended. */
  private last = -1;
  private ahead = 0;

  constructor(source: ByteSource, buffer: Uint8Array) {
    this.source = source;
    this.buffer = buffer;
  }

  /** Largest part that can be asked for. */
  get capacity(): number {
    return this.buffer.length;
  }

  /** `length` bytes at `offset`, good until the next call. Null when the file ends before. */
  bytes(offset: number, length: number): Uint8Array | null {
    const from = this.find(offset, length);
    return from < 0 ? null : this.buffer.subarray(from, from + length);
  }

  /** Where these bytes lie in the buffer, until the next call; -1 when the file ends before. */
  find(offset: number, length: number): number {
    if (offset < this.start || offset + length > this.end) this.fill(offset, length);
    this.last = offset + length;
    return this.last > this.end ? -1 : offset - this.start;
  }

  private fill(offset: number, length: number): void {
    const onwards = offset >= this.last && offset - this.last <= GAP;
    this.ahead = onwards ? Math.min(Math.max(4 * this.ahead, GAP), this.buffer.length) : 0;
    const wanted = Math.min(Math.max(length, this.ahead), this.buffer.length);
    this.start = offset;
    this.end = offset + this.read(offset, wanted);
  }

  private read(offset: number, length: number): number {
    const target = this.buffer.subarray(0, length);
    if (this.source.readInto) return this.source.readInto(target, offset);
    const bytes = this.source.read(offset, length);
    target.set(bytes);
    return bytes.length;
  }
}
