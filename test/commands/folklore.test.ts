import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folkloreText } from '../../src/commands/explain-folklore';
import { compileFolklore } from '../../src/diagnosis/compile/folklore';

const source = readFileSync(new URL('../../rules/folklore.yaml', import.meta.url), 'utf8');
const { pages, errors } = compileFolklore('rules/folklore.yaml', source);

describe('folklore', () => {
  it('compiles, and answers what the source text repeats', () => {
    expect(errors).toEqual([]);
    for (const id of [
      'turn-off-lora-cache',
      'lora-order-matters',
      'lora-in-negative-prompt',
      'black-means-rank-too-high',
      'strengths-sum-at-most-1-2',
    ]) {
      expect(pages[id]?.sources.length).toBeGreaterThan(0);
    }
  });

  it('reads well in both languages', () => {
    const [id, page] = Object.entries(pages)[0] ?? [];
    if (id === undefined || page === undefined) throw new Error('no page');
    expect(folkloreText(id, page, 'en')).toContain('not true');
    expect(folkloreText(id, page, 'zh-CN')).toContain('不属实');
  });

  it('names file, line and column of a mistake', () => {
    const { errors: found } = compileFolklore('f.yaml', source.replace('verdict: refuted', 'verdict: refutd'));
    expect(found[0]).toMatchObject({ file: 'f.yaml', line: 6, message: expect.stringContaining('did you mean "refuted"') });
  });
});
