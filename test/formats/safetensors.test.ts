import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { readSafetensors } from '../../src/formats/safetensors';
import { DTYPE_BITS } from '../../src/formats/safetensors-table';
import { entry, file, noteCodes, read, verdict } from './safetensors-samples';

const one = (header: string): string => verdict(file(header, 8));
const entryWith = (shape: string, offsets: string, data: number): string =>
  verdict(file(`{${entry('a', 'F32', shape, offsets)}}`, data));
const good = file(
  `{"__metadata__":{"format":"pt"},${entry('a')},${entry('b', 'F16', '[2,2]', '[8,16]')},${entry('c', 'U8', '[]', '[16,17]')},${entry('d', 'I64', '[0]', '[17,17]')}}`,
  17,
);

describe('length and framing', () => {
  it('ST-01 a valid file', () => {
    const result = read(good);
    expect(result.ok && result.header.tensors.map((t) => [t.name, t.dtype, t.shape, t.begin, t.end])).toEqual([
      ['a', 'F32', [2], 0, 8],
      ['b', 'F16', [2, 2], 8, 16],
      ['c', 'U8', [], 16, 17],
      ['d', 'I64', [0], 17, 17],
    ]);
    expect(result.ok && [...result.header.metadata]).toEqual([['format', 'pt']]);
    expect(result.ok && [result.header.dataStart, result.notes]).toEqual([good.length - 17, []]);
  });

  it('ST-02, ST-03, ST-04, ST-05, ST-06, ST-07, ST-08, ST-09, ST-10 every prefix is refused, in three stages', () => {
    const stages: string[] = [];
    for (let length = 0; length < good.length; length++) {
      const code = verdict(good.subarray(0, length));
      if (code !== stages[stages.length - 1]) stages.push(code);
    }
    expect(stages).toEqual(['header-too-small', 'invalid-header-length', 'metadata-incomplete-buffer']);
  });

  it('ST-11, ST-12, ST-13, ST-14, ST-22 empty and cut headers', () => {
    expect(verdict(file(''))).toBe('invalid-header-json');
    expect(one('')).toBe('invalid-header-json');
    expect(verdict(file('{'))).toBe('invalid-header-json');
    expect(noteCodes(file('{}'))).toEqual(['no-tensors']);
    expect(verdict(file(`{${entry('a')}`, 8))).toBe('invalid-header-json');
  });

  it('ST-15, ST-16, ST-17, ST-19, ST-20 the limit, and lengths beyond a double', () => {
    for (const length of [2n ** 63n, 2n ** 64n - 1n, 2n ** 53n + 1n, 100_000_001n]) {
      const result = read(file('{}', 0, length));
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'header-too-large', message: expect.stringContaining(`(${length} bytes`) },
      });
    }
    expect(verdict(file('{}', 0, 100_000_000n))).toBe('invalid-header-length');
  });

  it('ST-18, ST-31 says how much is there and how much should be', () => {
    expect(read(file('{}', 0, 3n))).toMatchObject({
      error: { code: 'invalid-header-length', have: 10, need: 11, hint: 'truncated' },
    });
    const cut = good.subarray(0, good.length - 1);
    expect(read(cut)).toMatchObject({
      error: { code: 'metadata-incomplete-buffer', have: good.length - 1, need: good.length, hint: 'truncated' },
    });
  });

  it('ST-21 points at the byte order', () => {
    const swapped = Uint8Array.from(good);
    swapped.subarray(0, 8).reverse();
    expect(read(swapped)).toMatchObject({ error: { code: 'header-too-large', hint: 'byte-order' } });
  });

  it('ST-30 bytes after the data', () => {
    const more = new Uint8Array(good.length + 4);
    more.set(good);
    expect(read(more)).toMatchObject({
      error: { code: 'metadata-incomplete-buffer', hint: 'appended', have: good.length + 4, need: good.length },
    });
  });

  it('ST-70 zeros, ST-72 nothing but the header is read', () => {
    expect(read(new Uint8Array(4096))).toMatchObject({ error: { code: 'invalid-header-json' } });
    const header = `{${entry('a', 'U8', '[10737418240]', '[0,10737418240]')}}`;
    const bytes = file(header);
    let furthest = 0;
    const source = {
      size: bytes.length + 10_737_418_240,
      read: (offset: number, length: number) => {
        furthest = Math.max(furthest, offset + length);
        return bytes.subarray(offset, offset + length);
      },
    };
    expect(readSafetensors(source).ok).toBe(true);
    expect(furthest).toBe(bytes.length);
  });

  it('ST-71 a length whose bytes look like zlib, pickle, gzip or zip', () => {
    for (const length of [0x2078, 0x0280, 0x8b1f, 0x4b50]) expect(verdict(file('{}'.padEnd(length), 0))).toBe('ok');
  });

  it('ST-78 a file that shrank meanwhile is not called broken', () => {
    const source = {
      size: good.length,
      read: (offset: number, length: number) => good.subarray(offset, Math.min(offset + length, 50)),
    };
    expect(readSafetensors(source)).toMatchObject({ error: { code: 'changed-while-reading' } });
  });
});

