import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { noteMessage } from '../../src/report/notes';

const SOURCES = path.join(import.meta.dirname, '../../src');

const sources = ['checks', 'formats/log', 'commands/log', 'facts', 'scan']
  .flatMap((folder) =>
    readdirSync(path.join(SOURCES, folder), { recursive: true, encoding: 'utf8' }).map((n) => path.join(folder, n)),
  )
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(SOURCES, name), 'utf8'));

/** Note codes that stand as plain words in the sources. */
function codesInUse(): string[] {
  const patterns = [/check: [^,}]+, code: '([a-z-]+)'/g, /\bnote\('([a-z-]+)', (?:path|root|target|folder|\{)/g];
  const codes = sources.flatMap((text) => patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((m) => m[1] ?? '')));
  return [...new Set(codes)].sort();
}

const MADE = ['missing', 'permission', 'not-a-file', 'too-large', 'being-written', 'io'].flatMap((code) => [
  code,
  `unreadable-${code}`,
  `log-${code}`,
]);

it('has a sentence in both languages for every code that is written', () => {
  const codes = codesInUse();
  expect(codes).toEqual(
    expect.arrayContaining(['log-lines-cut', 'log-files-left-out', 'log-sessions-over', 'no-install', 'damaged']),
  );
  for (const code of [...codes, ...MADE, 'budget-entries', 'budget-depth', 'check-failed', 'check-timed-out']) {
    for (const lang of ['en', 'zh-CN'] as const) expect(noteMessage({ check: 'x', code }, lang), code).not.toBe(code);
  }
});

it('words the counts of a note in the reader’s language', () => {
  const note = { check: 'logs', code: 'log-sessions-over', counts: { n: 1 } };
  expect(noteMessage(note, 'en')).toMatch(/^1 older start in this log does not count/);
  expect(noteMessage({ ...note, counts: { n: 3 } }, 'en')).toMatch(/^3 older starts in this log do not count/);
  expect(noteMessage({ ...note, counts: { n: 3 } }, 'zh-CN')).toMatch(/^日志中较早的 3 次启动/);
  const cut = { check: 'logs', code: 'log-lines-cut', counts: { n: 2, bytes: 3 * 1024 * 1024 } };
  expect(noteMessage(cut, 'en')).toBe('2 very long lines were shortened (3.0 MiB left out)');
  expect(noteMessage(cut, 'zh-CN')).toBe('有 2 行过长，已截短（略去 3.0 MiB）');
});

it('leaves no placeholder open when a report of another version brings no count', () => {
  for (const code of codesInUse())
    for (const lang of ['en', 'zh-CN'] as const) expect(noteMessage({ check: 'x', code }, lang)).not.toMatch(/[{}]/);
});

it('keeps sentences of ours out of details: they would be of one language', () => {
  for (const text of sources) expect(text.match(/code: ['`][\w${}.-]+['`][^;]{0,60}detail: ['`].*/)?.[0]).toBeUndefined();
});

it('shows an outside detail harmlessly, and none that only says it again in English', () => {
  expect(noteMessage({ check: 'x', code: 'io', detail: '\u001b[2J' }, 'en')).toBe('could not be read: ␛[2J');
  expect(noteMessage({ check: 'x', code: 'unreadable-permission', detail: 'EACCES: permission denied' }, 'zh-CN')).toBe(
    '没有读取权限',
  );
});
