import type { ByteSource } from '../bytes';

const WINDOW = 64 * 1024;
const MAX_LINE = 64 * 1024;

/** The stream of opcodes cannot be followed further. */
export class PickleStop extends Error {}

/** Reads forward through a part of a file; what is skipped is never read. */
export class PickleReader {
  position: number;
  readonly end: number;
  private readonly source: ByteSource;
  private window: Uint8Array = new Uint8Array(0);
  private base = 0;

  constructor(source: ByteSource, from = 0, end = source.size) {
    this.source = source;
    this.position = from;
    this.end = end;
  }

  /** Next byte; −1 at the end. */
  byte(): number {
    if (this.position >= this.end) return -1;
    const value = this.window[this.position - this.base];
    if (value !== undefined) {
      this.position++;
      return value;
    }
    this.base = this.position;
    this.window = this.source.read(this.base, Math.min(WINDOW, this.end - this.base));
    if (this.window.length === 0) return -1;
    this.position++;
    return this.window[0] ?? -1;
  }

  /** Little-endian, unsigned; 8 bytes lose exactness above 2⁵³, where every length is out of range anyway. */
  unsigned(bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) {
      const byte = this.byte();
      if (byte < 0) throw new PickleStop('truncated');
      value += byte * 2 ** (8 * i);
    }
    return value;
  }

  signed32(): number {
    return this.unsigned(4) | 0;
  }

  /** Passes over `length` bytes and returns the first `keep` of them. */
  take(length: number, keep: number): Uint8Array {
    if (length < 0) throw new PickleStop('negative-length');
    if (length > this.end - this.position) throw new PickleStop('truncated');
    const kept = keep > 0 ? this.source.read(this.position, Math.min(length, keep)) : new Uint8Array(0);
    this.position += length;
    return kept;
  }

  /** Up to and without the newline. */
  line(): Uint8Array {
    const bytes: number[] = [];
    for (let byte = this.byte(); byte !== 0x0a; byte = this.byte()) {
      if (byte < 0) throw new PickleStop('truncated');
      if (bytes.length >= MAX_LINE) throw new PickleStop('line-too-long');
      bytes.push(byte);
    }
    return Uint8Array.from(bytes);
  }
}
