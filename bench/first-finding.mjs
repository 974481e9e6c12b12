import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeInstall } from './lib/install.mjs';
import { CLI, median, PYTHON, timed, timedDoctor } from './lib/process.mjs';

const RUNS = 3;
const TERMINAL = path.join(path.dirname(fileURLToPath(import.meta.url)), 'lib', 'until-shown.py');

/** ms from process start until `text` stands on a terminal of 100x30. */
async function untilShown(text, command) {
  const { status, stdout, stderr } = await timed(PYTHON, [TERMINAL, text, ...command]);
  if (status !== 0) throw new Error(`${stderr.slice(-600)}`);
  return Number(stdout);
}

/** From process start until the first finding stands on the interactive screen, against the start of an empty Node program. */
export const bench = {
  name: 'first-finding',
  unit: 'ms',
  better: 'lower',
  async run() {
    const { folder } = makeInstall();
    const reference = await median(RUNS, async () => (await timed(process.execPath, ['-e', '0'])).ms);
    const { findings } = JSON.parse((await timedDoctor(['check', folder, '--json', '--depth', 'quick'])).stdout);
    const title = findings[0]?.title;
    if (!title) throw new Error('the planted fault gave no finding');
    // The screen cuts long titles; their beginning is enough to be read.
    const shown = title.slice(0, 24);
    const ours = await median(RUNS, () => untilShown(shown, [process.execPath, CLI, folder]));
    return { ours, reference, details: { 'first finding': title } };
  },
};
