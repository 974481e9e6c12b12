// Builds dist/: the bundled program, the kernels, the compiled rules and the licences of what is bundled. `node scripts/build.mjs [--force]`.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { KERNELS, kernelBytes } from './build-kernels.mjs';
import { thirdParty } from './third-party.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const DIST = path.join(ROOT, 'dist');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'lora-doctor');
const STAMP = path.join(DIST, '.stamp');
const INPUTS = ['src', 'rules', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json'];

/**
 * What an input looks like without reading it: every path with its size and time. A removed, renamed or older file (another
 * branch checked out) changes it too, which the newest time alone would miss.
 */
function inputState() {
  const lines = [];
  const visit = (relative) => {
    const info = statSync(path.join(ROOT, relative), { throwIfNoEntry: false });
    if (info?.isDirectory()) for (const name of readdirSync(path.join(ROOT, relative)).sort()) visit(`${relative}/${name}`);
    else if (info) lines.push(`${relative} ${info.size} ${info.mtimeMs}`);
  };
  for (const input of INPUTS) visit(input);
  return lines.join('\n');
}

/** True when dist was built from exactly the files that are there now. */
export function buildIsFresh() {
  if (!existsSync(STAMP) || !existsSync(path.join(DIST, 'cli.js'))) return false;
  return readFileSync(STAMP, 'utf8') === inputState();
}

/** Entries: the program, and each file that runs beside it (`src/platform/graphics/worker.ts` → `dist/graphics-worker.js`). */
function entries() {
  const found = { cli: path.join(ROOT, 'src', 'cli.ts') };
  for (const file of readdirSync(path.join(ROOT, 'src'), { recursive: true })) {
    if (path.basename(file) === 'worker.ts') found[`${path.basename(path.dirname(file))}-worker`] = path.join(ROOT, 'src', file);
  }
  return found;
}

/** esbuild's settings shared by every bundle that runs in Node. */
const forNode = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  jsx: 'automatic',
  logLevel: 'warning',
  // Bundled CommonJS packages call `require('fs')`, which an ES module lacks; esbuild's shim uses this one.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
};

/**
 * Left out of the bundle: ink's debugger (loaded when the variable DEV is set), which needs a package that is not installed and
 * opens a socket, and zod's messages in fifty languages, which we word ourselves (it keeps English).
 */
export const leaveOut = {
  name: 'leave-out',
  setup(plugin) {
    const filter = /ink[\\/]build[\\/]devtools\.js$|zod[\\/]v4[\\/]locales[\\/]index\.js$/;
    plugin.onLoad({ filter }, () => ({ contents: 'export {};' }));
  },
};

/** What every command but `--version` loads first, and what `inspect` does: its start is a good part of its time. */
const FIRST = ['src/commands/dispatch.ts', 'src/commands/inspect/inspect.ts'];

/** Files that some other file loads when it is needed. */
function lateFiles() {
  const late = new Set();
  for (const name of readdirSync(path.join(ROOT, 'src'), { recursive: true })) {
    const file = path.join(ROOT, 'src', name);
    if (!/\.tsx?$/.test(name)) continue;
    for (const [, to] of readFileSync(file, 'utf8').matchAll(/import\('(\.[^']+)'\)/g)) {
      const target = path.resolve(path.dirname(file), to);
      late.add(existsSync(`${target}.ts`) ? `${target}.ts` : `${target}.tsx`);
    }
  }
  return late;
}

/**
 * One chunk of all that stands in FIRST: every file that is loaded late imports it. By itself esbuild makes a chunk for each set of
 * entries that share something, which is thirty files for `inspect`, and opening a file takes Node longer than reading what is in it.
 */
const together = {
  name: 'together',
  setup(plugin) {
    const late = lateFiles();
    const first = FIRST.map((file) => `\nimport ${JSON.stringify(path.join(ROOT, file))};`).join('');
    plugin.onLoad({ filter: /src[\\/].*\.tsx?$/ }, ({ path: file }) =>
      late.has(file) ? { contents: readFileSync(file, 'utf8') + first, loader: path.extname(file).slice(1) } : undefined,
    );
  },
};

async function bundleProgram() {
  return bundle({
    ...forNode,
    entryPoints: entries(),
    outdir: DIST,
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    write: false,
    metafile: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [leaveOut, together],
  });
}

/** Replaces a file in one step, so that a program that starts meanwhile sees the old or the new one. */
function put(file, contents) {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(contents))) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, contents);
  renameSync(draft, file);
}

/** Bundles one TypeScript file of scripts/ for this one run and runs it. True when it ended well. */
export async function runScript(name, args) {
  const outfile = path.join(CACHE, `${name}.mjs`);
  await bundle({ ...forNode, entryPoints: [path.join(ROOT, 'scripts', `${name}.ts`)], outfile, packages: 'external' });
  return spawnSync(process.execPath, [outfile, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] }).status === 0;
}

/** Compiles rules/ with the project's own compiler. */
async function buildRules() {
  if (!(await runScript('build-rules', [path.join(DIST, 'rules.json')])))
    throw new Error('the rules in rules/ could not be compiled');
}

function removeStale(kept) {
  for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && file.endsWith('.js') && !kept.has(file) && entry.name !== 'browser.js') rmSync(file, { force: true });
  }
}

/** Unix starts a script by its first line. */
const runnable = (code) => (code.startsWith('#!') ? code : `#!/usr/bin/env node\n${code}`);

/** Builds everything. Throws when something does not compile; esbuild has then said what on stderr. */
export async function build() {
  const state = inputState();
  const result = await bundleProgram();
  // The entries come last: they name the chunks.
  const files = result.outputFiles.sort((a, b) => Number(b.path.includes('chunks')) - Number(a.path.includes('chunks')));
  for (const file of files) put(file.path, file.path.endsWith('cli.js') ? runnable(file.text) : file.contents);
  chmodSync(path.join(DIST, 'cli.js'), 0o755);
  put(path.join(DIST, 'THIRD-PARTY.txt'), thirdParty(ROOT, result.metafile));
  for (const name of KERNELS) put(path.join(DIST, `${name}.wasm`), kernelBytes(name));
  await buildRules();
  // Tracked files, so CI compares them before it builds (`npm run schema -- --check`).
  if (!(await runScript('build-schema', []))) throw new Error('schema/ could not be written');
  removeStale(new Set(files.map((file) => file.path)));
  put(path.join(DIST, '.stamp'), state);
  return result.metafile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv.includes('--force') || !buildIsFresh()) await build();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