describe('the text of the header', () => {
  it('ST-23, ST-24, ST-25 encodings', () => {
    const latin = file(new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x3a]), 8);
    expect(read(latin)).toMatchObject({ error: { code: 'invalid-header-utf8', offset: 10 } });
    expect(read(file(`\ufeff{${entry('a')}}`, 8))).toMatchObject({
      error: { code: 'invalid-header-json', hint: 'bom', offset: 8 },
    });
    const wide = new Uint8Array([...`{${entry('a')}}`].flatMap((char) => [char.charCodeAt(0), 0]));
    expect(read(file(wide, 8))).toMatchObject({ error: { code: 'invalid-header-json', hint: 'utf-16' } });
  });

  it('ST-26, ST-27, ST-28, ST-29 padding', () => {
    expect(noteCodes(file(`  {${entry('a')}}`, 8))).toEqual(['leading-whitespace']);
    expect(noteCodes(file(`{${entry('a')}} \n\t\r `, 8))).toEqual([]);
    expect(read(file(`{${entry('a')}}\0\0`, 8))).toMatchObject({
      error: { message: expect.stringContaining('trailing characters'), hint: 'nul-padding' },
    });
    expect(read(file(`{${entry('a')}}{}`, 8))).toMatchObject({
      error: { message: expect.stringContaining('trailing characters'), hint: null },
    });
  });

  it('ST-34, ST-35, ST-53, ST-55, ST-56, ST-58, ST-59 what JSON.parse would take', () => {
    const bad = [
      `{"__metadata__":{},"__metadata__":{},${entry('a')}}`,
      `{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}`,
      `{"a":{"shape":[2],"data_offsets":[0,8]}}`,
      '{"a":null}',
      '{"a":[]}',
      '[]',
      'null',
      '"x"',
      `{"__metadata__":{"n":1},${entry('a')}}`,
      `{"__metadata__":{"n":{}},${entry('a')}}`,
      `{"__metadata__":"x",${entry('a')}}`,
      `{"__metadata__":${'['.repeat(200)}${']'.repeat(200)},${entry('a')}}`,
      `{/*x*/${entry('a')}}`,
      `{${entry('a')},}`,
      `{'a':1}`,
      `{"a":NaN}`,
      `{"__metadata__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`,
    ];
    expect(bad.map(one)).toEqual(bad.map(() => 'invalid-header-json'));
    expect(one(`{"__metadata__":null,${entry('a')}}`)).toBe('ok');
  });

  it('ST-60 depth', () => {
    expect(one(`{"a":${'['.repeat(1_000_000)}`)).toBe('invalid-header-json');
    expect(one(`{"a":{"x":${'{"b":'.repeat(200_000)}`)).toBe('invalid-header-json');
    const nested = (depth: number): string =>
      `{${entry('a', 'F32', '[2]', '[0,8]', `,"x":${'['.repeat(depth)}${']'.repeat(depth)}`)}}`;
    expect([one(nested(125)), one(nested(126))]).toEqual(['ok', 'invalid-header-json']);
  });

  it('ST-61, ST-62, ST-63, ST-64 names', () => {
    const named = (name: string): Uint8Array => file(`{"${name}":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8);
    for (const name of ['\\ud800', '\\udc00', '\\ud800\\u0041', '\\x41', 'a\u0001', '\\u12'])
      expect(verdict(named(name))).toBe('invalid-header-json');
    const result = read(named('\\ud83d\\ude00\\u00E9中'));
    expect(result.ok && result.header.tensors[0]?.name).toBe('😀é中');
    for (const name of ['\\u0000', '\\u001b[31m', '\\n', '']) expect(noteCodes(named(name))).toEqual(['odd-name']);
    expect(noteCodes(named('x'.repeat(10_000_000)))).toEqual(['odd-name']);
    expect(verdict(named('../../x'))).toBe('ok');
  });
});

describe('tensors', () => {
  it('ST-32, ST-33 duplicate names: the last one counts', () => {
    const twice = read(file(`{${entry('a', 'F32', '[2]', '[0,8]')},${entry('a', 'F16', '[4]', '[0,8]')}}`, 8));
    expect(twice.ok && twice.header.tensors.map((t) => t.dtype)).toEqual(['F16']);
    expect(twice.ok && twice.notes).toEqual([{ code: 'duplicate-tensor', count: 1, example: 'a' }]);
    expect(verdict(file(`{${entry('a')},${entry('a', 'F32', '[2]', '[8,16]')}}`, 16))).toBe('invalid-offset');
    expect(verdict(file(`{${entry('a')},"\\u0061":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}`, 16))).toBe(
      'invalid-offset',
    );
  });

  it('ST-36, ST-37 names of Object.prototype', () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty'];
    const header = `{"__metadata__":{"__proto__":"x"},${names.map((name, i) => entry(name, 'U8', '[1]', `[${i},${i + 1}]`)).join()}}`;
    const result = read(file(header, 3));
    expect(result.ok && result.header.tensors.map((t) => t.name)).toEqual(names);
    expect(result.ok && result.header.metadata.get('__proto__')).toBe('x');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('ST-38, ST-39, ST-40 overlaps, holes, reversed offsets', () => {
    const two = (first: string, second: string): string =>
      verdict(file(`{${entry('a', 'U8', '[4]', first)},${entry('b', 'U8', '[4]', second)}}`, 8));
    expect([
      two('[0,4]', '[2,6]'),
      two('[0,4]', '[0,4]'),
      two('[0,4]', '[5,9]'),
      two('[1,5]', '[5,9]'),
      two('[4,0]', '[4,8]'),
    ]).toEqual(Array(5).fill('invalid-offset'));
    expect(two('[4,8]', '[0,4]')).toBe('ok');
    const many = `{${Array.from({ length: 100_000 }, (_, i) => entry(`t${i}`, 'U8', '[1]', '[0,1]')).join()}}`;
    expect(read(file(many, 1))).toMatchObject({ error: { code: 'invalid-offset', message: expect.stringContaining('`t1`') } });
  });

  it('ST-41, ST-42, ST-43, ST-49 numbers that are no sizes', () => {
    for (const offsets of ['[-1,8]', '[0.0,8]', '[0,8e0]', '[-0,8]', '["0","8"]', '[0,8,9]', '[8]', '[00,8]', '{}', '[0,8,]']) {
      expect(entryWith('[2]', offsets, 8)).toBe('invalid-header-json');
    }
    for (const shape of ['[-2]', '[2.0]', '[2,]', '[18446744073709551616]', '2', '["2"]', '[null]'])
      expect(entryWith(shape, '[0,8]', 8)).toBe('invalid-header-json');
  });

  it('ST-44 numbers beyond a double are printed exactly', () => {
    expect(read(file(`{${entry('a', 'F32', '[2]', '[0,9007199254740993]')}}`, 8))).toMatchObject({
      error: { code: 'tensor-invalid-info', message: expect.stringContaining('9007199254740993') },
    });
  });

  it('ST-45, ST-46 dtypes', () => {
    for (const dtype of ['F33', 'f32', '', 'BFLOAT16']) {
      expect(read(file(`{${entry('a', dtype)}}`, 8))).toMatchObject({
        error: { code: 'invalid-header-json', hint: 'unknown-dtype' },
      });
    }
    expect(one('{"a":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}')).toBe('invalid-header-json');
    expect(DTYPE_BITS.size).toBe(22);
    for (const [dtype, bits] of DTYPE_BITS)
      expect(verdict(file(`{${entry('a', dtype, '[8]', `[0,${bits}]`)}}`, bits))).toBe('ok');
  });

  it('ST-47, ST-48, ST-50, ST-51, ST-52 sizes', () => {
    expect(verdict(file(`{${entry('a', 'F4', '[3]', '[0,2]')}}`, 2))).toBe('misaligned-slice');
    expect(entryWith('[4294967296,4294967296]', '[0,8]', 8)).toBe('validation-overflow');
    expect(entryWith('[9223372036854775808,2]', '[0,8]', 8)).toBe('validation-overflow');
    expect(entryWith('[9223372036854775808,2,0]', '[0,0]', 0)).toBe('validation-overflow');
    expect(entryWith('[0,9223372036854775808,2]', '[0,0]', 0)).toBe('ok');
    expect(entryWith('[]', '[0,4]', 4)).toBe('ok');
    expect(entryWith('[3]', '[0,8]', 8)).toBe('tensor-invalid-info');
    expect(noteCodes(file(`{${entry('a', 'F32', `[${Array(100_001).fill(1).join()}]`, '[0,4]')}}`, 4))).toEqual(['high-rank']);
  });

  it('ST-54, ST-57 what is only a note', () => {
    expect(noteCodes(file(`{${entry('a', 'F32', '[2]', '[0,8]', ',"x":[1.5e3,{"y":null}]')}}`, 8))).toEqual(['unknown-field']);
    expect(noteCodes(file('{"__metadata__":{"a":"b","a":"c"}}'))).toEqual(['duplicate-metadata-key', 'no-tensors']);
    expect(noteCodes(file('{"a":["F32",[2],[0,8]]}', 8))).toEqual(['unusual-entry']);
    expect(one('{"a":{"dtype":{"F32":null},"shape":[2],"data_offsets":[0,8]}}')).toBe('ok');
  });
});

describe('any bytes', () => {
  it('never throws, and gives back what a writer wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(400), (bytes, length) => {
        expect(typeof read(file(bytes, 4, BigInt(length))).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
    const tensors = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(5), { maxLength: 3 })), {
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (list, metadata) => {
        let at = 0;
        const header: Record<string, unknown> = Object.create(null);
        header.__metadata__ = metadata;
        for (const [name, shape] of list) {
          const begin = at;
          at += 4 * shape.reduce((a, b) => a * b, 1);
          header[name] = { dtype: 'F32', shape, data_offsets: [begin, at] };
        }
        const result = readSafetensors(bytesOf(file(JSON.stringify(header), at)));
        expect(result.ok && result.header.tensors.map((t) => t.name).sort()).toEqual(list.map(([name]) => name).sort());
        expect(result.ok && [...result.header.metadata].sort()).toEqual(Object.entries(metadata).sort());
      }),
      { numRuns: 300 },
    );
  });
});
