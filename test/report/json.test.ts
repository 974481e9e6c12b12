import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printJson } from '../../src/report/json';
import { hostileStrings, liveCharacters } from '../hostile';

describe('printJson', () => {
  it('is the same document to a parser, with nothing live in it', () => {
    const document = Object.fromEntries(hostileStrings().map((text) => [text, [text, { text }]]));
    const printed = printJson(document);
    expect(liveCharacters(printed)).toEqual([]);
    expect(printed).not.toContain('\n');
    expect(JSON.parse(printed)).toEqual(document);
  });

  it('writes a character beyond the first plane as two escapes', () => {
    expect(printJson('\u{e0041}\u009b')).toBe('"\\udb40\\udc41\\u009b"');
  });

  it('leaves plain text as it is', () => {
    const value = { a: [1, true, null], b: 'naïve 提示词 😀 "\\"' };
    expect(printJson(value)).toBe(JSON.stringify(value));
  });

  it('holds for any value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 60 })), (value) => {
        const printed = printJson(value);
        expect(liveCharacters(printed)).toEqual([]);
        expect(printed === JSON.stringify(value) || JSON.stringify(JSON.parse(printed)) === JSON.stringify(value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
