import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { ReadAhead } from '../../src/formats/read-ahead';
import { readSafetensors } from '../../src/formats/safetensors';
import { TableMemo } from '../../src/formats/safetensors-memo';

/** A file with this header text and `data` zero bytes. */
function file(header: string, data: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + text.length + data);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 8);
  return out;
}

const TABLE = '"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]}';
const withName = (name: string, table = TABLE) => `{"__metadata__":{"ss_output_name":${JSON.stringify(name)}},${table}}`;

/** Without `shared`, which tells only how it was read. */
function plain(result: ReturnType<typeof readSafetensors>): unknown {
  if (!result.ok) return result;
  const { tensors, metadata, dataStart } = result.header;
  return { tensors, metadata: [...metadata], dataStart, notes: result.notes };
}

describe('TableMemo', () => {
  it('gives the tensors of an equal table from the third file on, with the metadata of each', () => {
    const memo = new TableMemo();
    const results = ['one', 'two', 'three', '四'].map((name) => readSafetensors(bytesOf(file(withName(name), 8)), memo));
    const headers = results.map((result) => (result.ok ? result.header : null));
    expect(headers.map((header) => header?.shared === true)).toEqual([false, false, true, true]);
    expect(headers[2]?.tensors).toBe(headers[1]?.tensors);
    expect(headers.map((header) => header?.metadata.get('ss_output_name'))).toEqual(['one', 'two', 'three', '四']);
  });

  it('still checks the length of the file', () => {
    const memo = new TableMemo();
    for (const name of ['one', 'two']) readSafetensors(bytesOf(file(withName(name), 8)), memo);
    expect(readSafetensors(bytesOf(file(withName('cut'), 7)), memo)).toMatchObject({
      ok: false,
      error: { code: 'metadata-incomplete-buffer', hint: 'truncated' },
    });
  });

  it('still refuses bad UTF-8 in the metadata', () => {
    const memo = new TableMemo();
    for (const name of ['one', 'two']) readSafetensors(bytesOf(file(withName(name), 8)), memo);
    const bad = file(withName('x?'), 8);
    bad[bad.indexOf(0x3f)] = 0xff;
    expect(readSafetensors(bytesOf(bad), memo)).toEqual(readSafetensors(bytesOf(bad)));
    expect(readSafetensors(bytesOf(bad), memo)).toMatchObject({ ok: false, error: { code: 'invalid-header-utf8' } });
  });

  it('never keeps a table with notes, or with the metadata inside', () => {
    const twice = `${TABLE},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}`;
    const inside = `{${TABLE},"__metadata__":{"k":"v"}}`;
    const memo = new TableMemo();
    for (const header of [withName('x', twice), inside]) {
      for (let i = 0; i < 4; i++) {
        const result = readSafetensors(bytesOf(file(header, 8)), memo);
        expect(plain(result)).toEqual(plain(readSafetensors(bytesOf(file(header, 8)))));
        expect(result.ok && result.header.shared).toBeFalsy();
      }
    }
  });

  it('lets the oldest go', () => {
    const memo = new TableMemo();
    const bytes = (n: number) => Uint8Array.from([n, 1, 2, 3]);
    for (let n = 0; n < 70; n++) for (let i = 0; i < 2; i++) memo.keep(bytes(n), { tensors: [], dataBytes: n });
    expect(memo.find(bytes(0))).toBeUndefined();
    expect(memo.find(bytes(69))?.dataBytes).toBe(69);
  });

  it('never changes what is read, in whatever order files come', () => {
    const tensor = fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'ä', 'a\\n'),
      fc.constantFrom('F16', 'F32', 'X'),
      fc.integer({ min: 0, max: 3 }),
    );
    const header = fc
      .tuple(
        fc.array(tensor, { maxLength: 4 }),
        fc.constantFrom('', '"__metadata__":{"k":"v"}', '"__metadata__":null', '"__metadata__":{"k":1}'),
        fc.boolean(),
      )
      .map(([tensors, metadata, behind]) => {
        let at = 0;
        const entries = tensors.map(([name, dtype, length]) => {
          const begin = at;
          at += length * (dtype === 'F32' ? 4 : 2);
          return `"${name}":{"dtype":"${dtype}","shape":[${length}],"data_offsets":[${begin},${at}]}`;
        });
        const parts = behind ? [...entries, metadata] : [metadata, ...entries];
        return file(`{${parts.filter((part) => part !== '').join(',')}}`, at);
      });
    fc.assert(
      fc.property(fc.array(header, { minLength: 1, maxLength: 12 }), (files) => {
        const memo = new TableMemo();
        const ahead = new ReadAhead();
        for (const data of [...files, ...files, ...files]) {
          const source = { ...bytesOf(data), readInto: into(data) };
          expect(plain(readSafetensors(ahead.over(source), memo))).toEqual(plain(readSafetensors(bytesOf(data))));
        }
      }),
      { numRuns: 200 },
    );
  });
});

const into = (data: Uint8Array) => (target: Uint8Array, offset: number) => {
  const part = data.subarray(offset, offset + target.length);
  target.set(part);
  return part.length;
};

describe('ReadAhead', () => {
  it('reads a long header with two reads and gives what the file holds, from memory or not', () => {
    const data = file(`{"__metadata__":{"k":"${'x'.repeat(300_000)}"}}`, 5000);
    const reads: number[] = [];
    const source = {
      size: data.length,
      read: (offset: number, length: number) => bytesOf(data).read(offset, length),
      readInto: (target: Uint8Array, offset: number) => {
        reads.push(target.length);
        return into(data)(target, offset);
      },
    };
    const ahead = new ReadAhead().over(source);
    expect(reads).toHaveLength(2);
    fc.assert(
      fc.property(fc.nat(data.length + 10), fc.nat(400_000), (offset, length) => {
        expect(Buffer.compare(ahead.read(offset, length), bytesOf(data).read(offset, length))).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('takes files of all sizes one after the other', () => {
    const ahead = new ReadAhead();
    for (const size of [0, 3, 8, 20_000, 100, 2_000_000, 5]) {
      const data = new Uint8Array(size).fill(size % 251);
      const source = ahead.over({ ...bytesOf(data), readInto: into(data) });
      expect(Buffer.compare(source.read(0, size), data)).toBe(0);
      expect(source.read(size, 4)).toHaveLength(0);
    }
  });
});
