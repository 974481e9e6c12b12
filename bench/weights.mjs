import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
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

/** The full verdict on 200 LoRAs without singular values against reading each of the same files as a whole, both in one thread, in MB/s. */
export const bench = {
  name: 'weights',
  unit: 'MB/s',
  better: 'higher',
  async run() {
    const files = makeLoras();
    const load = loadavg()[0].toFixed(1);
    const { bytes, ms } = await turns(path.dirname(files[0]));
    const speed = (name) => Math.round(bytes / ms[name] / 1e3);
    const [ours, reference] = [speed('norms'), speed('read')];
    const loop = await peer(files.slice(0, PEER_FILES));
    const details = {
      MB: Math.round(bytes / 1e6),
      'load of the machine before': load,
      'as the check does it, in threads that start first (MB/s)': speed('threads'),
      'with singular values (MB/s)': speed('spectra'),
      'with singular values, of reading': (speed('spectra') / reference).toFixed(2),
      'reading into one buffer over and over (MB/s)': speed('skim'),
      'of that, without singular values': (ours / speed('skim')).toFixed(2),
      "lora-inspector's loop (MB/s)": loop?.toFixed(2) ?? 'needs Python with safetensors and torch or numpy',
      "times lora-inspector's loop": loop ? Math.round(ours / loop) : '-',
    };
    return { ours, reference, details };
  },
};
