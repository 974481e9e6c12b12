// `npm run bench [-- NAME...] [--json]`. Each bench/*.mjs but this one exports `bench`: name, unit, better, run().
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, buildIsFresh } from '../scripts/build.mjs';
import { installFolder } from './lib/install.mjs';

const FOLDER = path.dirname(fileURLToPath(import.meta.url));

async function loadBenches() {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.mjs') && name !== 'run.mjs');
  return Promise.all(files.sort().map(async (name) => (await import(pathToFileURL(path.join(FOLDER, name)).href)).bench));
}

/** Measures one; a reference that is missing gives null and a remedy, never a made-up figure. */
async function measure(bench) {
  const { ours, reference, remedy, details } = await bench.run();
  const ratio = reference === null ? null : Number((ours / reference).toFixed(3));
  const { name, unit, better } = bench;
  return { name, ours, reference, unit, ratio, better, ...(remedy ? { remedy } : {}), details };
}

function line({ name, ours, reference, unit, ratio, better, details, remedy }) {
  const apart = Object.entries(details).map(([what, value]) => `    ${what}: ${value}`);
  const head = `${name}  ${ours} ${unit}  ${reference ?? 'no reference'} ${unit}  ${ratio ?? '-'}  (${better} is better)`;
  return [head, ...apart, ...(remedy ? [`    ${remedy}`] : [])].join('\n');
}

const words = process.argv.slice(2);
const json = words.includes('--json');
const names = words.filter((word) => !word.startsWith('--'));
const benches = await loadBenches();
const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length) {
  console.error(`unknown benchmark ${unknown.join(', ')}; there are: ${benches.map((bench) => bench.name).join(', ')}`);
  process.exit(2);
}
if (!buildIsFresh()) await build();
process.on('exit', () => rmSync(installFolder(), { recursive: true, force: true }));
for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
  try {
    const result = await measure(bench);
    console.log(json ? JSON.stringify(result) : line(result));
    if (result.reference !== null) continue;
    console.error(result.remedy);
  } catch (error) {
    console.error(`${bench.name} could not be measured: ${error.message}`);
  }
  process.exitCode = 1;
}
