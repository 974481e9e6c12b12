/**
 * Looks at the weights of all files in a folder as the program does, and reads them without looking, in turns. Prints the ms of
 * each turn as JSON. `look.mjs WORKER FOLDER`.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { weighAll } from '../../src/weights/pool';

const ROUNDS = 7;
const [script = '', folder = ''] = process.argv.slice(2);
const files = readdirSync(folder).map((name) => path.join(folder, name));
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);

/** Threads included: they start anew each time. */
async function look(spectra: boolean, threads: boolean): Promise<void> {
  const jobs = files.map((file) => ({ path: file, options: { spectra } }));
  const done = (index: number, result: object): void => {
    const verdict = 'look' in result ? (result.look as { verdict: string }).verdict : 'unread';
    if (verdict !== 'sound') throw new Error(`${files[index]}: ${verdict}`);
  };
  await weighAll(jobs, { script: threads ? script : null, bytes, signal: new AbortController().signal, done });
}

/** Each file as a whole, as one reads a file to work on it. */
function read(): void {
  for (const file of files) readFileSync(file);
}

/** Into one small buffer over and over: the bytes never leave the processor's cache. */
function skim(): void {
  const buffer = new Uint8Array(2 ** 18);
  for (const file of files) {
    const descriptor = openSync(file, 'r');
    while (readSync(descriptor, buffer, 0, buffer.length, null) > 0);
    closeSync(descriptor);
  }
}

async function timed(run: () => void | Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

const turns: { [name: string]: number[] } = {};
for (let round = 0; round < ROUNDS; round++) {
  const runs = {
    read,
    skim,
    norms: () => look(false, true),
    spectra: () => look(true, true),
    oneThread: () => look(false, false),
  };
  for (const [name, run] of Object.entries(runs)) turns[name] = [...(turns[name] ?? []), await timed(run)];
}
process.stdout.write(JSON.stringify({ bytes, turns }));
