import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emphasisedParts } from '../../../src/checks/prompts/emphasis';

describe('emphasisedParts', () => {
  const sum = (words: string[], prompt: string): number => emphasisedParts(words, prompt).get(words[0] ?? '') ?? 0;

  it('adds up the weights of a body part that stands in the prompt more than once', () => {
    expect(sum(['cat ears'], '1girl, (cat ears:1.4), animal ears, (cat ears:1.3)')).toBeCloseTo(2.7);
    expect(sum(['fox ears'], '((fox ears)), smile')).toBeCloseTo(1.21);
    expect(sum(['fox tail'], '((fox_tail:1.2)), sky')).toBeCloseTo(1.32);
  });

  it('leaves out what is neither weighted up nor repeated', () => {
    expect(sum(['cat ears'], '1girl, cat ears, smile')).toBe(0);
    expect(sum(['cat ears'], '[cat ears], smile')).toBe(0);
    expect(sum(['cat ears'], '(cat ears:0.8), smile')).toBe(0);
    expect(sum(['cat ears'], '\\(cat ears\\), smile')).toBe(0);
  });

  it('knows body parts only, in Chinese too', () => {
    expect(sum(['masterpiece'], '(masterpiece:1.5)')).toBe(0);
    expect(sum(['beard'], '(beard:1.5)')).toBe(0);
    expect(sum(['猫耳'], '(猫耳:1.4)，少女')).toBeCloseTo(1.4);
  });

  it('gives a finite sum for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('(', ')', '[', ']', ':', '1.4', 'cat ears', ',', '\\', '9e9', '∞')), (pieces) => {
        for (const value of emphasisedParts(['cat ears'], pieces.join('')).values()) expect(Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
