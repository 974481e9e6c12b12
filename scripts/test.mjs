// `npm test [-- VITEST ARGS]`: prepares, runs every test, ends with `N passed, N failed`.
import { spawn } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { prepare, ROOT } from './prepare.mjs';

/** Counts left by `count-reporter.mjs`; a runner that left none has crashed, and that is a failure. */
function readCounts(file, status) {
  try {
    const counts = JSON.parse(readFileSync(file, 'utf8'));
    const failed = counts.failed === 0 && status !== 0 ? 1 : counts.failed;
    return { passed: counts.passed, failed: failed };
  } catch (_error) {
    return { passed: 0, failed: 1 };
  }
}

let counts = { passed: 0, failed: 1 };

function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lora-doctor-test-'));
  const file = path.join(folder, 'counts.json');
  const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run'].concat(process.argv.slice(2)), {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: Object.assign({}, process.env, { LORA_DOCTOR_COUNTS: file }),
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (status) => {
    counts = readCounts(file, status);
    rmSync(folder, { recursive: true, force: true });
    process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  });
}

// Also when the preparation ended the process: what does not build has failed.
process.on('exit', () => process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed\n`));
prepare().then(run);
