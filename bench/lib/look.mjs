// Looks at the weights of all files in a folder as the program does, and reads them without looking, in turns. Prints the ms of
// the quickest turn of each way: what else the machine does only adds. Bundled by bench/weights.mjs: `look WORKER FOLDER`.
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { weighAll } from '../../src/weights/pool';
import { weigh } from '../../src/weights/weigh';

const ROUNDS = 9;
const [worker, folder] = process.argv.slice(2);
const files = readdirSync(folder).map((name) => path.join(folder, name));
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);

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
const ways = {
  // Into memory of its own, as one reads a file to work on it.
  read: (file) => readFileSync(file),
  skim: (file) => skim(file, small),
  norms: (file) => expectSound(file, weigh({ path: file, options: { spectra: false } })),
  spectra: (file) => expectSound(file, weigh({ path: file, options: { spectra: true } })),
};
const ms = Object.fromEntries(Object.keys(ways).map((name) => [name, Number.POSITIVE_INFINITY]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(ways)) {
    const started = performance.now();
    for (const file of files) run(file);
    ms[name] = Math.min(ms[name], performance.now() - started);
  }
}

/** As the check does it: threads are started first, and their code is cold. */
async function inThreads() {
  const jobs = files.map((file) => ({ path: file, options: { spectra: false } }));
  const done = (index, result) => expectSound(files[index], result);
  const started = performance.now();
  await weighAll(jobs, { script: worker, bytes, signal: new AbortController().signal, done });
  return performance.now() - started;
}

ms.threads = Math.min(await inThreads(), await inThreads(), await inThreads());
process.stdout.write(JSON.stringify({ bytes, ms }));
