// Looks at the weights of all files in a folder as the program does, and reads them without looking, in turns. Prints the ms of
// each turn as JSON. Bundled by bench/weights.mjs: `look WORKER FOLDER`.
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { weighAll } from '../../src/weights/pool';

const ROUNDS = 7;
const [worker, folder] = process.argv.slice(2);
const files = readdirSync(folder).map((name) => path.join(folder, name));
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);

/** Threads included: they start anew each time. `script` null: here, without threads. */
async function look(spectra, script) {
  const jobs = files.map((file) => ({ path: file, options: { spectra } }));
  const done = (index, result) => {
    const verdict = result.look?.verdict ?? result.error;
    if (verdict !== 'sound') throw new Error(`${files[index]}: ${verdict}`);
  };
  await weighAll(jobs, { script, bytes, signal: new AbortController().signal, done });
}

/** Each file as a whole into memory of its own, as one reads a file to work on it. */
function read() {
  for (const file of files) readFileSync(file);
}

/** Into one small buffer over and over: the bytes never leave the processor's cache, and nothing is done with them. */
function skim() {
  const buffer = new Uint8Array(2 ** 18);
  for (const file of files) {
    const descriptor = openSync(file, 'r');
    while (readSync(descriptor, buffer, 0, buffer.length, null) > 0);
    closeSync(descriptor);
  }
}

const runs = {
  read,
  skim,
  norms: () => look(false, worker),
  spectra: () => look(true, worker),
  here: () => look(false, null),
};
const ms = { read: [], skim: [], norms: [], spectra: [], here: [] };
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(runs)) {
    const started = performance.now();
    await run();
    ms[name].push(performance.now() - started);
  }
}
process.stdout.write(JSON.stringify({ bytes, ms }));
