import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAnchors } from '../../../src/formats/log/anchors';

describe('anchor automaton', () => {
  it('finds exactly what includes() finds', () => {
    const small = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '中'), maxLength: 40 });
    fc.assert(
      fc.property(fc.uniqueArray(small, { minLength: 1, maxLength: 12 }), text, (literals, line) => {
        const set = compileAnchors(literals.map((literal, id) => ({ text: literal, id })));
        const found: number[] = [];
        set.scan(line, 0, line.length, found);
        expect(found.sort()).toEqual(literals.flatMap((literal, id) => (line.includes(literal) ? [id] : [])).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('looks at its part of the text only', () => {
    const found: number[] = [];
    compileAnchors([{ text: 'abcd', id: 7 }]).scan('abcdabcd', 1, 7, found);
    expect(found).toEqual([]);
  });

  it('refuses a literal that is not ASCII', () => {
    expect(() => compileAnchors([{ text: '中', id: 1 }])).toThrow('ASCII');
  });
});
