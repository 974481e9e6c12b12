import { type ByteSource, pieces } from '../../formats/bytes';

/** Room for what is read of one picture: a few pages of its beginning and its end. */
const ROOM = 1 << 20;

/**
 * Memory that is used again from file to file: thousands of headers are read without leaving a buffer each, which in one long
 * loop nobody would collect. What `over(...)` hands out is good until the next call of `over`.
 */
export class Arena {
  readonly #bytes = new Uint8Array(ROOM);

  over(source: ByteSource): ByteSource {
    const { size } = source;
    let used = 0;
    return {
      size,
      read: (offset, length) => {
        const wanted = Math.max(0, Math.min(length, size - offset));
        if (!source.readInto || used + wanted > ROOM) return source.read(offset, length);
        const target = this.#bytes.subarray(used, used + wanted);
        used += wanted;
        return target.subarray(0, source.readInto(target, offset));
      },
    };
  }

  /** The bytes of a file, piece by piece in the same memory. */
  pieces(source: ByteSource): Generator<Uint8Array> {
    return pieces(source, 0, this.#bytes);
  }
}
