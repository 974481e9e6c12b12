import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ui } from '../../../src/facts/families';
import { pythonFloat, pythonInt } from '../../../src/formats/prompt/python-number';
import { readPrompt } from '../../../src/formats/prompt/read-prompt';
import type { PromptReading } from '../../../src/formats/prompt/tag';

const read = (positive: string, ui: Ui = 'a1111'): PromptReading => readPrompt(ui, { positive });
const kinds = (reading: PromptReading): string[] => [...new Set(reading.problems.map((p) => p.kind))].sort();

/** The table of webui-a1111-family.md §3.1: input, name, text-encoder weight, U-Net weight, all off, problems. */
const TABLE: readonly (readonly [string, string | null, number | null, number | null, boolean, readonly string[]])[] = [
  ['<lora:a>', 'a', 1, 1, false, []],
  ['<lora:a:0.8>', 'a', 0.8, 0.8, false, []],
  ['<lora:a:0.5:1>', 'a', 0.5, 1, false, []],
  ['<lora:a:te=0:unet=1>', 'a', 0, 1, false, []],
  ['<lora:a:1:dyn=8>', 'a', 1, 1, false, []],
  ['<lora: a:1>', ' a', 1, 1, false, ['space-in-tag']],
  ['<lora:a :1>', 'a ', 1, 1, false, ['space-in-tag']],
  ['<lora:a=b:1>', '1', 1, 1, false, ['equals-in-name']],
  ['<lora:a=b>', '', null, null, true, ['equals-in-name']],
  ['<lora:a:>', 'a', null, null, true, ['empty-weight']],
  ['<lora:a:0,8>', 'a', null, null, true, ['decimal-comma']],
  ['<lora:a:0，8>', 'a', null, null, true, ['decimal-comma']],
  ['<lora:a:1@0>', 'a', null, null, true, ['bad-weight']],
  ['<lora:a:1:ALL>', 'a', 1, null, true, ['bad-weight']],
  ['<lora:a:1:1:x>', 'a', 1, 1, true, ['bad-weight']],
  ['<lora:a:1:lbw=ALL>', 'a', 1, 1, false, []],
  ['<lora:sub/a:1>', 'sub/a', 1, 1, false, ['path-in-name']],
  ['<lora:a.safetensors:1>', 'a.safetensors', 1, 1, false, ['extension-in-name']],
  ['<LORA:a:1>', null, null, null, false, ['unknown-keyword']],
  ['<lora：a：1>', null, null, null, false, ['full-width-colon']],
  ['< lora:a:1>', null, null, null, false, ['space-in-tag']],
  ['<lora:a:1', null, null, null, false, ['missing-close']],
  ['&lt;lora:a:1&gt;', null, null, null, false, ['html-escaped']],
  ['<lora:a：1>', 'a：1', 1, 1, false, ['full-width-colon']],
  ['<lora:a:1e-1>', 'a', 0.1, 0.1, false, []],
  ['<lora:a:+1>', 'a', 1, 1, false, []],
  ['<lora:a: 0.8 >', 'a', 0.8, 0.8, false, []],
  ['<lora:a:０.８>', 'a', 0.8, 0.8, false, []],
  ['<lora:a:1_0>', 'a', 10, 10, false, []],
  ['<lora:a:-1>', 'a', -1, -1, false, []],
  ['<lora:a:nan>', 'a', Number.NaN, Number.NaN, false, ['not-finite']],
  ['<lora:a:inf>', 'a', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, false, ['not-finite']],
  ['\\<lora:a:1\\>', 'a', null, null, true, ['bad-weight']],
  ['(<lora:a:1>:1.2)', 'a', 1, 1, false, []],
  ['[<lora:a:1>:10]', 'a', 1, 1, false, []],
  ['<lora:猫:1>', '猫', 1, 1, false, []],
  ['<lora::1>', '', 1, 1, false, ['missing-name']],
  ['<lora:a:1, cat <lora:b:1>', null, null, null, true, ['missing-close']],
];

