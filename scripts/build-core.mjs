// Bundles the pure core for a page: dist/browser.js, an IIFE that sets the global `LoraDoctor`. No Node module may get in.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { leaveOut } from './build.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Builds the page's core to `outfile`. Throws when any input asks for a Node module. */
export async function buildCore(outfile = path.join(ROOT, 'dist', 'browser.js')) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [path.join(ROOT, 'src', 'browser.ts')],
    outfile,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'LoraDoctor',
    target: 'es2022',
    minify: true,
    legalComments: 'eof',
    logLevel: 'warning',
    plugins: [leaveOut],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outfile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCore(process.argv[2]);
