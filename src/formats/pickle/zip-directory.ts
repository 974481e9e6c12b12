import type { ByteSource } from '../bytes';

/** Budgets of reliability.md §4.3. */
const MAX_ENTRIES = 10_000;
const MAX_TAIL = 22 + 65_535;
const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Offsets in the file, of the local header and of the packed bytes. `dataOffset` is −1 where the local header is broken. */
  readonly localOffset: number;
  readonly dataOffset: number;
  /** Where central directory and local header disagree. */
  readonly problems: readonly string[];
}

export type ZipDirectory =
  | { readonly kind: 'missing' }
  | { readonly kind: 'broken'; readonly reason: string }
  | {
      readonly kind: 'found';
      readonly entries: readonly ZipEntry[];
      readonly start: number;
      readonly problems: readonly string[];
    };

/** Reads the central directory and every local header; both views are kept where they disagree. Bounded by entries. */
export function findDirectory(source: ByteSource): ZipDirectory {
  const tailStart = Math.max(source.size - MAX_TAIL, 0);
  const tail = source.read(tailStart, MAX_TAIL);
  const view = viewOf(tail);
  const ends: number[] = [];
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) <= tail.length) ends.push(at);
  }
  const end = ends[0];
  if (end === undefined) return { kind: 'missing' };
  const problems = ends.length > 1 ? ['ambiguous-end'] : [];
  if (end + 22 + view.getUint16(end + 20, true) < tail.length) problems.push('data-after-zip');
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 6, true) !== 0)
    return broken('the zip is split over several disks');
  const plain = {
    count: view.getUint16(end + 10, true),
    size: view.getUint32(end + 12, true),
    offset: view.getUint32(end + 16, true),
    at: tailStart + end,
  };
  return entriesOf(source, wide(source, plain) ?? plain, problems);
}

interface End {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
  /** Where the directory ends. */
  readonly at: number;
}

/** The zip64 end record, when there is one. */
function wide(source: ByteSource, plain: End): End | null {
  const locator = source.read(plain.at - 20, 20);
  if (plain.at < 20 || locator.length < 20 || viewOf(locator).getUint32(0, true) !== END64_LOCATOR) return null;
  const said = u64(viewOf(locator), 8);
  for (const at of [said, plain.at - 20 - 56]) {
    const record = source.read(at, 56);
    if (record.length < 56 || viewOf(record).getUint32(0, true) !== END64) continue;
    const view = viewOf(record);
    return { count: u64(view, 32), size: u64(view, 40), offset: u64(view, 48), at };
  }
  return null;
}

function entriesOf(source: ByteSource, end: End, problems: string[]): ZipDirectory {
  const start = end.at - end.size;
  if (start < 0) return broken('the central directory lies outside of the file');
  // Something stands before the zip: offsets count from its own first byte.
  const shift = start - end.offset;
  if (shift < 0) return broken('the central directory lies outside of the file');
  if (shift > 0) problems.push('data-before-zip');
  if (end.count > MAX_ENTRIES) problems.push('too-many-entries');
  const directory = source.read(start, Math.min(end.size, MAX_ENTRIES * 1024));
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < MAX_ENTRIES && at + 46 <= directory.length) {
    const view = new DataView(directory.buffer, directory.byteOffset + at, directory.length - at);
    if (view.getUint32(0, true) !== CENTRAL) break;
    const length = 46 + view.getUint16(28, true) + view.getUint16(30, true) + view.getUint16(32, true);
    if (at + length > directory.length) break;
    entries.push(entryOf(source, directory.subarray(at, at + length), shift));
    at += length;
  }
  if (entries.length !== Math.min(end.count, MAX_ENTRIES)) problems.push('directory-broken');
  if (overlap(entries, start)) problems.push('overlap');
  return { kind: 'found', entries, start: shift, problems };
}

function entryOf(source: ByteSource, record: Uint8Array, shift: number): ZipEntry {
  const view = viewOf(record);
  const nameLength = view.getUint16(28, true);
  const name = decodeName(record.subarray(46, 46 + nameLength));
  const sizes = { packed: view.getUint32(20, true), size: view.getUint32(24, true), local: view.getUint32(42, true) };
  widen(record.subarray(46 + nameLength, 46 + nameLength + view.getUint16(30, true)), sizes);
  const localOffset = sizes.local + shift;
  const flags = view.getUint16(8, true);
  const method = view.getUint16(10, true);
  const local = localOf(source, localOffset, { name, flags, method, packed: sizes.packed });
  return { name, flags, method, crc: view.getUint32(16, true), packed: sizes.packed, size: sizes.size, localOffset, ...local };
}

/** Extra field 1 (zip64) holds the 8-byte forms of what is 0xffffffff in the record, in this order. */
function widen(extra: Uint8Array, sizes: { packed: number; size: number; local: number }): void {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let p = at + 4;
    for (const key of ['size', 'packed', 'local'] as const) {
      if (sizes[key] !== 0xffffffff || p + 8 > extra.length) continue;
      sizes[key] = u64(view, p);
      p += 8;
    }
    return;
  }
}

function localOf(
  source: ByteSource,
  offset: number,
  central: { name: string; flags: number; method: number; packed: number },
): Pick<ZipEntry, 'dataOffset' | 'problems'> {
  const head = source.read(offset, 30);
  if (head.length < 30 || viewOf(head).getUint32(0, true) !== LOCAL)
    return { dataOffset: -1, problems: ['local-header-missing'] };
  const view = viewOf(head);
  const nameLength = view.getUint16(26, true);
  const problems: string[] = [];
  if (decodeName(source.read(offset + 30, nameLength)) !== central.name) problems.push('two-names');
  if (view.getUint16(6, true) !== central.flags) problems.push('two-flags');
  if (view.getUint16(8, true) !== central.method) problems.push('two-methods');
  const dataOffset = offset + 30 + nameLength + view.getUint16(28, true);
  if (dataOffset + central.packed > source.size) problems.push('cut-off');
  return { dataOffset, problems };
}

function overlap(entries: readonly ZipEntry[], directoryStart: number): boolean {
  const sorted = [...entries].sort((a, b) => a.localOffset - b.localOffset);
  return sorted.some(
    (entry, i) => entry.dataOffset >= 0 && entry.dataOffset + entry.packed > (sorted[i + 1]?.localOffset ?? directoryStart),
  );
}

function decodeName(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function u64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

function broken(reason: string): ZipDirectory {
  return { kind: 'broken', reason };
}
