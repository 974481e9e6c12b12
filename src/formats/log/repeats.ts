/** Longer pieces seldom come again. In bytes. */
const LONGEST = 160;
const SLOTS = 4096;
const SIGHTS = 65_536;

/**
 * Remembers what was found in short pieces of a log: finished progress bars, warnings and floods come thousands of times, to the
 * letter. What came once is only marked, as most pieces never come again. One place for each hash: the memory is bounded.
 */
export class Repeats<T> {
  readonly #bytes = new Uint8Array(SLOTS * LONGEST);
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #values: (T | undefined)[] = [];
  readonly #sights = new Uint32Array(SIGHTS);
  #slot = -1;

  /** What was kept for the same bytes. */
  find(bytes: Uint8Array, from: number, to: number): T | undefined {
    const length = to - from;
    this.#slot = -1;
    if (length > LONGEST) return undefined;
    let hash = 0x811c9dc5;
    // Two bytes at a time; a break behind the last one does no harm.
    for (let i = from; i < to; i += 2) hash = Math.imul(hash ^ ((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8)), 0x9e3779b1);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    const sight = hash & (SIGHTS - 1);
    if (this.#sights[sight] !== hash) {
      this.#sights[sight] = hash;
      return undefined;
    }
    const slot = hash & (SLOTS - 1);
    this.#slot = slot;
    if (this.#lengths[slot] !== length) return undefined;
    const start = slot * LONGEST;
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== bytes[from + i]) return undefined;
    return this.#values[slot];
  }

  /** True when the bytes that were looked for last came before: they are worth keeping. */
  get wants(): boolean {
    return this.#slot >= 0;
  }

  /** Keeps a value for them. */
  keep(bytes: Uint8Array, from: number, to: number, value: T): void {
    this.#bytes.set(bytes.subarray(from, to), this.#slot * LONGEST);
    this.#lengths[this.#slot] = to - from;
    this.#values[this.#slot] = value;
  }
}
