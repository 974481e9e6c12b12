import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { show } from '../../src/formats/show';
import { hostileStrings, liveCharacters } from '../hostile';

const STRINGS = hostileStrings();

describe('show', () => {
  it.each(STRINGS.map((text, at) => [at, text] as const))('leaves nothing live in hostile string %d', (_at, text) => {
    const shown = show(text, 1_000_000);
    expect(liveCharacters(shown)).toEqual([]);
    expect(shown).not.toContain('\n');
  });

  it('never lets two pieces join into a live sequence', () => {
    for (const text of STRINGS) {
      for (const cut of [1, 2, 3, 5, 8, 13]) {
        expect(liveCharacters(show(text.slice(0, cut)) + show(text.slice(cut, cut + 500)))).toEqual([]);
        expect(liveCharacters(show(text, cut) + show(text.slice(cut), 500))).toEqual([]);
      }
    }
    expect(show('\ud83d') + show('\ude00')).toBe('\\u{d83d}\\u{de00}');
    expect(show('😀', 1)).toBe('\\u{d83d}…');
  });

  it('makes each live character visible, one by one', () => {
    expect(show('a\u001b[2Jb\tc\n')).toBe('a␛[2Jb␉c␊');
    expect(show('\u007f\u009b\u202e\u200b\ufeff\u2028\u{e0041}')).toBe('␡\\u{9b}\\u{202e}\\u{200b}\\u{feff}\\u{2028}\\u{e0041}');
  });

  it('keeps what people write', () => {
    for (const text of ['', 'plain', 'naïve café', '提示词：高品质', '😀👩🏽', 'e\u0301']) expect(show(text)).toBe(text);
  });

  it('marks a cut', () => {
    expect(show('abcdef', 3)).toBe('abc…');
    expect(show('abc', 3)).toBe('abc');
  });

  it('is harmless for any text, and does not change what it has made', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(250), (text, limit) => {
        const shown = show(text, limit);
        expect(liveCharacters(shown)).toEqual([]);
        expect(show(shown, 10_000)).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });
});

it('the strings are there', () => {
  expect(STRINGS.length).toBeGreaterThan(20);
});
