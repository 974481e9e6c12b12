// Looks at the weights of all files in a folder as the program does, and reads them without looking, in turns. Prints the ms of
// the quickest turn of each way: what else the machine does only adds. Bundled by bench/weights.mjs: `look WORKER FOLDER`.
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { compileLate } from '../../src/platform/compile-late';
import { weighAll } from '../../src/weights/pool';
import { weigh } from '../../src/weights/weigh';

// As the program does when it starts.
compileLate();
const ROUNDS = 9;
const [worker, folder] = process.argv.slice(2);
const files = readdirSync(folder).map((name) => path.join(folder, name));
const sizes = files.map((file) => statSync(file).size);
const bytes = sizes.reduce((sum, size) => sum + size, 0);

function expectSound(file, result) {
  const verdict = result.look?.verdict ?? result.error;
  if (verdict !== 'sound') throw new Error(`${file}: ${verdict}`);
}

/** Into one small buffer over and over: the bytes never leave the processor's cache, and nothing is done with them. */
function skim(file, buffer) {
  const descriptor = openSync(file, 'r');
  while (readSync(descriptor, buffer, 0, buffer.length, null) > 0);
  closeSync(descriptor);
}

const small = new Uint8Array(2 ** 18);

/** As the check does it, on all processors: the threads are started first, and their code is cold. */
async function everywhere(options) {
  const jobs = files.map((file, i) => ({ path: file, size: sizes[i], options }));
  const done = (index, result) => expectSound(files[index], result);
  await weighAll(jobs, { script: worker, bytes, signal: new AbortController().signal, done });
}

const each = (run) => () => {
  for (const file of files) run(file);
};
const ways = {
  // Into memory of its own, as one reads a file to work on it.
  read: each((file) => readFileSync(file)),
  skim: each((file) => skim(file, small)),
  norms: each((file) => expectSound(file, weigh({ path: file, options: { spectra: false } }))),
  spectra: each((file) => expectSound(file, weigh({ path: file, options: { spectra: true } }))),
  allNorms: () => everywhere({ spectra: false }),
  allSpectra: () => everywhere({ spectra: true }),
};
const ms = Object.fromEntries(Object.keys(ways).map((name) => [name, Number.POSITIVE_INFINITY]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(ways)) {
    const started = performance.now();
    await run();
    ms[name] = Math.min(ms[name], performance.now() - started);
  }
}
process.stdout.write(JSON.stringify({ bytes, ms }));
