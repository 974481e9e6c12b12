// Compiles src/weights/kernels/ (AssemblyScript) to one WebAssembly module without imports. `node scripts/build-kernels.mjs [FILE]`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SOURCES = path.join(ROOT, 'src', 'weights', 'kernels');
const COMPILER = path.join(ROOT, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'lora-doctor');

/** 160 MiB (src/weights/wasm.ts): 64 MiB of values, the same transposed, and products. Pages that nobody touches cost nothing. */
const PAGES = '2560';
const OPTIONS = [
  '-O3',
  '--converge',
  '--noAssert',
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--initialMemory',
  PAGES,
  '--maximumMemory',
  PAGES,
];

/** The compiled module. The compiler takes seconds, so what it made of the same sources is kept. Throws when they do not compile. */
export function kernelBytes() {
  const kept = path.join(CACHE, `weights-${fingerprint()}.wasm`);
  if (!existsSync(kept)) {
    mkdirSync(CACHE, { recursive: true });
    const draft = `${kept}.${process.pid}`;
    compile(draft);
    renameSync(draft, kept);
  }
  return readFileSync(kept);
}

/** Of the sources, the options (they stand in this file) and the compiler. */
function fingerprint() {
  const compiler = path.join(ROOT, 'node_modules', 'assemblyscript', 'package.json');
  const files = readdirSync(SOURCES).sort();
  const hash = createHash('sha256');
  for (const file of [...files.map((name) => path.join(SOURCES, name)), fileURLToPath(import.meta.url), compiler])
    hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** In a process of its own: the compiler keeps a hundred megabytes. */
function compile(outFile) {
  const args = [COMPILER, path.join(SOURCES, 'index.ts'), '--outFile', outFile, ...OPTIONS];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`src/weights/kernels does not compile:\n${stderr.slice(0, 2000)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = kernelBytes();
  if (process.argv[2]) writeFileSync(process.argv[2], bytes);
  console.error(`weights.wasm: ${bytes.length} bytes`);
}
