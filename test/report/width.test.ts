import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pad, textWidth, truncate, truncateMiddle, wrap } from '../../src/report/width';

const mixed = fc.string({
  unit: fc.constantFrom('a', 'Z', ' ', '模', '型', '，', '（', '）', '🐱', 'é', 'e\u0301', '한', '-', '/', '①'),
});

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['模型', 4],
    ['LoRA（模型）', 12],
    ['e\u0301', 1],
    ['✖✔⚠ℹ…', 5],
    ['🐱', 2],
    ['⚠\ufe0f', 2],
    ['👩‍👩‍👧', 2],
    ['한글', 4],
    [`x${'\u0301'.repeat(1000)}`, 1],
  ])('%s is %i columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});

describe('truncate', () => {
  it('never takes more than it may, and keeps what fits', () => {
    fc.assert(
      fc.property(mixed, fc.integer({ min: 0, max: 30 }), (text, columns) => {
        for (const cut of [truncate(text, columns), truncateMiddle(text, columns)]) {
          expect(textWidth(cut)).toBeLessThanOrEqual(columns);
          if (textWidth(text) <= columns) expect(cut).toBe(text);
        }
        expect(textWidth(pad(text, columns))).toBe(columns);
      }),
    );
  });

  it('keeps the file name of a path', () => {
    expect(truncateMiddle('/home/someone/webui/models/Lora/cat.safetensors', 30)).toMatch(/^\/home\/som…\S*cat\.safetensors$/);
  });
});

describe('wrap', () => {
  it('keeps every visible character in order and every line within its width', () => {
    fc.assert(
      fc.property(mixed, fc.integer({ min: 4, max: 40 }), (text, columns) => {
        const lines = wrap(text, columns);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
      { numRuns: 500 },
    );
  });

  it('breaks Chinese between characters and leaves closing marks with their word', () => {
    expect(wrap('显存不足，请关闭其他程序。', 8)).toEqual(['显存不', '足，请关', '闭其他程', '序。']);
  });

  it('breaks at spaces and keeps Latin words in Chinese text whole', () => {
    expect(wrap('请加上 --medvram 参数', 12)).toEqual(['请加上', '--medvram 参', '数']);
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('keeps leading spaces of the first line only', () => {
    expect(wrap('  ab cd', 5)).toEqual(['  ab', 'cd']);
  });
});
