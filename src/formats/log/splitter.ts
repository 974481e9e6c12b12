import { decodePiece, type LogEncoding, sniffUtf16 } from './decode';
import type { LogKernel } from './kernel';

/** Longest piece of a line that is kept, in bytes (UTF-16 logs: of their UTF-8 form). The rest is dropped and counted. */
export const LINE_LIMIT = 64 * 1024;
/** A piece over the limit holds at least one stretch of this length that begins at a multiple of it. */
const STRETCH = LINE_LIMIT / 2;
/** Read in one go behind a line that is not ended yet. Fits the buffer, and the processor's cache. */
const SLICE = 256 * 1024;
const LF = 10;
const CR = 13;

/** What was left out or found out on the way. Numbers of bytes, except `cutLines`. */
export interface SplitterStats {
  readonly bytes: number;
  readonly nulBytes: number;
  readonly cutLines: number;
  readonly cutBytes: number;
  readonly encoding: LogEncoding;
}

export interface Splitter {
  feed(chunk: Uint8Array): void;
  /** Hands over a last line without line break. */
  end(): void;
  stats(): SplitterStats;
  /** The same, read on apart with a kernel of its own; null in the middle of a line, and for UTF-16. */
  fork(kernel: LogKernel, onBlock: (from: number, to: number) => void): Splitter | null;
}

/**
 * Turns a byte stream into blocks of whole pieces (a piece ends at `\n` or `\r`; the breaks are left in): ranges of the kernel's
 * buffer without NUL and without a piece over the limit. A line that is not ended yet is held back. UTF-16 becomes UTF-8; the
 * bytes of other encodings stay. The result does not depend on how the bytes are cut into chunks.
 */
export function createSplitter(kernel: LogKernel, onBlock: (from: number, to: number) => void): Splitter {
  return new ByteSplitter(kernel, onBlock);
}

class ByteSplitter implements Splitter {
  readonly #kernel: LogKernel;
  readonly #buffer: Uint8Array;
  readonly #onBlock: (from: number, to: number) => void;
  readonly #narrow = new TextEncoder();
  readonly #seen = new Set<LogEncoding>();
  #undecided: Uint8Array | null = new Uint8Array(0);
  #wide: InstanceType<typeof TextDecoder> | null = null;
  #wideName: LogEncoding | null = null;
  /** Bytes of the line that is not ended yet: how many stand at the beginning of the buffer, and how many are over the limit. */
  #held = 0;
  #over = 0;
  #bytes = 0;
  #nulBytes = 0;
  #cutLines = 0;
  #cutBytes = 0;

  constructor(kernel: LogKernel, onBlock: (from: number, to: number) => void) {
    this.#kernel = kernel;
    this.#buffer = kernel.bytes;
    this.#onBlock = onBlock;
  }

