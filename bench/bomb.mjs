import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installFolder } from './lib/install.mjs';
import { CLI, median, peakOfNode, timed, timedDoctor } from './lib/process.mjs';

const BOMBS = path.join(path.dirname(fileURLToPath(import.meta.url)), 'lib', 'bombs.mjs');

const MB = 1e6;
const RUNS = 3;

/** What `inspect` may take for each: peak resident memory in MB, and ms where a time is set. */
const CASES = [
  { what: 'legal header of 100 MB', make: 'longHeader', peak: 160, ms: 4000 },
  { what: 'zip of 1 MB that unpacks to 1 GB', make: 'zipBomb', peak: 110, ms: 1000 },
  { what: 'pickle of 10 million opcodes', make: 'manyOpcodes', peak: 100, ms: 2000 },
  { what: 'checkpoint of 7 GB, header', make: 'bigCheckpoint', peak: 120, ms: null },
  { what: 'weights of large modules', make: 'largeLora', peak: 250, ms: null },
];

async function made(name) {
  const { status, stdout, stderr } = await timed(process.execPath, [BOMBS, name, path.join(installFolder(), 'bombs')]);
  if (status !== 0) throw new Error(stderr.slice(-400));
  return stdout;
}

/** The worst share of its limit that a hostile or huge file takes. */
export const bench = {
  name: 'bomb',
  unit: 'of the limit',
  better: 'lower',
  async run() {
    const details = {};
    let worst = 0;
    for (const { what, make, peak, ms } of CASES) {
      const args = ['inspect', await made(make), '--json'];
      const used = Math.round((await peakOfNode([CLI, ...args])) / MB);
      const took = ms === null ? null : await median(RUNS, async () => (await timedDoctor(args)).ms);
      worst = Math.max(worst, used / peak, ms === null ? 0 : took / ms);
      details[what] = `${used} of ${peak} MB${ms === null ? '' : `, ${took} of ${ms} ms`}`;
    }
    return { ours: Number(worst.toFixed(2)), reference: 1, details };
  },
};
