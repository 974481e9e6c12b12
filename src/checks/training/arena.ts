import type { ByteSource } from '../../formats/bytes';

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

  /** The bytes of a file, piece by piece in one buffer. */
  *pieces(source: ByteSource): Generator<Uint8Array> {
    for (let at = 0; at < source.size; at += ROOM) {
      const length = Math.min(ROOM, source.size - at);
      if (!source.readInto) yield source.read(at, length);
      else yield this.#bytes.subarray(0, source.readInto(this.#bytes.subarray(0, length), at));
    }
  }
}
