import { makeInstall } from './lib/install.mjs';
import { CLI, median, PYTHON, timed, timedDoctor } from './lib/process.mjs';
import { hasReference, listWithPython, REMEDY } from './lib/reference.mjs';

const RUNS = 3;

/** A whole quick check of an install with 2,000 LoRAs against listing the same files with Python's safetensors; both from process start. */
export const bench = {
  name: 'quick-check',
  unit: 'ms',
  better: 'lower',
  async run() {
    const { folder, loras } = makeInstall();
    const args = ['check', folder, '--json', '--depth', 'quick'];
    const report = JSON.parse((await timedDoctor(args)).stdout);
    const ours = await median(RUNS, async () => (await timedDoctor(args)).ms);
    const start = await median(RUNS, async () => (await timed(process.execPath, [CLI, '--version'])).ms);
    const details = { files: report.summary.files, 'our start alone (ms)': start };
    if (!(await hasReference())) return { ours, reference: null, remedy: REMEDY, details };
    const { tensors } = await listWithPython(loras);
    const reference = await median(RUNS, async () => (await listWithPython(loras)).ms);
    const pythonStart = await median(RUNS, async () => (await timed(PYTHON, ['-c', 'import safetensors'])).ms);
    return { ours, reference, details: { ...details, 'start of the reference alone (ms)': pythonStart, tensors } };
  },
};
