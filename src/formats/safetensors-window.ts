import type { ByteSource } from './bytes';
import { SafetensorsFault, type SafetensorsHint } from './safetensors-fault';

const LENGTH_FIELD = 8;

/** Thrown when a token runs past the window and the header goes on: the reader slides the window and tries again. */
export const NEED_MORE: unique symbol = Symbol('need more bytes');

/** The part of the header that is in memory. Positions count from its first byte. */
export class HeaderWindow {
  bytes: Uint8Array;
  /** Whether the header was in memory as a whole from the start. */
  readonly whole: boolean;
  #text: string | null = null;
  private readonly source: ByteSource;
  private readonly length: number;
  private base = 0;
  private room = new Uint8Array(0);
  private size: number;

  /** @param length header length in bytes; the file is known to be at least 8 + length long. @param size of the window. */
  constructor(source: ByteSource, length: number, size: number) {
    this.source = source;
    this.size = size;
    this.length = length;
    this.whole = length <= size;
    this.bytes = this.load();
    if (!this.whole) this.check();
  }

  /** The text of a whole header, decoded when it is first asked for; null of any other. Throws when it is no UTF-8. */
  text(): string | null {
    if (!this.whole) return null;
    this.#text ??= decoded(this.bytes);
    if (this.#text === null) this.check();
    return this.#text;
  }

  /** A piece of bytes that nothing has checked yet. Throws when it is no UTF-8. */
  piece(from: number, to: number): string {
    try {
      return PIECES.decode(this.bytes.subarray(from, to));
    } catch {
      throw badUtf8(this.bytes, validUtf8Until(this.bytes, true).until, this.base);
    }
  }

  /** Whether all bytes are known to be UTF-8. */
  get checked(): boolean {
    return this.whole && this.#text !== null;
  }

  /** Whether the window reaches to the end of the header. */
  get complete(): boolean {
    return this.base + this.bytes.length === this.length;
  }

  /** Where a position lies in the file. */
  fileOffset(position: number): number {
    return LENGTH_FIELD + this.base + position;
  }

  /** Makes `position` the first byte; when it is that already, the window grows. */
  slide(position: number): void {
    if (position === 0) this.size = Math.min(this.size * 128, this.length);
    this.base += position;
    this.bytes = this.load();
    this.check();
  }

  private check(): void {
    const valid = validUtf8Until(this.bytes, this.complete);
    if (valid.bad) throw badUtf8(this.bytes, valid.until, this.base);
  }

  /** Into the memory of the window before, where the source can: a hundred windows of a long header would be as much garbage. */
  private reread(want: number): Uint8Array {
    const offset = LENGTH_FIELD + this.base;
    if (!this.source.readInto) return this.source.read(offset, want);
    if (this.room.length < want) this.room = new Uint8Array(want);
    return this.room.subarray(0, this.source.readInto(this.room.subarray(0, want), offset));
  }

  private load(): Uint8Array {
    const want = Math.min(this.size, this.length - this.base);
    const bytes = this.whole ? this.source.read(LENGTH_FIELD + this.base, want) : this.reread(want);
    if (bytes.length === want) return bytes;
    throw new SafetensorsFault('changed-while-reading', 'the file became shorter while it was read', {
      offset: this.fileOffset(bytes.length),
      have: this.fileOffset(bytes.length),
      need: LENGTH_FIELD + this.length,
    });
  }
}

const PIECES = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | null {
  try {
    return PIECES.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * How far `bytes` are valid UTF-8. A sequence cut off by the end is bad only when these are the `last` bytes.
 * Overlong forms, surrogates and code points above U+10FFFF are invalid (Unicode, table 3-7).
 */
export function validUtf8Until(bytes: Uint8Array, last: boolean): { readonly until: number; readonly bad: boolean } {
  const end = bytes.length;
  let i = 0;
  while (i < end) {
    const first = bytes[i] ?? 0;
    if (first < 0x80) {
      i++;
      continue;
    }
    const extra = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
    const there = Math.min(extra, end - i - 1);
    if (extra === 0 || !fits(bytes, i, there)) return { until: i, bad: true };
    if (there < extra) return { until: i, bad: last };
    i += extra + 1;
  }
  return { until: end, bad: false };
}

/** Whether the `count` bytes after the first one may follow it. */
function fits(bytes: Uint8Array, at: number, count: number): boolean {
  if (count === 0) return true;
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return false;
  for (let k = 2; k <= count; k++) if (((bytes[at + k] ?? 0) & 0xc0) !== 0x80) return false;
  return true;
}

/** The fault for bad UTF-8 at `at` of bytes that begin `base` bytes into the header. */
export function badUtf8(bytes: Uint8Array, at: number, base: number): SafetensorsFault {
  const hint = base === 0 ? startHint(bytes, 0) : null;
  return new SafetensorsFault('invalid-header-utf8', 'invalid UTF-8 in header', { offset: 8 + base + at, hint });
}

/** What stands where the first `{` should be. */
export function startHint(bytes: Uint8Array, at: number): SafetensorsHint | null {
  const [one, two, three] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (one === 0xef && two === 0xbb && three === 0xbf) return 'bom';
  if ((one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff)) return 'utf-16';
  if (one === 0 && two === 0x7b) return 'utf-16';
  return one === 0 && two === 0 ? 'zeros' : null;
}
