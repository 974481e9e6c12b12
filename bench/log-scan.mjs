import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { installFolder } from './lib/install.mjs';
import { CLI, median, peakOfNode, timed, timedDoctor } from './lib/process.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SIGNATURES = path.join(HERE, '../rules/signatures');
const MB = 1e6;
const RUNS = 3;
/** Peak resident memory that a log of any size may take. */
const PEAK = 128;
/** The whole measurement is of 2000 MB; this one ends sooner. */
const SIZE = Number(process.env.LORA_DOCTOR_BENCH_MB || 300);
const REMEDY = 'The reference needs ripgrep: apt-get install -y ripgrep';

async function makeLog() {
  const made = await timed(process.execPath, [path.join(HERE, 'lib/log.mjs'), path.join(installFolder(), 'logs'), String(SIZE)]);
  if (made.status !== 0) throw new Error(made.stderr.slice(-400));
  return made.stdout;
}

/** The literals that our reader looks for. */
function literals() {
  const found = new Set();
  for (const name of readdirSync(SIGNATURES)) {
    for (const { anchor, anchors } of parse(readFileSync(path.join(SIGNATURES, name), 'utf8')).signatures)
      for (const text of anchors ?? [anchor]) found.add(text);
  }
  return [...found];
}

/** Ms of `rg`, which reads with one thread as there is one file; null where it is not installed. */
async function ripgrep(words, file) {
  const run = async () => {
    const { status, ms, stderr } = await timed('rg', ['-c', '-F', '-f', words, file]);
    if (status !== 0) throw new Error(`ripgrep ended with ${status}: ${stderr.slice(0, 400)}`);
    return ms;
  };
  try {
    return await median(RUNS, run);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** `log FILE` with all signatures, against ripgrep looking for the same literals. */
export const bench = {
  name: 'log-scan',
  unit: 'MB/s',
  better: 'higher',
  async run() {
    const file = await makeLog();
    const size = statSync(file).size / MB;
    const words = `${file}.literals`;
    const wanted = literals();
    writeFileSync(words, `${wanted.join('\n')}\n`);
    const speed = (ms) => Math.round((size / ms) * 1000);
    const args = ['log', file, '--json'];
    const ours = speed(await median(RUNS, async () => (await timedDoctor(args)).ms));
    const peak = Math.round((await peakOfNode([CLI, ...args])) / MB);
    const theirs = await ripgrep(words, file);
    const details = {
      log: `${Math.round(size)} MB, ${wanted.length} literals`,
      'peak memory': `${peak} of ${PEAK} MB`,
      load: loadavg()[0].toFixed(2),
    };
    if (theirs === null) return { ours, reference: null, remedy: REMEDY, details };
    return { ours, reference: speed(theirs), details };
  },
};
