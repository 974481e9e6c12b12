import { decodeBlock, decodePiece, type LogEncoding, sniffUtf16 } from './decode';

/** Longest piece of a line that is kept, in bytes (UTF-16 logs: of their UTF-8 form). The rest is dropped and counted. */
export const LINE_LIMIT = 64 * 1024;
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
}

/**
 * Turns a byte stream into blocks of text that hold whole pieces (a piece ends at `\n` or `\r`; the breaks are left in the text).
 * A line that is not ended yet is held back. Memory is bounded: 256 KiB of input at a time and one line of 64 KiB.
 * The result does not depend on how the bytes are cut into chunks.
 */
export function createSplitter(onText: (text: string) => void): Splitter {
  return new ByteSplitter(onText);
}

class ByteSplitter implements Splitter {
  readonly #onText: (text: string) => void;
  readonly #narrow = new TextEncoder();
  readonly #seen = new Set<LogEncoding>();
  readonly #pending = createPending();
  #undecided: Uint8Array | null = new Uint8Array(0);
  #wide: InstanceType<typeof TextDecoder> | null = null;
  #wideName: LogEncoding | null = null;
  #bytes = 0;
  #nulBytes = 0;
  #cutLines = 0;
  #cutBytes = 0;

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  feed(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#undecided === null) {
      this.#push(chunk);
      return;
    }
    this.#undecided = join(this.#undecided, chunk);
    if (this.#undecided.length >= 4) this.#decide(this.#undecided);
  }

  end(): void {
    if (this.#undecided) this.#decide(this.#undecided);
    if (this.#wide) this.#pushSlice(this.#narrow.encode(this.#wide.decode()));
    if (this.#pending.size() > 0) this.#emitPiece(this.#pending.take(), '');
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
    const plain = this.#wide ? this.#narrow.encode(this.#wide.decode(chunk, { stream: true })) : chunk;
    for (let at = 0; at < plain.length; at += SLICE) this.#pushSlice(plain.subarray(at, at + SLICE));
  }

  #pushSlice(slice: Uint8Array): void {
    const last = Math.max(slice.lastIndexOf(LF), slice.lastIndexOf(CR));
    if (last < 0) {
      this.#pending.add(slice);
      return;
    }
    let rest = slice.subarray(0, last + 1);
    if (this.#pending.size() > 0) {
      const end = nextBreak(rest, 0);
      this.#pending.add(rest.subarray(0, end));
      this.#emitPiece(this.#pending.take(), breakAt(rest, end));
      rest = rest.subarray(end + 1);
    }
    this.#emitPieces(rest);
    this.#pending.add(slice.subarray(last + 1));
  }

  /** Whole pieces: in one go when all are short and UTF-8, else one by one. */
  #emitPieces(block: Uint8Array): void {
    if (block.length === 0) return;
    if (block.length <= LINE_LIMIT || !hasLongPiece(block)) {
      const text = decodeBlock(block);
      if (text !== null) {
        if (text.length !== block.length) this.#seen.add('utf-8');
        this.#onText(this.#withoutNul(text));
        return;
      }
    }
    for (let from = 0; from < block.length; ) {
      const end = nextBreak(block, from);
      this.#emitPiece({ kept: block.subarray(from, end), dropped: 0 }, breakAt(block, end));
      from = end + 1;
    }
  }

  #emitPiece(piece: Piece, lineBreak: string): void {
    let { kept, dropped } = piece;
    if (kept.length > LINE_LIMIT || dropped > 0) {
      const whole = kept.length + dropped;
      kept = wholeCharacters(kept.subarray(0, LINE_LIMIT));
      dropped = whole - kept.length;
      this.#cutLines++;
      this.#cutBytes += dropped;
    }
    const { text, encoding } = decodePiece(kept);
    if (encoding !== 'ascii') this.#seen.add(encoding);
    this.#onText(this.#withoutNul(text) + lineBreak);
  }

  /** Holes of a file that was cut off in a crash are zeros. */
  #withoutNul(text: string): string {
    if (!text.includes('\0')) return text;
    const clean = text.replaceAll('\0', '');
    this.#nulBytes += text.length - clean.length;
    return clean;
  }
}

function breakAt(bytes: Uint8Array, at: number): string {
  const byte = bytes[at];
  return byte === undefined ? '' : String.fromCharCode(byte);
}

interface Piece {
  readonly kept: Uint8Array;
  readonly dropped: number;
}

/** The line that is not ended yet, at most one byte over the limit (to know that it is over). */
function createPending(): { add(bytes: Uint8Array): void; take(): Piece; size(): number } {
  let parts: Uint8Array[] = [];
  let kept = 0;
  let dropped = 0;
  return {
    add(bytes) {
      const room = Math.min(bytes.length, LINE_LIMIT + 1 - kept);
      if (room > 0) parts.push(bytes.slice(0, room));
      kept += Math.max(room, 0);
      dropped += bytes.length - Math.max(room, 0);
      if (parts.length > 64) parts = [joinAll(parts, kept)];
    },
    take() {
      const piece = { kept: joinAll(parts, kept), dropped };
      parts = [];
      kept = 0;
      dropped = 0;
      return piece;
    },
    size: () => kept + dropped,
  };
}

/** Index of the first `\n` or `\r` at or behind `from`, or the length. */
function nextBreak(bytes: Uint8Array, from: number): number {
  for (let i = from; i < bytes.length; i++) if (bytes[i] === LF || bytes[i] === CR) return i;
  return bytes.length;
}

function hasLongPiece(block: Uint8Array): boolean {
  let from = 0;
  for (let i = 0; i < block.length; i++) {
    if (block[i] !== LF && block[i] !== CR) continue;
    if (i - from > LINE_LIMIT) return true;
    from = i + 1;
  }
  return false;
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

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  return joinAll([a, b], a.length + b.length);
}

function joinAll(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
