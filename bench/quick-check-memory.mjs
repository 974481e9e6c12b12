import { makeInstall } from './lib/install.mjs';
import { CLI, peakOfNode } from './lib/process.mjs';
import { hasReference, listWithPython, REMEDY } from './lib/reference.mjs';

const MIB = 2 ** 20;

/** Peak resident memory of the same quick check against the same listing. */
export const bench = {
  name: 'quick-check-memory',
  unit: 'MiB',
  better: 'lower',
  async run() {
    const { folder, loras } = makeInstall();
    const ours = Math.round((await peakOfNode([CLI, 'check', folder, '--json', '--depth', 'quick'])) / MIB);
    const details = { 'node -e 0 (MiB)': Math.round((await peakOfNode(['-e', '0'])) / MIB) };
    if (!(await hasReference())) return { ours, reference: null, remedy: REMEDY, details };
    return { ours, reference: Math.round((await listWithPython(loras)).peak / MIB), details };
  },
};
