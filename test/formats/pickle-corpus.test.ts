import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytes, le, scan } from './pickle-samples';

/** 200 pickles of plain values, written by CPython 3.11 at protocols 0 to 5 in turn; each behind its length. */
function benign(): Uint8Array[] {
  const all = gunzipSync(readFileSync(new URL('../fixtures/pickle/benign.bin.gz', import.meta.url)));
  const out: Uint8Array[] = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32LE(at);
    out.push(new Uint8Array(all.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return out;
}

/** A zip of `count` empty members; above 65,535 with the end record of zip64. */
function manyMembers(count: number): Uint8Array {
  const names = Array.from({ length: count }, (_, i) => `m/${String(i).padStart(6, '0')}`);
  const blank = [...le(20, 2), ...le(0, 20), ...le(8, 2)];
  const local = Buffer.from([...bytes('PK', 3, 4), ...blank, ...le(0, 2)]);
  const locals = Buffer.concat(names.flatMap((name) => [local, Buffer.from(name)]));
  const central = Buffer.concat(
    names.flatMap((name, i) => {
      const entry = Buffer.from([...bytes('PK', 1, 2), ...le(20, 2), ...blank, ...le(0, 16)]);
      entry.writeUInt32LE(i * (local.length + 8), 42);
      return [entry, Buffer.from(name)];
    }),
  );
  const wide = count > 0xffff;
  const end64 = [...bytes('PK', 6, 6), ...le(44, 8), ...le(45, 2), ...le(45, 2), ...le(0, 8), ...le(count, 8), ...le(count, 8)];
  const sizes = [...le(central.length, 8), ...le(locals.length, 8)];
  const locator = [...bytes('PK', 6, 7), ...le(0, 4), ...le(locals.length + central.length, 8), ...le(1, 4)];
  const shown = Math.min(count, 0xffff);
  const end = [...bytes('PK', 5, 6), ...le(0, 4), ...le(shown, 2), ...le(shown, 2), ...le(central.length, 4)];
  const at = le(wide ? 0xffffffff : locals.length, 4);
  const tail = [...(wide ? [...end64, ...sizes, ...locator] : []), ...end, ...at, ...le(0, 2)];
  return new Uint8Array(Buffer.concat([locals, central, Buffer.from(tail)]));
}

describe('pickles in numbers', () => {
  it('PK-62 raises no alarm over 200 harmless pickles of the real pickle module', () => {
    const corpus = benign();
    expect(corpus).toHaveLength(200);
    const alarms = corpus.map((data, i) => ({ i, ...scan(data) })).filter(({ verdict }) => verdict !== 'safe');
    expect(alarms).toEqual([]);
  });

  it('PK-32 a line of 5 MB without its end is no text', () => {
    const line = Buffer.concat([Buffer.from('\x80\x02V', 'latin1'), Buffer.alloc(5_000_000, 'x')]);
    expect(scan(new Uint8Array(line))).toMatchObject({ verdict: 'unscannable', problems: ['line-too-long'] });
  });

  it.each([10_001, 65_535, 65_536, 70_000])('PK-49 a zip of %i members is not looked through', (count) => {
    const found = scan(manyMembers(count));
    expect(found.verdict).toBe('unscannable');
    expect(found.problems).toContain('too-many-entries');
  });
});