describe('tags of the A1111 family', () => {
  it.each(TABLE)('%s', (text, name, te, unet, allOff, problems) => {
    const reading = read(text);
    expect(kinds(reading)).toEqual(problems);
    expect(reading.allOff).toBe(allOff);
    if (name === null) expect(reading.tags).toEqual([]);
    else expect(reading.tags[0]).toMatchObject({ name, te, unet });
  });
  it('cuts tags out and adds nothing', () => {
    expect(read('a <lora:x:1>, b').plain).toBe('a , b');
    expect(read('(<lora:a:1>:1.2)').plain).toBe('(:1.2)');
  });
  it.each([
    ['a1111', 1],
    ['reforge', 1],
    ['forge', 0],
    ['forge-classic', 0],
    ['forge-neo', 0],
  ] as const)('lyco in %s gives %d tags', (ui, count) => {
    const reading = read('<lyco:a:1>', ui);
    expect(reading.tags).toHaveLength(count);
    expect(kinds(reading)).toEqual(count === 1 ? [] : ['unknown-keyword']);
  });
  it('does not read the dyn rank in Neo', () => {
    expect(read('<lora:a:1:1:x>', 'forge-neo')).toMatchObject({ allOff: false, problems: [] });
  });
  it.each(['(lora:a:1)', '[lora:a:1]', '{lora:a:0.5}', '《lora:a:1》', '＜lora:a:1＞', 'lora:a:0.8, cat', '（lora:猫:1）'])(
    '%s has wrong brackets',
    (text) => {
      expect(kinds(read(text))).toEqual(['wrong-brackets']);
    },
  );
  it.each(['a lora: very nice', '(lora:1.2)', 'my <3 lora', 'trained lora', 'lora:style', '<b>text</b>', 'a > b < c'])(
    '%s is prose',
    (text) => {
      expect(read(text).problems).toEqual([]);
    },
  );
  it('never reads the negative prompt, and warns of a hires prompt without tags', () => {
    expect(kinds(readPrompt('a1111', { positive: 'cat', negative: 'bad <lora:a:-0.1>' }))).toEqual(['in-negative-prompt']);
    expect(kinds(readPrompt('a1111', { positive: '<lora:a:1>', hires: 'cat' }))).toEqual(['hires-without-tags']);
    expect(kinds(readPrompt('a1111', { positive: '<lora:a:1>', hires: '' }))).toEqual([]);
  });
  it('reports repeats and a forgotten keyword', () => {
    expect(kinds(read('<lora:a:1> <lora:a:0.5>'))).toEqual(['repeated']);
    expect(kinds(readPrompt('a1111', { positive: '<detail:0.8>' }, { knows: (n) => n === 'detail' }))).toEqual([
      'missing-keyword',
    ]);
  });
  it('says where the problem stands', () => {
    expect(read('cat, <lora:a:0,8>').problems).toEqual([{ kind: 'decimal-comma', text: '<lora:a:0,8>', at: 5 }]);
  });
});

describe('other programs', () => {
  it('SD.Next: named weights and step lists', () => {
    expect(read('<lora:a:te=0.2:unet=0.9>', 'sdnext').tags[0]).toMatchObject({ te: 0.2, unet: 0.9 });
    expect(read('<lora:a:0.2@0,0.9@0.5>', 'sdnext').tags[0]).toMatchObject({ unet: 0.9 });
    expect(read('<lora:a:0.5:high>', 'sdnext').problems).toEqual([]);
  });
  it('Fooocus: the weight is mandatory', () => {
    expect(read('<lora:a>', 'fooocus')).toMatchObject({ tags: [], problems: [{ kind: 'missing-weight' }] });
    expect(read('<lora:a:0.5>', 'fooocus').tags[0]).toMatchObject({ unet: 0.5 });
    expect(kinds(read('<lora:a:0,5>', 'fooocus'))).toEqual(['decimal-comma']);
  });
  it('SwarmUI: a third number is for the text encoder', () => {
    expect(read('<lora:sub/a:0.5:0.1>', 'swarmui').tags[0]).toMatchObject({ name: 'sub/a', unet: 0.5, te: 0.1 });
  });
  it('ComfyUI reads no tags at all', () => {
    expect(read('<lora:a:1>', 'comfyui')).toMatchObject({ tags: [], problems: [{ kind: 'tag-in-comfyui-text' }] });
  });
});

