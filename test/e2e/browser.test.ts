import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from './helpers';

test('the core runs in a page: without require, process and Buffer', async () => {
  const outfile = path.join(temporaryFolder(), 'browser.js');
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts', 'build-core.mjs'), outfile]);
  // A bare context has the language and nothing of Node.
  const shown = runInNewContext(`${readFileSync(outfile, 'utf8')}; LoraDoctor.show('a\\u001b[2Jb')`, {});
  expect(shown).toBe('a␛[2Jb');
});
