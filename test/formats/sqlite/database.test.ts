import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/formats/bytes';
import { SqliteFile } from '../../../src/formats/sqlite/database';
import { SqliteError } from '../../../src/formats/sqlite/pages';
import { decodePlainPickle } from '../../../src/formats/sqlite/plain-pickle';

// Made by SQLite 3 with 512-byte pages: 40 rows over several pages, an overflowing text, and a write-ahead log with a change and a new row.
const load = (name: string) =>
  new Uint8Array(fs.readFileSync(fileURLToPath(new URL(`../../fixtures/sqlite/${name}`, import.meta.url))));
const DB = load('cache.db');
const WAL = load('cache.db-wal');

function valuesOf(db: SqliteFile): Map<unknown, unknown> {
  return new Map(
    [...db.rows('cache')].map((row) => [
      row.get('key'),
      row.get('value') instanceof Uint8Array ? decodePlainPickle(row.get('value') as Uint8Array) : null,
    ]),
  );
}

describe('SqliteFile', () => {
  it('reads tables, row ids, numbers, text and overflow pages', () => {
    const db = new SqliteFile(bytesOf(DB));
    expect(db.tableNames()).toEqual(['Cache', 'odd name']);
    const rows = [...db.rows('Cache')];
    expect(rows.map((row) => row.get('rowid'))).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect([...db.rows('odd name')].map((row) => [row.get('a,b'), row.get('c d')])).toEqual([
      [0.25, 'x'.repeat(3000)],
      [-3, null],
      [1234567890123, '猫'],
    ]);
    expect(valuesOf(db).get('lora/name_7')).toEqual(
      new Map<string, unknown>([
        ['mtime', 1700000007.5],
        ['sha256', `${'0'.repeat(63)}7`],
      ]),
    );
    expect([...db.rows('nothing')]).toEqual([]);
    expect([...db.rows('Cache', { rows: 3 })]).toHaveLength(3);
    expect([...db.rows('odd name', { rowBytes: 1000 })]).toHaveLength(2);
  });

  it('applies the committed part of the write-ahead log', () => {
    const values = valuesOf(new SqliteFile(bytesOf(DB), bytesOf(WAL)));
    expect(values.size).toBe(41);
    expect(values.get('lora/late')).toEqual(new Map([['mtime', 9]]));
    expect(values.get('lora/name_6')).toEqual(
      new Map<string, unknown>([
        ['mtime', 5],
        [
          'value',
          new Map<string, unknown>([
            ['ss_output_name', 'neu'],
            ['n', [1, -2, 300, 70000, 2 ** 40, null, true, ['a']]],
          ]),
        ],
      ]),
    );
  });

  it('takes no frame behind a damaged or cut one', () => {
    const damaged = WAL.slice();
    damaged[60] = (damaged[60] ?? 0) ^ 1;
    expect(valuesOf(new SqliteFile(bytesOf(DB), bytesOf(damaged))).size).toBe(40);
    expect(valuesOf(new SqliteFile(bytesOf(DB), bytesOf(WAL.subarray(0, WAL.length - 1)))).size).toBe(40);
  });

  it('refuses what is no database', () => {
    expect(() => new SqliteFile(bytesOf(new Uint8Array(4096)))).toThrow(SqliteError);
    expect(() => [...new SqliteFile(bytesOf(DB.subarray(0, 600))).rows('Cache')]).toThrow(SqliteError);
  });

  it('ends with SqliteError or rows, whatever bytes are changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(DB.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = DB.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const db = new SqliteFile(bytesOf(bytes));
          for (const name of db.tableNames()) expect([...db.rows(name, { rows: 500 })].length).toBeLessThanOrEqual(500);
        } catch (error) {
          expect(error).toBeInstanceOf(SqliteError);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('decodePlainPickle', () => {
  it('refuses every opcode that names or calls something', () => {
    const text = (opcodes: string) => new Uint8Array([...opcodes].map((c) => c.charCodeAt(0)));
    expect(decodePlainPickle(text('cposix\nsystem\n(S"id"\ntR.'))).toBeUndefined();
    expect(decodePlainPickle(new Uint8Array([0x80, 4, 0x8c, 2, 0x6f, 0x73, 0x8c, 1, 0x78, 0x93, 0x2e]))).toBeUndefined();
    expect(decodePlainPickle(new Uint8Array([0x80, 4, 0x7d, 0x2e]))).toEqual(new Map());
  });

  it('never throws', () => {
    const codes = [
      0x80, 0x95, 0x7d, 0x28, 0x94, 0x8c, 0x58, 0x47, 0x4b, 0x8a, 0x75, 0x73, 0x68, 0x6a, 0x71, 0x85, 0x65, 0x5d, 0x2e, 1, 2,
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...codes), { maxLength: 60 }), (data) => {
        expect(() => decodePlainPickle(new Uint8Array(data))).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
