import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { CLI, median, timed, timedDoctor, usedByNode } from './lib/process.mjs';
import { makeWhole } from './lib/whole.mjs';

const RUNS = 5;
/** What people may have to wait for. */
const AIM = 1500;

/** A whole `check`, second run, against a Node program that reads the same bytes and does nothing with them. */
export const bench = {
  name: 'check',
  unit: 'ms',
  better: 'lower',
  async run() {
    const { folder, read } = await makeWhole();
    const list = path.join(folder, '..', 'whole.json');
    writeFileSync(list, JSON.stringify(read));
    const home = mkdtempSync(path.join(tmpdir(), 'lora-doctor-bench-home-'));
    try {
      const args = ['check', folder, '--json'];
      const first = await timedDoctor(args, home);
      const { summary, facts } = JSON.parse(first.stdout);
      const ours = await median(RUNS, async () => (await timedDoctor(args, home)).ms);
      const reader = [path.join(import.meta.dirname, 'lib/read-all.mjs'), list];
      const bytes = Number((await timed(process.execPath, reader)).stdout);
      const reference = await median(RUNS, async () => (await timed(process.execPath, reader)).ms);
      const start = await median(RUNS, async () => (await timed(process.execPath, [CLI, '--version'])).ms);
      const used = await usedByNode([CLI, ...args]);
      const slowest = [...facts.checks].sort((a, b) => b.ms - a.ms).slice(0, 4);
      const details = {
        aim: `${AIM} ms`,
        install: `${summary.files} files, ${Math.round(bytes / 1e6)} MB to read`,
        'first run (ms)': Math.round(first.ms),
        'our start alone (ms)': start,
        'processor time of a run (ms)': used.ms,
        'peak memory': `${Math.round(used.bytes / 1e6)} MB`,
        'slowest checks of the first run (ms)': slowest.map(({ id, ms }) => `${id} ${Math.round(ms)}`).join(', '),
        load: loadavg()[0].toFixed(2),
      };
      return { ours, reference, details };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
