import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStyles, withStyles } from '../../../src/formats/prompt/styles';

const names = (text: string) => readStyles(text).styles.map(({ name }) => name);
const kinds = (text: string | null) => readStyles(text).problems.map(({ kind, line }) => `${kind}:${line}`);
const HEAD = 'name,prompt,negative_prompt\r\n';

describe('styles.csv', () => {
  it('CF-22 quotes, commas and newlines in cells, cells that begin with =, and blanks behind a comma', () => {
    const text = `${HEAD}Film,"film grain, <lora:film:0.8>",blurry\r\n"Two, ""words""","first\nsecond", "bad, hands"\r\nFormula,=1+1,-2\r\n`;
    expect(readStyles(text)).toEqual({
      styles: [
        { name: 'Film', prompt: 'film grain, <lora:film:0.8>', negative: 'blurry' },
        { name: 'Two, "words"', prompt: 'first\nsecond', negative: 'bad, hands' },
        { name: 'Formula', prompt: '=1+1', negative: '-2' },
      ],
      problems: [],
    });
  });

  it('CF-22 the old form, other columns, comments, empty lines, equal names', () => {
    expect(readStyles('name,text\nA,old form\n')).toEqual({
      styles: [{ name: 'A', prompt: 'old form', negative: '' }],
      problems: [],
    });
    expect(names('extra,prompt,name\nx,p,A\n')).toEqual(['A']);
    expect(names(`${HEAD}# mine,,\n\nA,1,\n\n\nB,2,\nA,3,\n`)).toEqual(['A', 'B']);
    expect(readStyles(`${HEAD}A,1,\nA,2,x\n`).styles).toEqual([{ name: 'A', prompt: '2', negative: 'x' }]);
  });

  it('CF-22 semicolons are no columns', () => {
    expect(kinds('name;prompt;negative_prompt\nA;b;c\n')).toEqual(['no-columns:1']);
    expect(names('name;prompt;negative_prompt\nA;b;c\n')).toEqual([]);
  });

  it('CF-22 bad rows are named by line and the others are read', () => {
    expect(kinds(`${HEAD}A\nB,ok,\n`)).toEqual(['no-prompt:2']);
    expect(names(`${HEAD}A\nB,ok,\n`)).toEqual(['B']);
    expect(kinds('prompt,name\n"two\nlines"\nx,B\n')).toEqual(['no-name:2']);
    expect(kinds(`${HEAD}A,"never closed\nB,b,\n`)).toEqual(['open-quote:2']);
    expect(readStyles(`${HEAD}A,"never closed\nB,b,\n`).styles).toMatchObject([{ name: 'A', prompt: 'never closed\nB,b,\n' }]);
  });

  it('CF-22 what ends the reading in Python ends it here', () => {
    expect(kinds(null)).toEqual(['not-utf8:1']);
    expect(kinds(`${HEAD}A,a\u0000b,\nB,b,\n`)).toEqual(['nul:2']);
    expect(kinds(`${HEAD}A,${'x'.repeat(131_073)},\nB,b,\n`)).toEqual(['field-too-long:2']);
    expect(names(`${HEAD}A,${'x'.repeat(131_072)},\nB,b,\n`)).toEqual(['A', 'B']);
    expect(readStyles('')).toEqual({ styles: [], problems: [] });
  });

  it('CF-22 200,000 rows, and a row of 200,000 cells', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `s${i},"a ""${i}""",\n`).join('');
    expect(readStyles(HEAD + many).styles.at(-1)).toEqual({ name: 's199999', prompt: 'a "199999"', negative: '' });
    expect(names(`${HEAD}A,b${','.repeat(200_000)}\nB,b\n`)).toEqual(['A', 'B']);
  });

  it('CF-22 reads what Python’s csv writer wrote', () => {
    const written = (cell: string) => (/[",\r\n]/.test(cell) || cell === '' ? `"${cell.replaceAll('"', '""')}"` : cell);
    // Blanks at the start are skipped outside of quotes; a comment is none of them.
    const cell = fc
      .oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[",\n\r ;a=<]{0,8}$/))
      .filter((text) => !text.startsWith(' ') && !text.includes('\u0000'));
    const name = cell.filter((text) => !text.startsWith('#'));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, cell, cell), { selector: ([n]) => n, maxLength: 8 }), (list) => {
        const text = HEAD + list.map((row) => `${row.map(written).join(',')}\r\n`).join('');
        expect(readStyles(text)).toEqual({
          styles: list.map(([n, prompt, negative]) => ({ name: n, prompt, negative })),
          problems: [],
        });
      }),
    );
  });

  it('never throws, and ends', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[",\n\r; \u0000a#]{0,40}$/), (tail) => {
        const { styles, problems } = readStyles(HEAD + tail);
        expect(styles.length + problems.length).toBeLessThanOrEqual(tail.length * 2);
      }),
    );
  });
});

describe('withStyles', () => {
  it('CF-22 puts a style around the prompt, or behind it, and dollar signs are text', () => {
    expect(withStyles('a cat', ['photo of {prompt}, 35mm', '<lora:film:0.8>', ''])).toBe('photo of a cat, 35mm, <lora:film:0.8>');
    expect(withStyles('', ['  only  '])).toBe('only');
    expect(withStyles("$& $'", ['{prompt} {prompt}'])).toBe("$& $' $& $'");
    expect(withStyles('a', [])).toBe('a');
    expect(withStyles('ab', Array(60).fill('{prompt}{prompt}')).length).toBe(1 << 20);
  });
});
