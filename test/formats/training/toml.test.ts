import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDatasetConfig } from '../../../src/formats/training/dataset-config';
import { readToml } from '../../../src/formats/training/toml';

const values = (text: string): Record<string, unknown> =>
  Object.fromEntries(readToml(text).entries.map(({ table, key, value }) => [table === '' ? key : `${table}.${key}`, value]));
const faults = (text: string): string[] => readToml(text).faults.map((fault) => `${fault.kind} ${fault.line}`);

describe('readToml', () => {
  it('reads texts, numbers, switches, arrays and tables', () => {
    const text = [
      '# top',
      'a = "x\\ty" # c',
      "b = 'D:\\x'",
      'c = 1e-4',
      'd = true',
      'e = [512, # w',
      '  768]',
      '[general]',
      'f = 1_000',
      '[[datasets]]',
      '  [[datasets.subsets]]',
      '  image_dir = """',
      'p"""',
      '  [[datasets.subsets]]',
      '  g = { h = 1, i = "j" }',
    ].join('\r\n');
    expect(values(text)).toEqual({
      a: 'x\ty',
      b: 'D:\\x',
      c: 0.0001,
      d: true,
      e: [512, 768],
      'general.f': 1000,
      'datasets.0.subsets.0.image_dir': '\np',
      'datasets.0.subsets.1.g': { h: 1, i: 'j' },
    });
    expect(faults(text)).toEqual([]);
  });

  it('CF-21 names each fault with its line and reads on', () => {
    expect(faults('a = "D:\\models"\nb = 1\nb = 2\nc = x\nd\n[e\nf = 3')).toEqual([
      'reserved-escape 1',
      'duplicate-key 3',
      'syntax 4',
      'syntax 5',
      'syntax 6',
    ]);
    expect(values('a = "D:\\models"\nf = 3')).toEqual({ f: 3 });
  });

  it('gives texts back that it was given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(values(`a = ${JSON.stringify(text).replace(/\x7f/g, '\\u007f')}`)).toEqual({ a: text });
      }),
      { numRuns: 400 },
    );
  });

  it('survives any text', () => {
    const piece = fc.constantFrom('a', '=', '[', ']', '{', '}', '"', "'", '"""', '\\', '\n', '#', ',', '1', '.', ' ', 'true');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const lines = text.split('\n').length;
        for (const { line } of [...readToml(text).entries, ...readToml(text).faults]) expect(line).toBeLessThanOrEqual(lines);
      }),
      { numRuns: 400 },
    );
  });
});

describe('readDatasetConfig', () => {
  const read = (text: string): ReturnType<typeof readDatasetConfig> => readDatasetConfig(readToml(text));
  const head = '[general]\ncaption_extension = ".txt"\n[[datasets]]\nresolution = 512\n';

  it('reads subsets with what they take over', () => {
    const { subsets, faults: found } = read(`${head}[[datasets.subsets]]\nimage_dir = "/x"\nnum_repeats = 3\n`);
    expect(found).toEqual([]);
    expect(subsets).toMatchObject([
      {
        imageDir: '/x',
        repeats: 3,
        captionExtension: '.txt',
        classTokens: null,
        dataset: 0,
        isReg: false,
        settings: { resolution: [512, 512] },
        line: 6,
        column: 1,
      },
    ]);
  });

  it('is as strict as the trainer', () => {
    const text = `${head.replace('512', '"512"')}[[datasets.subsets]]\nimage_dir = "/x"\nrepeats = 3\n`;
    expect(read(text).faults.map(({ kind, line, nearest }) => [kind, line, nearest])).toEqual([
      ['wrong-type', 4, null],
      ['unknown-key', 7, 'num_repeats'],
    ]);
    expect(read(head).faults.map((fault) => fault.kind)).toEqual(['no-subset']);
    expect(read(`${head}[[datasets.subsets]]\nnum_repeats = 3`).faults.map((fault) => fault.kind)).toEqual(['no-image-dir']);
  });
});
