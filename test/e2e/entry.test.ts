import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runCli } from './helpers';

/** Size of all code that is loaded with a file: itself and what it imports statically. */
function loadedWith(file: string, seen = new Set<string>()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const code = readFileSync(file, 'utf8');
  const imports = [...code.matchAll(/\b(?:from|import)\s*"(\.[^"]+)"/g)];
  return imports.reduce((sum, [, to]) => sum + loadedWith(path.resolve(path.dirname(file), to ?? ''), seen), code.length);
}

test('the entry loads next to nothing: the rest is imported when it is needed', async () => {
  expect((await runCli(['--version'])).status).toBe(0);
  const entry = path.join(ROOT, 'dist', 'cli.js');
  expect(readFileSync(entry, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(loadedWith(entry)).toBeLessThan(20_000);
});
