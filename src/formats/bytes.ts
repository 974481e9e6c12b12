/**
 * The one door through which the pure core sees bytes. Implemented over a file descriptor in `platform/file.ts`,
 * over a `Uint8Array` below, and over `FileReaderSync` in a browser worker.
 *
 * Reads are synchronous on purpose: 2,000 headers cost 2,000 reads, and a promise each would cost more than the read.
 * Whoever must not block (the screen) runs the core in a worker.
 */
export interface ByteSource {
  /** Size in bytes when the source was opened. */
  readonly size: number;
  /** Up to `length` bytes at `offset`; shorter only when the source ends there (or shrank since it was opened). */
  read(offset: number, length: number): Uint8Array;
  /** Fills `target` from `offset` on; returns how many bytes there were. Only where it spares memory (a file). */
  readInto?(target: Uint8Array, offset: number): number;
}

/** The little-endian number of 64 bits that the first eight bytes are, as a double; 0 when there are fewer. A safetensors file begins with one: its header's length. */
export function leadingUint64(bytes: Uint8Array): number {
  if (bytes.length < 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
}

/** A `ByteSource` over bytes already in memory. */
export function bytesOf(data: Uint8Array): ByteSource {
  return {
    size: data.length,
    read: (offset, length) => data.subarray(Math.min(offset, data.length), Math.min(offset + length, data.length)),
  };
}
