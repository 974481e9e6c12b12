import { rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { makeLoras } from './lib/loras.mjs';
import { CLI, PYTHON, timed } from './lib/process.mjs';

const LIB = path.join(path.dirname(fileURLToPath(import.meta.url)), 'lib');
const DIST = path.dirname(CLI);
/** Files that the peer is given: it needs a second for each. */
const PEER_FILES = 2;

/** Bytes and ms of each way, in a process of its own that stands beside the worker and the kernels. */
async function turns(folder) {
  const outfile = path.join(DIST, 'bench-look.mjs');
  await build({
    entryPoints: [path.join(LIB, 'look.mjs')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  try {
    const { status, stdout, stderr } = await timed(process.execPath, [outfile, path.join(DIST, 'weights-worker.js'), folder]);
    if (status !== 0) throw new Error(stderr.slice(-600));
    return JSON.parse(stdout);
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** MB/s of the peer's loop, or what hinders it. */
async function peer(files) {
  const { status, stdout } = await timed(PYTHON, [path.join(LIB, 'magnitude.py'), ...files]).catch(() => ({
    status: 1,
    stdout: '',
  }));
  if (status !== 0) return null;
  const [seconds, bytes] = stdout.split(' ').map(Number);
  return bytes / seconds / 1e6;
}

/**
 * The full verdict on 200 LoRAs without singular values, on all processors and with the start of the threads, as `check` does it, against
 * one thread that reads each of the same files as a whole, in MB/s. One thread of ours stands beside it.
 */
export const bench = {
  name: 'weights',
  unit: 'MB/s',
  better: 'higher',
  async run() {
    const files = makeLoras();
    const load = loadavg()[0].toFixed(1);
    const { bytes, ms } = await turns(path.dirname(files[0]));
    const speed = (name) => Math.round(bytes / ms[name] / 1e3);
    const [ours, reference] = [speed('allNorms'), speed('read')];
    const share = (name) => `${speed(name)} MB/s, ${(speed(name) / reference).toFixed(2)} of reading`;
    const loop = await peer(files.slice(0, PEER_FILES));
    const details = {
      MB: Math.round(bytes / 1e6),
      'load of the machine before': load,
      processors: availableParallelism(),
      'with singular values': share('allSpectra'),
      'in one thread': share('norms'),
      'in one thread, with singular values': share('spectra'),
      'reading into one buffer over and over': share('skim'),
      "lora-inspector's loop (MB/s)": loop?.toFixed(2) ?? 'needs Python with safetensors and torch or numpy',
      "times lora-inspector's loop, in one thread": loop ? Math.round(speed('norms') / loop) : '-',
    };
    return { ours, reference, details };
  },
};
