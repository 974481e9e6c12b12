import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { makeInstall } from './lib/install.mjs';
import { PYTHON, timed, timedDoctor } from './lib/process.mjs';
import { hasReference, listWithPython, REMEDY } from './lib/reference.mjs';

const TURNS = 7;

/**
 * Ms of the quickest of several turns, in which each program runs once: what else the machine does only adds, and it adds to all of them
 * alike when they take turns.
 */
async function quickest(programs) {
  const best = {};
  for (let turn = 0; turn < TURNS; turn++)
    for (const [name, run] of Object.entries(programs)) best[name] = Math.min(best[name] ?? Infinity, (await run()).ms);
  return best;
}

/** `inspect DIR` of 2,000 LoRAs, with nothing remembered and with everything, against listing them with Python's safetensors. */
export const bench = {
  name: 'headers',
  unit: 'ms',
  better: 'lower',
  async run() {
    const { loras } = makeInstall();
    // Files made a moment ago are not remembered.
    const old = new Date(Date.now() - 3_600_000);
    for (const name of await readdir(loras)) utimesSync(path.join(loras, name), old, old);
    const args = ['inspect', loras, '--json'];
    const home = mkdtempSync(path.join(tmpdir(), 'lora-doctor-bench-warm-'));
    const files = JSON.parse((await timedDoctor(args, home)).stdout).files.length;
    const compared = await hasReference();
    // What starting the program takes before it does anything is shown apart, and is in both sides of the ratio.
    const ms = await quickest({
      cold: () => timedDoctor(args),
      warm: () => timedDoctor(args, home),
      node: () => timed(process.execPath, ['-e', '0']),
      ...(compared && {
        python: () => timed(PYTHON, ['-c', 'import resource, numpy; from safetensors import safe_open']),
        reference: () => listWithPython(loras),
      }),
    });
    rmSync(home, { recursive: true, force: true });
    const { cold, warm, node, python, reference } = ms;
    const load = loadavg()[0].toFixed(1);
    const details = { files, 'ours, remembered (ms)': Math.round(warm), 'node alone (ms)': Math.round(node), load };
    if (!compared) return { ours: Math.round(cold), reference: null, remedy: REMEDY, details };
    details['python alone (ms)'] = Math.round(python);
    details['remembered, of the reference'] = (warm / reference).toFixed(3);
    const apart = (one) => ((one - node) / (reference - python)).toFixed(3);
    details['without the starts'] = `${apart(cold)}, remembered ${apart(warm)}`;
    return { ours: Math.round(cold), reference: Math.round(reference), details };
  },
};
