import type { ByteSource } from '../bytes';
import { Pages, SqliteError, viewOf } from './pages';
import { readRecord, readVarint, type SqlValue } from './record';

/** One row: column name → value. */
export type SqlRow = ReadonlyMap<string, SqlValue>;

export interface SqlLimits {
  /** Rows beyond this are not read. */
  readonly rows: number;
  /** A row larger than this many bytes is left out. */
  readonly rowBytes: number;
}

const DEFAULT_LIMITS: SqlLimits = { rows: 200_000, rowBytes: 16 * 1024 * 1024 };
const MAX_DEPTH = 40;
const MAX_COLUMNS = 200;

interface Table {
  readonly name: string;
  readonly root: number;
  readonly columns: readonly string[];
  /** Index of the INTEGER PRIMARY KEY column, which is stored as the row id; −1 without. */
  readonly rowId: number;
}

/**
 * A SQLite file opened for reading: tables with row ids, overflow pages and the write-ahead log. Never writes, never locks.
 * Throws SqliteError for what is no database.
 */
export class SqliteFile {
  private readonly pages: Pages;
  private readonly tables = new Map<string, Table>();

  constructor(db: ByteSource, wal: ByteSource | null = null) {
    this.pages = new Pages(db, wal);
    for (const { record } of this.records(1, { rows: 10_000, rowBytes: 1024 * 1024 })) {
      const [type, name, , root, sql] = record;
      if (type !== 'table' || typeof name !== 'string' || typeof root !== 'number' || typeof sql !== 'string') continue;
      if (!/\bWITHOUT\s+ROWID\b/i.test(sql)) this.tables.set(name.toLowerCase(), { name, root, ...columnsOf(sql) });
    }
  }

  tableNames(): string[] {
    return [...this.tables.values()].map((table) => table.name);
  }

  /** Rows of a table in row-id order; none when there is no such table. Throws SqliteError in the middle of a damaged file. */
  *rows(name: string, limits: Partial<SqlLimits> = {}): Generator<SqlRow> {
    const table = this.tables.get(name.toLowerCase());
    if (!table) return;
    for (const { rowId, record } of this.records(table.root, { ...DEFAULT_LIMITS, ...limits })) {
      const row = new Map<string, SqlValue>();
      for (const [i, column] of table.columns.entries()) row.set(column, i === table.rowId ? rowId : (record[i] ?? null));
      yield row;
    }
  }

  private *records(root: number, limits: SqlLimits): Generator<{ rowId: number; record: SqlValue[] }> {
    let left = limits.rows;
    for (const leaf of this.leaves(root, 0, new Set())) {
      for (const cell of cellsOf(leaf.page, leaf.start)) {
        if (left-- <= 0) return;
        const length = readVarint(leaf.page, cell);
        const id = readVarint(leaf.page, length.next);
        if (length.value > limits.rowBytes) continue;
        const payload = this.payload(leaf.page, id.next, length.value);
        yield { rowId: id.value, record: readRecord(payload, this.pages.encoding, MAX_COLUMNS) };
      }
    }
  }

  /** Leaf pages of a table b-tree from left to right; a page that comes twice is damage. */
  private *leaves(number: number, depth: number, seen: Set<number>): Generator<{ page: Uint8Array; start: number }> {
    if (depth > MAX_DEPTH || seen.has(number)) throw new SqliteError('the tree runs in a circle');
    seen.add(number);
    const page = this.pages.page(number);
    const start = number === 1 ? 100 : 0;
    const kind = page[start];
    if (kind === 0x0d) yield { page, start };
    else if (kind === 0x05) {
      const view = viewOf(page);
      for (const cell of cellsOf(page, start)) {
        if (cell + 4 > page.length) throw new SqliteError('a cell lies outside of its page');
        yield* this.leaves(view.getUint32(cell), depth + 1, seen);
      }
      yield* this.leaves(view.getUint32(start + 8), depth + 1, seen);
    } else throw new SqliteError(`page ${number} is no table page`);
  }

  private payload(page: Uint8Array, at: number, length: number): Uint8Array {
    const { usable } = this.pages;
    const most = usable - 35;
    if (length <= most) return whole(page.subarray(at, at + length), length);
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const split = least + ((length - least) % (usable - 4));
    const local = split <= most ? split : least;
    const out = new Uint8Array(length);
    out.set(whole(page.subarray(at, at + local), local));
    let filled = local;
    let next = at + local + 4 <= page.length ? viewOf(page).getUint32(at + local) : 0;
    while (filled < length && next !== 0) {
      const overflow = this.pages.page(next);
      const part = overflow.subarray(4, Math.min(usable, 4 + length - filled));
      out.set(part, filled);
      filled += part.length;
      next = viewOf(overflow).getUint32(0);
    }
    return whole(out.subarray(0, filled), length);
  }
}

function whole(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new SqliteError('a row is cut');
  return bytes;
}

/** Offsets of the cells of a b-tree page. */
function* cellsOf(page: Uint8Array, start: number): Generator<number> {
  const view = viewOf(page);
  const count = view.getUint16(start + 3);
  const pointers = start + (page[start] === 0x05 ? 12 : 8);
  if (pointers + 2 * count > page.length) throw new SqliteError('too many cells for a page');
  for (let i = 0; i < count; i++) yield view.getUint16(pointers + 2 * i);
}

/** Column names out of CREATE TABLE. Constraints of the whole table are no columns. */
function columnsOf(sql: string): { columns: string[]; rowId: number } {
  const open = sql.indexOf('(');
  const columns: string[] = [];
  let rowId = -1;
  for (const part of splitTop(sql.slice(open + 1, sql.lastIndexOf(')')))) {
    const match = /^(?:"([^"]+)"|`([^`]+)`|\[([^\]]+)\]|([^\s"'`(),]+))\s*(.*)$/s.exec(part.trim());
    const name = match?.[1] ?? match?.[2] ?? match?.[3] ?? match?.[4];
    if (name === undefined || (match?.[4] !== undefined && /^(?:CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)$/i.test(name))) continue;
    // A generated column that is not stored takes no place in the record.
    if (/\bGENERATED\s+ALWAYS\b|\bAS\s*\(/i.test(match?.[5] ?? '') && !/\bSTORED\b/i.test(match?.[5] ?? '')) continue;
    if (/^INTEGER\s+PRIMARY\s+KEY\b(?!\s+DESC)/i.test(match?.[5] ?? '')) rowId = columns.length;
    columns.push(name);
  }
  return { columns, rowId };
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
