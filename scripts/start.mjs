// `npm start [-- ARGS]`: prepares, then runs the program. stdout belongs to the program alone.
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import { constants } from 'os';
import path from 'path';
import { prepare, ROOT } from './prepare.mjs';

/** Paths that the user types are meant from where the user stands, also with `npm --prefix`. */
function userFolder() {
  const from = process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : undefined;
  return from && existsSync(from) ? from : process.cwd();
}

function run() {
  const args = [path.join(ROOT, 'dist', 'cli.js')].concat(process.argv.slice(2));
  const child = spawn(process.execPath, args, { cwd: userFolder(), stdio: 'inherit' });
  // On a terminal Ctrl-C reaches the child by itself; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`lora-doctor: ${error.message}\n`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] || 0) : code));
}

prepare().then(run);