  feed(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#undecided === null) {
      this.#push(chunk);
      return;
    }
    const head = new Uint8Array(this.#undecided.length + chunk.length);
    head.set(this.#undecided);
    head.set(chunk, this.#undecided.length);
    this.#undecided = head;
    if (head.length >= 4) this.#decide(head);
  }

  end(): void {
    if (this.#undecided) this.#decide(this.#undecided);
    if (this.#wide) this.#pushPlain(this.#narrow.encode(this.#wide.decode()));
    const end = this.#over > 0 ? this.#cut(0, this.#held, this.#over) : this.#held;
    this.#emit(0, end);
    this.#held = 0;
    this.#over = 0;
  }

  fork(kernel: LogKernel, onBlock: (from: number, to: number) => void): ByteSplitter | null {
    if (this.#undecided || this.#wide || this.#held > 0 || this.#over > 0) return null;
    const other = new ByteSplitter(kernel, onBlock);
    other.#undecided = null;
    for (const encoding of this.#seen) other.#seen.add(encoding);
    other.#bytes = this.#bytes;
    other.#nulBytes = this.#nulBytes;
    other.#cutLines = this.#cutLines;
    other.#cutBytes = this.#cutBytes;
    return other;
  }

  stats(): SplitterStats {
    const [only] = this.#seen;
    const encoding = this.#wideName ?? (this.#seen.size > 1 ? 'mixed' : (only ?? 'ascii'));
    return { bytes: this.#bytes, nulBytes: this.#nulBytes, cutLines: this.#cutLines, cutBytes: this.#cutBytes, encoding };
  }

  #decide(head: Uint8Array): void {
    this.#undecided = null;
    const wide = sniffUtf16(head);
    this.#wideName = wide;
    if (wide) this.#wide = new TextDecoder(wide);
    this.#push(head);
  }

  #push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += SLICE) {
      const slice = chunk.subarray(at, at + SLICE);
      this.#pushPlain(this.#wide ? this.#narrow.encode(this.#wide.decode(slice, { stream: true })) : slice);
    }
  }

  #pushPlain(plain: Uint8Array): void {
    for (let at = 0; at < plain.length; at += SLICE) {
      const slice = plain.subarray(at, at + SLICE);
      this.#buffer.set(slice, this.#held);
      // Holes of a file that was cut off in a crash are zeros.
      const end = this.#kernel.squeeze(this.#held, this.#held + slice.length);
      this.#nulBytes += this.#held + slice.length - end;
      this.#take(end);
    }
  }

  /** What is new stands between the line that was held back and `end`. */
  #take(end: number): void {
    const fresh = this.#held;
    const buffer = this.#buffer;
    const last = lastBreak(buffer, fresh, end);
    let from = 0;
    if (last >= fresh) {
      if (this.#over > 0) {
        const first = nextBreak(buffer, fresh, end);
        const cut = this.#cut(0, fresh, this.#over + first - fresh);
        buffer[cut] = buffer[first] ?? LF;
        this.#emit(0, cut + 1);
        this.#over = 0;
        from = first + 1;
      }
      this.#emitPieces(from, last + 1);
      from = last + 1;
      buffer.copyWithin(0, from, end);
    }
    const length = end - from;
    this.#held = Math.min(length, LINE_LIMIT);
    this.#over += length - this.#held;
  }

  /** Whole pieces. Those over the limit are cut, which moves their break. */
  #emitPieces(from: number, to: number): void {
    const buffer = this.#buffer;
    let start = from;
    for (let at = from; at < to; ) {
      const end = nextBreak(buffer, at, to);
      if (end - at < STRETCH) {
        at += STRETCH;
        continue;
      }
      const begin = Math.max(start, lastBreak(buffer, start, at) + 1);
      if (end - begin > LINE_LIMIT) {
        this.#emit(start, begin);
        const cut = this.#cut(begin, begin + LINE_LIMIT, end - begin - LINE_LIMIT);
        buffer[cut] = buffer[end] ?? LF;
        this.#emit(begin, cut + 1);
        start = end + 1;
      }
      at = end + 1;
    }
    this.#emit(start, to);
  }

  /** Counts a piece that is cut off at `to`, where `over` bytes of it follow; gives where its last whole character ends. */
  #cut(from: number, to: number, over: number): number {
    const cut = from + wholeCharacters(this.#buffer.subarray(from, to)).length;
    this.#cutLines++;
    this.#cutBytes += over + to - cut;
    return cut;
  }

  #emit(from: number, to: number): void {
    if (to <= from) return;
    this.#look(from, to);
    this.#onBlock(from, to);
  }

  /** Which encodings there are. Two make a mixed log, whatever else comes. */
  #look(from: number, to: number): void {
    if (this.#seen.size > 1) return;
    const kind = this.#kernel.encoding(from, to);
    if (kind === 1) this.#seen.add('utf-8');
    if (kind < 2) return;
    for (let at = from; at < to && this.#seen.size < 2; ) {
      const end = nextBreak(this.#buffer, at, to);
      const { encoding } = decodePiece(this.#buffer.subarray(at, end));
      if (encoding !== 'ascii') this.#seen.add(encoding);
      at = end + 1;
    }
  }
}

/** Index of the first `\n` or `\r` in `[from, to)`, or `to`. */
export function nextBreak(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === LF || bytes[i] === CR) return i;
  return to;
}

/** Index of the last `\n` or `\r` in `[from, to)`, or `from - 1`. */
export function lastBreak(bytes: Uint8Array, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) if (bytes[i] === LF || bytes[i] === CR) return i;
  return from - 1;
}

/** Leaves out a UTF-8 character that the cut went through. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needs > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
