import { describe, expect, it } from 'vitest';
import { exitStatus } from '../../src/report/exit';
import type { Finding, Severity } from '../../src/report/schema';

const found = (...severities: (Severity | 'explained-error')[]) => ({
  findings: severities.map((s) =>
    s === 'explained-error' ? { severity: 'error', explainedBy: 'abc' } : { severity: s, explainedBy: null },
  ) as Finding[],
});

describe('exit status', () => {
  it.each([
    ['error', [], 0],
    ['error', ['error'], 1],
    ['error', ['warning', 'info'], 0],
    ['warning', ['warning'], 1],
    ['warning', ['info'], 0],
    ['info', ['info'], 1],
    ['info', [], 0],
    ['error', ['explained-error'], 0],
    ['error', ['explained-error', 'error'], 1],
  ] as const)('--fail-on %s with %j gives %d', (failOn, severities, status) => {
    expect(exitStatus(found(...severities), failOn)).toBe(status);
  });
});
