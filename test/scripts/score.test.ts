import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { belowFloor, figuresIn } from '../../scripts/score.mjs';

const SCRIPT = path.resolve(fileURLToPath(import.meta.url), '../../../scripts/score.mjs');

describe('figures of a scorer', () => {
  it('are read from its summary and from nothing else', () => {
    const text = [
      '  wrong  a1111/x  expected 1/2  got 3/4',
      '- case [a1111] top1 0/9',
      'low confidence: top1 1/9 top3 2/9 healthy-clean 0/1',
      'recordings (log): top1 128/129 top3 128/129 healthy-clean 23/23 no-report 0 median 0.3 s',
      'headers: family 125/125  rank 113/114  unanswered 0',
    ].join('\n');
    expect(Object.fromEntries(figuresIn(text))).toEqual({
      top1: { got: 128, of: 129 },
      top3: { got: 128, of: 129 },
      'healthy-clean': { got: 23, of: 23 },
      family: { got: 125, of: 125 },
      rank: { got: 113, of: 114 },
    });
  });

  it('below a floor, or not measured at all, are named', () => {
    const figures = new Map([
      ['top1', { got: 5, of: 9 }],
      ['top3', { got: 9, of: 9 }],
    ]);
    expect(belowFloor(figures, { top1: 6, top3: 9, clean: 1 })).toEqual(['top1: 5/9, floor 6', 'clean: not measured, floor 1']);
  });
});

it('without the data it says so and ends well', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--quick'], {
    env: { ...process.env, SCORE_DATA: '/nowhere' },
  });
  expect(stdout).toMatch(/^not run: /);
});
