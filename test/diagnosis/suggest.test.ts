import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/diagnosis/compile/suggest';

const WORDS = ['depth', 'json', 'fail-on', 'rules', 'symptom', 'only'];

describe('suggest', () => {
  it.each([
    ['dpeth', 'depth'],
    ['depht', 'depth'],
    ['edpth', 'depth'],
    ['jsno', 'json'],
    ['jason', 'json'],
    ['JSON', 'json'],
    ['fial-on', 'fail-on'],
    ['symtpom', 'symptom'],
    ['rule', 'rules'],
    ['depth', 'depth'],
  ])('%s is meant as %s', (word, meant) => {
    expect(suggest(word, WORDS)).toBe(meant);
  });

  it.each(['', 'x', 'weights', 'htped', 'jxxn', 'a'.repeat(100_000)])('nothing is near to %s', (word) => {
    expect(suggest(word, WORDS)).toBeUndefined();
  });

  it('takes the nearest', () => {
    expect(suggest('sdx', ['sd15', 'sdxl', 'sd3'])).toBe('sdxl');
  });

  it('undoes any one swap of neighbours', () => {
    fc.assert(
      fc.property(fc.constantFrom('depth', 'symptom', 'fail-on', 'inspect'), fc.nat(), (word, at) => {
        const i = at % (word.length - 1);
        const swapped = word.slice(0, i) + word.charAt(i + 1) + word.charAt(i) + word.slice(i + 2);
        expect(suggest(swapped, [...WORDS, 'inspect'])).toBe(word);
      }),
    );
  });
});
