import { type ByteSource, leadingUint64 } from './bytes';
import { EntryReader } from './safetensors-entry';
import { type SafetensorsError, SafetensorsFault, type SafetensorsHint, type SafetensorsNote } from './safetensors-fault';
import type { SafetensorsHeader } from './safetensors-header';
import type { KnownTable, TableMemo } from './safetensors-memo';
import { TensorTable } from './safetensors-table';
import { Tokens } from './safetensors-tokens';
import { badUtf8, HeaderWindow, NEED_MORE, startHint, validUtf8Until } from './safetensors-window';

/** The reference refuses a longer header. */
const MAX_HEADER = 100_000_000;
/** Metadata values are kept up to this many bytes each, and all together. */
const MAX_VALUE = 16 * 1024 * 1024;
const MAX_METADATA = 32 * 1024 * 1024;
/** Entries are seldom shorter; it only sizes the table. */
const BYTES_PER_ENTRY = 64;
/** Headers up to here are read at once. */
const WINDOW = 1024 * 1024;
const UTF8_CHUNK = 1024 * 1024;

export type SafetensorsResult =
  | { readonly ok: true; readonly header: SafetensorsHeader; readonly notes: readonly SafetensorsNote[] }
  | { readonly ok: false; readonly error: SafetensorsError };

/**
 * Reads and checks a safetensors header as the reference implementation does (Rust `safetensors` 0.8): same verdict, and
 * the error of the same kind. Oddities that the reference accepts come back as notes. Reads the header only, never data;
 * one longer than a MiB (up to 100,000,000 bytes are legal) through a window. Never throws for what is in the file; errors of `source` pass through.
 *
 * @param memo tables of tensors seen before: for whoever reads many files.
 */
export function readSafetensors(source: ByteSource, memo?: TableMemo): SafetensorsResult {
  return readThroughWindow(source, WINDOW, memo);
}

/** `readSafetensors` with a window of another size than usual. */
export function readThroughWindow(source: ByteSource, windowBytes: number, memo?: TableMemo): SafetensorsResult {
  try {
    const length = headerLength(source);
    return readHeader(source, length, windowBytes, memo);
  } catch (error) {
    if (error instanceof SafetensorsFault) return { ok: false, error: error.error };
    throw error;
  }
}

/** The reference refuses bad UTF-8 anywhere in the header before it looks at the JSON, so a JSON fault waits for that. */
function readHeader(source: ByteSource, length: number, windowBytes: number, memo?: TableMemo): SafetensorsResult {
  const window = new HeaderWindow(source, length, windowBytes);
  const reader = new HeaderReader(window, length, memo);
  try {
    reader.run();
  } catch (error) {
    if (!window.checked) checkUtf8(source, length);
    throw error;
  }
  return reader.finish(source.size, 8 + length);
}

function checkUtf8(source: ByteSource, length: number): void {
  for (let at = 0; at < length; ) {
    const bytes = source.read(8 + at, Math.min(UTF8_CHUNK, length - at));
    const valid = validUtf8Until(bytes, at + bytes.length === length);
    if (valid.bad) throw badUtf8(bytes, valid.until, at);
    if (valid.until === 0) return; // The file shrank: the first fault stands.
    at += valid.until;
  }
}

function headerLength(source: ByteSource): number {
  const { size } = source;
  const first = source.read(0, 8);
  if (first.length < 8)
    throw new SafetensorsFault('header-too-small', 'header too small', { have: first.length, need: 8, hint: 'truncated' });
  const length = leadingUint64(first);
  if (length > MAX_HEADER) {
    const view = new DataView(first.buffer, first.byteOffset, 8);
    const swapped = view.getBigUint64(0, false);
    const hint: SafetensorsHint | null = swapped > 0n && swapped + 8n <= BigInt(size) ? 'byte-order' : null;
    const exact = view.getBigUint64(0, true);
    throw new SafetensorsFault('header-too-large', `header too large (${exact} bytes, the limit is ${MAX_HEADER})`, { hint });
  }
  if (8 + length > size) {
    throw new SafetensorsFault('invalid-header-length', 'invalid header length', {
      have: size,
      need: 8 + length,
      hint: 'truncated',
    });
  }
  return length;
}

type State = 'start' | 'first' | 'next' | 'metadata-first' | 'metadata-next' | 'tail';

class HeaderReader {
  private readonly window: HeaderWindow;
  private readonly tokens: Tokens;
  private readonly length: number;
  private readonly table: TensorTable;
  private readonly entries: EntryReader;
  private readonly memo: TableMemo | undefined;
  /** Whether the first tensor has been seen, and where. */
  private begun = false;
  private memoFrom = -1;
  private known: KnownTable | undefined;
  private readonly metadata = new Map<string, string>();
  private metadataBytes = 0;
  private metadataSeen = false;
  /** Whether the metadata stands behind a tensor. */
  private metadataInside = false;
  /** Everything before it has been read for good: reading starts over here when the window was too small. */
  private position = 0;
  private state: State | 'done' = 'start';

  constructor(window: HeaderWindow, length: number, memo?: TableMemo) {
    this.window = window;
    this.tokens = new Tokens(window);
    this.length = length;
    this.memo = window.whole ? memo : undefined;
    this.table = new TensorTable(0);
    this.entries = new EntryReader(this.tokens, this.table);
  }

  /** Before the first tensor: the table is already known, or room is made for it. True when there is nothing left to read. */
  private begin(from: number): boolean {
    if (this.begun) return false;
    this.begun = true;
    this.known = this.memo?.find(this.window.bytes.subarray(from));
    if (this.known) {
      this.commit(this.window.bytes.length, 'done');
      return true;
    }
    this.memoFrom = from;
    this.tokens.load();
    this.table.expect(Math.ceil((this.length - from) / BYTES_PER_ENTRY));
    return false;
  }

