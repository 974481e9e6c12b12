import { type Pages, SqliteError, viewOf } from './pages';

/** A column's value. Integers beyond 2^53 lose their last digits. */
export type SqlValue = null | number | string | Uint8Array;

/** Nine bytes at most; 64-bit values come out as a JS number. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new SqliteError('a number runs past the end');
    if (i === 8) return { value: value * 256 + byte, next: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  throw new SqliteError('unreadable number');
}

/** Decodes a record (header of serial types, then values). Throws SqliteError when it is damaged. */
export function readRecord(payload: Uint8Array, encoding: Pages['encoding'], maxColumns: number): SqlValue[] {
  const header = readVarint(payload, 0);
  if (header.value > payload.length) throw new SqliteError('record header is too long');
  const values: SqlValue[] = [];
  const text = (part: Uint8Array): string => new TextDecoder(encoding).decode(part);
  let at = header.next;
  let body = header.value;
  while (at < header.value && values.length < maxColumns) {
    const type = readVarint(payload, at);
    at = type.next;
    const length = lengthOf(type.value);
    if (body + length > payload.length) throw new SqliteError('record is too short');
    values.push(decodeValue(payload.subarray(body, body + length), type.value, text));
    body += length;
  }
  return values;
}

function lengthOf(type: number): number {
  const fixed = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type];
  if (fixed !== undefined) return fixed;
  if (type < 12) throw new SqliteError('reserved value type');
  return type % 2 === 0 ? (type - 12) / 2 : (type - 13) / 2;
}

function decodeValue(bytes: Uint8Array, type: number, text: (part: Uint8Array) => string): SqlValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return viewOf(bytes).getFloat64(0);
  if (type < 7) return integerOf(bytes);
  return type % 2 === 0 ? bytes : text(bytes);
}

function integerOf(bytes: Uint8Array): number {
  let value = (bytes[0] ?? 0) >= 0x80 ? (bytes[0] ?? 0) - 256 : (bytes[0] ?? 0);
  for (let i = 1; i < bytes.length; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