describe('Python numbers', () => {
  it.each([
    ['1__0', null],
    ['_1', null],
    ['1_', null],
    ['1._0', null],
    ['1_0e1_0', 100000000000],
    ['.5', 0.5],
    ['5.', 5],
    ['0x10', null],
    ['', null],
    ['+Infinity', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['infinit', null],
    ['٣.٥', 3.5],
    ['𝟏.𝟓', 1.5],
    ['\u30001', 1],
    ['\ufeff1', null],
    ['1 0', null],
  ])('float(%j)', (text, value) => {
    expect(pythonFloat(text)).toBe(value);
  });
  it('int', () => {
    expect(pythonInt(' １_０ ')).toBe(10);
    expect(pythonInt('1.0')).toBeNull();
  });
  it('agrees with JavaScript on plain decimals', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (n) => pythonFloat(String(n)) === n || (n === 0 && pythonFloat(String(n)) === 0)),
      { numRuns: 500 },
    );
  });
});

describe('any text', () => {
  it('finds exactly what the reference pattern finds', () => {
    const piece = fc.constantFrom('<', '>', ':', 'lora', 'a', '=', '0.8', ' ', '(', '，', '：', '\n', '猫');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const expected = [...text.matchAll(/<([\p{L}\p{N}_]+):([^>]+)>/gu)].filter(
          (m) => m[1] === 'lora' && !m[2]?.includes('<'),
        );
        expect(read(text).tags.map((t) => t.at)).toEqual(expected.map((m) => m.index));
      }),
      { numRuns: 500 },
    );
  });
  it('IM-27 reads 50,000 tags and deep brackets in one pass', () => {
    expect(read('<lora:a:1>'.repeat(50_000)).tags).toHaveLength(50_000);
    expect(read(`${'('.repeat(10_000)}lora:a:1${')'.repeat(10_000)}`).problems).toHaveLength(1);
    expect(read('<lora:a'.repeat(100_000)).tags).toHaveLength(0);
    expect(read('lora:'.repeat(100_000)).tags).toHaveLength(0);
  });
});

describe('Easy Diffusion', () => {
  const tags = (prompt: string) => read(prompt, 'easydiffusion').tags.map(({ name, unet, te }) => [name, unet, te]);
  const kinds = (prompt: string) => read(prompt, 'easydiffusion').problems.map(({ kind }) => kind);
  it('takes tags in any case of letters, half strength without a weight, and leaves blocks out', () => {
    expect(tags('a cat <lora:pixel:0.8> <LoRA: film > <lyco:b:1:lbw=ALL> <lora:c:>')).toEqual([
      ['pixel', 0.8, 0.8],
      ['film', 0.5, 0.5],
      ['b', 1, 1],
      ['c', 0.5, 0.5],
    ]);
    expect(read('a cat <lora:pixel:0.8>', 'easydiffusion').plain).toBe('a cat ');
  });
  it('names what it cannot use', () => {
    expect(kinds('<lora:sub/a:1>')).toEqual(['path-in-name']);
    expect(kinds('<lora:a.safetensors:1>')).toEqual(['extension-in-name']);
    expect(tags('<lora:a:1:2:3>')).toEqual([]);
    expect(kinds('<lora:a:strong>')).toHaveLength(1);
    expect(kinds('<lora:a:1>')).toEqual([]);
  });
});
