import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptBlocks } from '../../../src/formats/prompt/blocks';

describe('labelled prompts', () => {
  it('are split at their labels, in either language', () => {
    expect(promptBlocks('# notes\npositive: a,\nb\nnegative: c\n\nPrompt: d')).toEqual([
      { positive: 'a,\nb', negative: 'c', line: 2 },
      { positive: 'd', negative: '', line: 6 },
    ]);
    expect(promptBlocks('正向提示词：猫\n反向提示词：狗')).toEqual([{ positive: '猫', negative: '狗', line: 1 }]);
  });

  it('are not seen in a plain prompt or an infotext', () => {
    expect(promptBlocks('1girl, <lora:a:1>')).toBeNull();
    expect(promptBlocks('1girl\nNegative prompt: bad\nSteps: 20, Sampler: Euler, Size: 1x1')).toBeNull();
    expect(promptBlocks('negative: x')).toBeNull();
  });

  it('never lose a line of theirs', () => {
    const line = fc
      .stringMatching(/^[a-z<>:, ]{1,20}$/)
      .filter((l) => l.trim() !== '' && promptBlocks(`${l}:`) === null && !/^\s*(prompt|positive|negative)/.test(l));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        const [block] = promptBlocks(`positive: x\n${lines.join('\n')}`) ?? [];
        expect(block?.positive).toBe(['x', ...lines.map((l) => l.trim())].join('\n'));
      }),
      { numRuns: 300 },
    );
  });
});
