import type { ByteSource } from '../bytes';

/** The file is no SQLite database, or damaged in a way that ends the reading. */
export class SqliteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SqliteError';
  }
}

/** Frames of a write-ahead log that were committed: page number → offset of the page in the log. */
type WalPages = ReadonlyMap<number, number>;

const MAX_WAL = 512 * 1024 * 1024;

/**
 * Pages of a SQLite 3 file with its write-ahead log applied, read-only. File format: sqlite.org/fileformat2.html; recent rows of
 * a diskcache stand in the log only (webui-a1111-family.md §5.3, traps 30).
 */
export class Pages {
  readonly pageSize: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  private readonly db: ByteSource;
  private readonly wal: ByteSource | null;
  private readonly walPages: WalPages;

  constructor(db: ByteSource, wal: ByteSource | null) {
    this.db = db;
    const header = db.read(0, 100);
    if (header.length < 100 || new TextDecoder('latin1').decode(header.subarray(0, 15)) !== 'SQLite format 3') {
      throw new SqliteError('not a SQLite database');
    }
    const view = viewOf(header);
    const raw = view.getUint16(16);
    this.pageSize = raw === 1 ? 65_536 : raw;
    if (this.pageSize < 512 || (this.pageSize & (this.pageSize - 1)) !== 0) throw new SqliteError('impossible page size');
    this.usable = this.pageSize - view.getUint8(20);
    if (this.usable < 480) throw new SqliteError('impossible reserved space');
    const code = view.getUint32(56);
    this.encoding = code === 2 ? 'utf-16le' : code === 3 ? 'utf-16be' : 'utf-8';
    this.wal = wal;
    this.walPages = wal === null ? new Map() : committedPages(wal, this.pageSize);
  }

  /** Page `number` (from 1). Throws SqliteError when the file ends before. */
  page(number: number): Uint8Array {
    const inWal = this.walPages.get(number);
    const bytes =
      inWal !== undefined && this.wal
        ? this.wal.read(inWal, this.pageSize)
        : this.db.read((number - 1) * this.pageSize, this.pageSize);
    if (number < 1 || bytes.length < this.pageSize) throw new SqliteError(`page ${number} is missing`);
    return bytes;
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Follows the log while salts and checksums hold; only frames up to the last commit count. */
function committedPages(wal: ByteSource, pageSize: number): WalPages {
  const committed = new Map<number, number>();
  const header = wal.read(0, 32);
  if (header.length < 32 || wal.size > MAX_WAL) return committed;
  const view = viewOf(header);
  const magic = view.getUint32(0);
  if ((magic & 0xfffffffe) >>> 0 !== 0x377f0682 || view.getUint32(8) !== pageSize) return committed;
  const little = (magic & 1) === 0;
  let sums = checksum(view, 0, 24, little, [0, 0]);
  if (sums[0] !== view.getUint32(24) || sums[1] !== view.getUint32(28)) return committed;
  const pending = new Map<number, number>();
  for (let at = 32; at + 24 + pageSize <= wal.size; at += 24 + pageSize) {
    const frame = wal.read(at, 24 + pageSize);
    if (frame.length < 24 + pageSize) break;
    const f = viewOf(frame);
    if (f.getUint32(8) !== view.getUint32(16) || f.getUint32(12) !== view.getUint32(20)) break;
    sums = checksum(f, 0, 8, little, sums);
    sums = checksum(f, 24, 24 + pageSize, little, sums);
    if (sums[0] !== f.getUint32(16) || sums[1] !== f.getUint32(20)) break;
    pending.set(f.getUint32(0), at + 24);
    if (f.getUint32(4) === 0) continue;
    for (const [page, offset] of pending) committed.set(page, offset);
    pending.clear();
  }
  return committed;
}

function checksum(view: DataView, from: number, to: number, little: boolean, start: readonly [number, number]): [number, number] {
  let [a, b] = start;
  for (let i = from; i < to; i += 8) {
    a = (a + view.getUint32(i, little) + b) >>> 0;
    b = (b + view.getUint32(i + 4, little) + a) >>> 0;
  }
  return [a, b];
}
