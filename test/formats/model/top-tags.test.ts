import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankOneFolder, TagRanking } from '../../../src/formats/model/top-tags';
import { triggerWords } from '../../../src/formats/model/triggers';

const generic = (word: string): boolean => word.startsWith('g');

/** All tags sorted, the plain way. */
function sorted(tags: Record<string, number>, limit: number): { word: string; count: number }[] {
  return Object.entries(tags)
    .map(([word, count]) => ({ word, count }))
    .sort(
      (a, b) =>
        Number(generic(a.word)) - Number(generic(b.word)) ||
        b.count - a.count ||
        (a.word < b.word ? -1 : a.word > b.word ? 1 : 0),
    )
    .slice(0, limit);
}

const words = fc
  .string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'g', '(', '\\', '"', '猫', ' ') })
  .filter((word) => word.trim() === word && word !== '');

describe('rankOneFolder', () => {
  it('ranks like sorting everything', () => {
    fc.assert(
      fc.property(
        fc.dictionary(words, fc.nat(30), { minKeys: 1, maxKeys: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (tags, limit, spaced) => {
          const text = spaced ? JSON.stringify({ f: tags }).replaceAll('":', '": ') : JSON.stringify({ f: tags });
          const found = rankOneFolder(text, new TagRanking(limit, generic), 1000);
          // A replaced `":` inside of a word changes the word: only untouched texts are compared.
          fc.pre(!spaced || !Object.keys(tags).some((word) => word.includes('"')));
          expect(found).toEqual({ top: sorted(tags, limit), most: Math.max(...Object.values(tags)) });
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['two folders', '{"a": {"x": 1}, "b": {"x": 2}}'],
    ['an empty folder', '{"a": {}}'],
    ['a fraction', '{"a": {"x": 1.5}}'],
    ['a negative number', '{"a": {"x": -1}}'],
    ['no number', '{"a": {"x": "1"}}'],
    ['a word twice', '{"a": {"x": 1, "x": 2}}'],
    ['outer spaces', '{"a": {" x": 1}}'],
    ['an unfinished text', '{"a": {"x": 1}'],
    ['more behind it', '{"a": {"x": 1}} x'],
    ['nothing', ''],
    ['a word that never ends', '{"a": {"x'],
  ])('leaves %s to the long way', (_what, text) => {
    expect(rankOneFolder(text, new TagRanking(5, generic), 10)).toBeNull();
  });

  it('leaves too many tags to the long way', () => {
    expect(rankOneFolder('{"a": {"x": 1, "y": 2}}', new TagRanking(5, generic), 1)).toBeNull();
  });
});

describe('triggerWords', () => {
  it('says the same of one folder and of the same tags in two', () => {
    fc.assert(
      fc.property(fc.dictionary(words, fc.integer({ min: 1, max: 30 }), { minKeys: 1, maxKeys: 80 }), (tags) => {
        const one = triggerWords(new Map([['ss_tag_frequency', JSON.stringify({ '5_x': tags })]]));
        const two = triggerWords(new Map([['ss_tag_frequency', JSON.stringify({ '5_x': tags, '1_y': {} })]]));
        expect(one).toEqual(two);
        const short = triggerWords(new Map([['ss_tag_frequency', JSON.stringify({ '5_x': tags })]]), 10);
        expect(short).toEqual({ ...one, all: one.all.slice(0, 10) });
      }),
      { numRuns: 200 },
    );
  });
});