  run(): void {
    while (this.state !== 'done') {
      try {
        this.step(this.state);
      } catch (error) {
        if (error !== NEED_MORE) throw error;
        this.window.slide(this.position);
        this.position = 0;
      }
    }
  }

  private commit(position: number, state: State | 'done'): void {
    this.position = position;
    this.state = state;
  }

  /** White space may be longer than any window, so it is given up as it is passed. */
  private space(): number {
    const { bytes } = this.window;
    while (this.position < bytes.length && isSpace(bytes[this.position])) this.position++;
    return this.position;
  }

  private step(state: State): void {
    if (state === 'tail') {
      this.tail();
      return;
    }
    const p = this.space();
    if (state === 'start') {
      const byte = this.tokens.at(p);
      if (byte !== 0x7b)
        this.tokens.fail(
          byte === 0x5b || byte === 0x22 ? 'invalid type, expected a map' : 'expected value',
          p,
          startHint(this.window.bytes, p),
        );
      if (this.window.fileOffset(p) > 8) this.table.note('leading-whitespace', '');
      this.commit(p + 1, 'first');
      return;
    }
    const metadata = state === 'metadata-first' || state === 'metadata-next';
    const first = state === 'first' || state === 'metadata-first';
    if (this.tokens.at(p) === 0x7d) {
      this.commit(p + 1, metadata ? 'next' : 'tail');
      return;
    }
    const from = first ? p : this.tokens.space(this.tokens.expect(p, 0x2c));
    if (this.tokens.at(from) !== 0x22)
      this.tokens.fail('key must be a string', from, this.tokens.at(from) === 0 ? 'utf-16' : null);
    if (metadata) this.metadataPair(from);
    else this.members(from);
  }

  /** As many members as go the fast way; then one the slow way. */
  private members(from: number): void {
    let p = from;
    const { bytes } = this.window;
    while (this.begun) {
      const end = bytes[p] === 0x22 ? this.entries.quick(p) : -1;
      if (end < 0) break;
      this.commit(end, 'next');
      if (bytes[end] !== 0x2c) return;
      p = end + 1;
    }
    this.member(this.tokens.space(p));
  }

  private member(from: number): void {
    const { tokens } = this;
    if (tokens.at(from) !== 0x22) tokens.fail('key must be a string', from);
    const nameEnd = tokens.stringEnd(from);
    const name = tokens.stringValue(from, nameEnd);
    const value = tokens.space(tokens.expect(tokens.space(nameEnd + 1), 0x3a));
    if (name !== '__metadata__') {
      if (this.begin(from)) return;
      this.commit(this.entries.slow(name, value), 'next');
      return;
    }
    if (this.metadataSeen) tokens.fail('duplicate field `__metadata__`', from);
    this.metadataInside = this.begun;
    if (tokens.at(value) === 0x7b) {
      this.commit(value + 1, 'metadata-first');
    } else {
      const end = tokens.skip(value, 2);
      if (tokens.slice(value, Math.min(end, value + 5)) !== 'null') tokens.fail('invalid type, expected a map', value);
      this.commit(end, 'next');
    }
    this.metadataSeen = true;
  }

  private metadataPair(from: number): void {
    const { tokens } = this;
    const keyEnd = tokens.stringEnd(from);
    const key = tokens.stringValue(from, keyEnd);
    const value = tokens.space(tokens.expect(tokens.space(keyEnd + 1), 0x3a));
    if (tokens.at(value) !== 0x22) tokens.fail('invalid type, expected a string', value);
    const end = tokens.stringEnd(value);
    const size = end - from;
    if (this.metadata.has(key)) this.table.note('duplicate-metadata-key', key);
    if (size > MAX_VALUE || this.metadataBytes + size > MAX_METADATA) this.table.note('metadata-cut', key);
    else this.metadata.set(key, tokens.stringValue(value, end));
    this.metadataBytes += Math.min(size, MAX_VALUE);
    this.commit(end + 1, 'metadata-next');
  }

  /** Only white space may follow the root object. */
  private tail(): void {
    const p = this.space();
    const { bytes, complete } = this.window;
    if (p < bytes.length) {
      const nul = bytes.subarray(p).every((byte) => byte === 0 || isSpace(byte));
      this.tokens.fail('trailing characters', p, nul && complete ? 'nul-padding' : null);
    }
    if (!complete) throw NEED_MORE;
    this.commit(p, 'done');
  }

  finish(size: number, dataStart: number): SafetensorsResult {
    const { table, tokens, metadata } = this;
    const dataBytes = this.known?.dataBytes ?? table.verify(dataStart, (value) => tokens.print(value));
    const need = dataStart + dataBytes;
    if (need !== size) {
      throw new SafetensorsFault('metadata-incomplete-buffer', 'incomplete metadata, file not fully covered', {
        offset: Math.min(need, size),
        have: size,
        need,
        hint: need > size ? 'truncated' : 'appended',
      });
    }
    if (table.count === 0 && !this.known) table.note('no-tensors', '');
    const tensors = this.known?.tensors ?? table.tensors();
    const notes = table.notes();
    // Notes may be about the tensors, and metadata may stand among them: such a table is read again each time.
    const plain = notes.length === 0 && !this.metadataInside && this.memoFrom >= 0;
    if (plain) this.memo?.keep(this.window.bytes.subarray(this.memoFrom), { tensors, dataBytes });
    return { ok: true, header: { tensors, metadata, dataStart, ...(this.known ? { shared: true } : {}) }, notes };
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
