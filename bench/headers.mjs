import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeInstall } from './lib/install.mjs';
import { median, PYTHON, timed, timedDoctor } from './lib/process.mjs';
import { hasReference, listWithPython, REMEDY } from './lib/reference.mjs';

const RUNS = 3;

/** What starting the program takes before it does anything: shown apart, and in both sides of the ratio. */
const start = (program, args) => median(5, async () => (await timed(program, args)).ms);

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
    const ours = await median(RUNS, async () => (await timedDoctor(args)).ms);
    const home = mkdtempSync(path.join(tmpdir(), 'lora-doctor-bench-warm-'));
    const files = JSON.parse((await timedDoctor(args, home)).stdout).files.length;
    const warm = await median(RUNS, async () => (await timedDoctor(args, home)).ms);
    rmSync(home, { recursive: true, force: true });
    const node = await start(process.execPath, ['-e', '0']);
    const details = { files, 'ours, remembered (ms)': warm, 'node alone (ms)': node };
    if (!(await hasReference())) return { ours, reference: null, remedy: REMEDY, details };
    const reference = await median(RUNS, async () => (await listWithPython(loras)).ms);
    const python = await start(PYTHON, ['-c', 'import resource, numpy; from safetensors import safe_open']);
    details['python alone (ms)'] = python;
    details['remembered, of the reference'] = (warm / reference).toFixed(3);
    const apart = (ms) => ((ms - node) / (reference - python)).toFixed(3);
    details['without the starts'] = `${apart(ours)}, remembered ${apart(warm)}`;
    return { ours, reference, details };
  },
};
