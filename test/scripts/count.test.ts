import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { nodeIsFit } from '../../scripts/prepare.mjs';

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..');

/** Runs vitest with the counting reporter on the given files and returns what it counted. */
async function countOf(files: Readonly<Record<string, string>>): Promise<unknown> {
  mkdirSync(path.join(ROOT, '.tmp'), { recursive: true });
  // Inside of the repository, so that the files find vitest.
  const folder = mkdtempSync(path.join(ROOT, '.tmp', 'count-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, code] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), `import { describe, expect, test, beforeAll } from 'vitest';\n${code}`);
  }
  const counts = path.join(folder, 'counts.json');
  const reporter = path.join(ROOT, 'scripts', 'count-reporter.mjs');
  const args = ['run', '--root', folder, '--config', 'none.ts', '--reporter', reporter];
  writeFileSync(path.join(folder, 'none.ts'), 'export default {};');
  const env = { ...process.env, LORA_DOCTOR_COUNTS: counts };
  await new Promise<void>((resolve) => {
    execFile(process.execPath, [path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), ...args], { env, cwd: folder }, () =>
      resolve(),
    );
  });
  return JSON.parse(readFileSync(counts, 'utf8'));
}

test('tests are counted, not files', async () => {
  const good = "test('a', () => {}); describe('d', () => { test.each([1, 2, 3])('%s', () => {}); });";
  const bad = "test('b', () => { expect(1).toBe(2); }); test('c', () => {});";
  expect(await countOf({ 'good.test.ts': good, 'bad.test.ts': bad })).toEqual({ passed: 5, failed: 1, skipped: 0 });
});

test('a file that does not load, a failed hook and a stray error are failures', async () => {
  const counts = await countOf({
    'good.test.ts': "test('a', () => {});",
    'hook.test.ts': "describe('h', () => { beforeAll(() => { throw new Error('no'); }); test('t', () => {}); });",
    'crash.test.ts': "throw new Error('no');",
    'stray.test.ts':
      "test('s', () => { setTimeout(() => { throw new Error('later'); }, 1); return new Promise((r) => setTimeout(r, 50)); });",
  });
  expect(counts).toEqual({ passed: 2, failed: 3, skipped: 1 });
});

test('the least version of Node', () => {
  for (const version of ['v20.19.0', 'v20.20.1', 'v21.0.0', 'v22.12.0', '24.1.0']) expect(nodeIsFit(version)).toBe(true);
  for (const version of ['v12.22.0', 'v18.20.4', 'v20.18.9', 'v20.9.0']) expect(nodeIsFit(version)).toBe(false);
});
