// Runs every scorer that lies beside this repository (../shared, or SCORE_DATA) and prints one table with the floors of
// test/accuracy.json. `node scripts/score.mjs [--quick] [--only NAME,NAME] [--misses] [--cmd "node dist/cli.js"]`.
// Ends with 1 when a figure lies below its floor; without the data it says so and ends with 0.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../..');

/** The scorers: where each lies, and which numbers of its last lines count. `quick`: cheap enough for every change. */
const SCORERS = [
  { name: 'log', file: 'corpus/score-recordings.py', args: ['--mode', 'log'], quick: true },
  { name: 'check', file: 'corpus/score-recordings.py', args: ['--mode', 'check'] },
  { name: 'train', file: 'corpus/score-recordings.py', args: ['--mode', 'train'], command: 'train' },
  {
    name: 'installs',
    file: 'corpus/installs/score.py',
    args: [],
    without: { command: 'train', args: ['--skip', 'train,kohya-gui'] },
  },
  { name: 'headers', file: 'corpus/score-files.py', args: ['--part', 'headers'], quick: true },
  { name: 'weights', file: 'corpus/score-files.py', args: ['--part', 'weights'], quick: true },
  { name: 'models', file: 'corpus/score-files.py', args: ['--part', 'models'], quick: true },
  { name: 'cases', file: 'cases/score.py', args: ['--domain', 'inference'], quick: true },
  { name: 'training cases', file: 'cases/score.py', args: ['--domain', 'training'], quick: true },
  { name: 'vram', file: 'cases/score-vram.py', args: [], command: 'vram' },
];
const LIMIT_MS = 10 * 60_000;

/**
 * Figures in the output of a scorer: `top1 71/72` and the like, each by the words before it, within its line's name.
 *
 * @param {string} text standard output of a scorer
 * @returns {Map<string, { got: number, of: number }>} e.g. `top1` → 71 of 72; the last mention counts
 */
export function figuresIn(text) {
  const found = new Map();
  for (const line of text.split('\n')) {
    // Per-case lines begin with a blank or a dash; figures stand on lines `name: figure a/b figure c/d`.
    if (!/^[A-Za-z]/.test(line) || line.startsWith('low confidence') || line.startsWith('left out')) continue;
    for (const match of line.matchAll(/([A-Za-z][A-Za-z0-9-]*)(?: \d+ %)?[ :=]{1,3}(\d{1,6})\/(\d{1,6})(?![\d/])/g)) {
      found.set(match[1], { got: Number(match[2]), of: Number(match[3]) });
    }
  }
  return found;
}

/**
 * Compares figures with their floors.
 *
 * @param {ReadonlyMap<string, { got: number, of: number }>} figures
 * @param {Readonly<Record<string, number>>} floors least number of hits by figure
 * @returns {string[]} what lies below
 */
export function belowFloor(figures, floors) {
  return Object.entries(floors).flatMap(([name, least]) => {
    const figure = figures.get(name);
    if (!figure) return [`${name}: not measured, floor ${least}`];
    return figure.got < least ? [`${name}: ${figure.got}/${figure.of}, floor ${least}`] : [];
  });
}

/** Runs one scorer on our program; its text and how long it took. */
function run(scorer, data, cmd) {
  return new Promise((resolve) => {
    const began = Date.now();
    const child = spawn('python3', [path.join(data, scorer.file), '--cmd', cmd, ...scorer.args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const end = (failure) => {
      clearTimeout(timer);
      resolve({ text, failure, seconds: (Date.now() - began) / 1000 });
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code) => end(code === 0 ? null : `exit ${code}: ${errors.trim().split('\n').at(-1) ?? ''}`));
  });
}

/** Words of the program that this version has; a scorer of a later one is left out and said so. */
function has(command) {
  return !command || existsSync(path.join(ROOT, 'src', 'commands', `${command}.ts`));
}

async function main() {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, misses: { type: 'boolean' }, cmd: { type: 'string' } },
  });
  const data = process.env.SCORE_DATA ?? path.resolve(ROOT, '../shared');
  if (!existsSync(data)) {
    console.log(`not run: the scorers and their data are not beside this repository (${path.relative(ROOT, data)})`);
    return 0;
  }
  const floors = JSON.parse(readFileSync(path.join(ROOT, 'test', 'accuracy.json'), 'utf8')).floors;
  const only = values.only?.split(',');
  const cmd = values.cmd ?? `"${process.execPath}" "${path.join(ROOT, 'dist', 'cli.js')}"`;
  const failures = [];
  console.log(`${'scorer'.padEnd(16)} ${'figures'.padEnd(64)} seconds`);
  for (const scorer of SCORERS) {
    if (only ? !only.includes(scorer.name) : values.quick && !scorer.quick) continue;
    if (!existsSync(path.join(data, scorer.file)) || !has(scorer.command)) {
      const why = has(scorer.command) ? 'its scorer is not there' : `this version has no command ${scorer.command}`;
      console.log(`${scorer.name.padEnd(16)} not run: ${why}`);
      continue;
    }
    const less = scorer.without && !has(scorer.without.command) ? scorer.without.args : [];
    const { text, failure, seconds } = await run({ ...scorer, args: [...scorer.args, ...less] }, data, cmd);
    const figures = figuresIn(text);
    const words = [...figures].map(([name, { got, of }]) => `${name} ${got}/${of}`).join('  ');
    console.log(`${scorer.name.padEnd(16)} ${words.padEnd(64)} ${seconds.toFixed(1)}`);
    if (values.misses) console.log(text.trimEnd().replace(/^/gm, '    '));
    const low = failure !== null && figures.size === 0 ? [failure] : belowFloor(figures, floors[scorer.name] ?? {});
    failures.push(...low.map((what) => `${scorer.name}: ${what}`));
  }
  for (const failure of failures) console.log(`BELOW THE FLOOR  ${failure}`);
  return failures.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
