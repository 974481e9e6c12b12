import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { noteMessage } from '../../src/report/notes';

const CHECKS = path.join(import.meta.dirname, '../../src/checks');

/** Note codes that stand as plain words in the checks' sources. */
function codesInUse(): string[] {
  const sources = readdirSync(CHECKS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const codes = sources.flatMap((name) => [
    ...readFileSync(path.join(CHECKS, name), 'utf8').matchAll(/notes\.push\(\{[^}]*code: '([a-z-]+)'/g),
  ]);
  return [...new Set(codes.map((m) => m[1] ?? ''))];
}

it('has a sentence in both languages for every code that a check writes', () => {
  const codes = codesInUse();
  expect(codes.length).toBeGreaterThan(3);
  for (const code of [
    ...codes,
    'unreadable-missing',
    'unreadable-permission',
    'unreadable-io',
    'budget-entries',
    'budget-depth',
  ]) {
    for (const lang of ['en', 'zh-CN'] as const) expect(noteMessage({ check: 'x', code }, lang), code).not.toBe(code);
  }
});

it('shows an outside detail harmlessly', () => {
  expect(noteMessage({ check: 'x', code: 'io', detail: '\u001b[2J' }, 'en')).toBe('could not be read: ␛[2J');
});
