import { type ByteSource, leadingUint64 } from './bytes';

/** The first read tells how long the header is; the second fetches the rest of it and no byte of data. */
const FIRST = 16 * 1024;
/** Room to begin with: enough for most LoRAs. */
const ROOM = 256 * 1024;
/** A longer header is read piece by piece. */
const MOST = 1024 * 1024 + 8;

/**
 * Reads the beginning of a file into memory that is used again for the next file: looking through thousands of files then
 * costs two reads each and no memory. What `over(...)` hands out is good until the next call of `over`.
 */
export class ReadAhead {
  #bytes = new Uint8Array(ROOM);

  /** The same source, with its beginning (a whole safetensors header up to a MiB) in memory. */
  over(source: ByteSource): ByteSource {
    if (!source.readInto) return source;
    let have = source.readInto(this.#bytes.subarray(0, FIRST), 0);
    const need = 8 + leadingUint64(this.#bytes.subarray(0, have));
    if (need > have && have === FIRST && need <= Math.min(MOST, source.size)) {
      this.#grow(need);
      have += source.readInto(this.#bytes.subarray(have, need), have);
    }
    const head = this.#bytes.subarray(0, have);
    const { size, readInto } = source;
    return {
      size,
      readInto,
      read: (offset, length) => {
        const end = Math.min(offset + length, size);
        return end <= have ? head.subarray(Math.min(offset, end), end) : source.read(offset, length);
      },
    };
  }

  #grow(need: number): void {
    if (this.#bytes.length >= need) return;
    const larger = new Uint8Array(Math.min(MOST, need * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
