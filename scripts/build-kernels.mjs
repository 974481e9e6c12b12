// Compiles the kernels (AssemblyScript), each folder to one WebAssembly module without imports. `node scripts/build-kernels.mjs NAME [FILE]`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const COMPILER = path.join(ROOT, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'lora-doctor');

/** Memory is in pages of 64 KiB. Pages that nobody touches cost nothing. */
const MODULES = {
  /** 160 MiB (src/weights/wasm.ts): 64 MiB of values, the same transposed, and products. */
  weights: { folder: 'src/weights/kernels', pages: 2560 },
  /** 1 MiB (src/formats/log/kernel.ts): tables of literals and 384 KiB of the log. */
  log: { folder: 'src/formats/log/kernels', pages: 16 },
};
export const KERNELS = Object.keys(MODULES);

const OPTIONS = ['-O3', '--converge', '--noAssert', '--enable', 'simd', '--runtime', 'stub'];

/** The compiled module. The compiler takes seconds, so what it made of the same sources is kept. Throws when they do not compile. */
export function kernelBytes(name) {
  const kept = path.join(CACHE, `${name}-${fingerprint(MODULES[name])}.wasm`);
  if (!existsSync(kept)) {
    mkdirSync(CACHE, { recursive: true });
    const draft = `${kept}.${process.pid}`;
    compile(MODULES[name], draft);
    renameSync(draft, kept);
  }
  return readFileSync(kept);
}

/** Of the sources, the options (they stand in this file) and the compiler. */
function fingerprint({ folder }) {
  const compiler = path.join(ROOT, 'node_modules', 'assemblyscript', 'package.json');
  const sources = path.join(ROOT, folder);
  const files = readdirSync(sources).sort();
  const hash = createHash('sha256');
  for (const file of [...files.map((name) => path.join(sources, name)), fileURLToPath(import.meta.url), compiler])
    hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** In a process of its own: the compiler keeps a hundred megabytes. */
function compile({ folder, pages }, outFile) {
  const memory = ['--initialMemory', String(pages), '--maximumMemory', String(pages)];
  const args = [COMPILER, path.join(ROOT, folder, 'index.ts'), '--outFile', outFile, ...OPTIONS, ...memory];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${folder} does not compile:\n${stderr.slice(0, 2000)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, file] = process.argv.slice(2);
  if (!KERNELS.includes(name)) throw new Error(`which kernels? ${KERNELS.join(', ')}`);
  const bytes = kernelBytes(name);
  if (file) writeFileSync(file, bytes);
  console.error(`${name}.wasm: ${bytes.length} bytes`);
}
