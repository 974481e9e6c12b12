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

/** Bytes of a piece where nobody asks for another size. */
const PIECE = 256 * 1024;

/**
 * The bytes of a source from an offset on, piece by piece. One is good until the next is asked for: they share one buffer where the
 * source can fill one. Ends early when the source has shrunk since it was opened.
 *
 * @param room the buffer, or how many bytes a piece has
 */
export function* pieces(source: ByteSource, from = 0, room: Uint8Array | number = PIECE): Generator<Uint8Array> {
  const most = typeof room === 'number' ? room : room.length;
  const size = Math.min(most, Math.max(source.size - from, 0));
  const buffer = source.readInto && (typeof room === 'number' ? new Uint8Array(size) : room.subarray(0, size));
  for (let at = from; at < source.size; ) {
    const piece = buffer ? buffer.subarray(0, source.readInto?.(buffer, at)) : source.read(at, Math.min(most, source.size - at));
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

/** A `ByteSource` over bytes already in memory. */
export function bytesOf(data: Uint8Array): ByteSource {
  return {
    size: data.length,
    read: (offset, length) => data.subarray(Math.min(offset, data.length), Math.min(offset + length, data.length)),
  };
}
