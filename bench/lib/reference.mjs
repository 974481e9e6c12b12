import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PYTHON, timed } from './process.mjs';

const LIST = path.join(path.dirname(fileURLToPath(import.meta.url)), 'list.py');

/** What to do when the reference is not there. */
export const REMEDY =
  'The reference needs Python with safetensors: python3 -m venv .tmp/venv && .tmp/venv/bin/pip install safetensors numpy, then PYTHON=$PWD/.tmp/venv/bin/python npm run bench';

/** True when Python and its safetensors package start. */
export async function hasReference() {
  try {
    return (await timed(PYTHON, ['-c', 'import safetensors, numpy'])).status === 0;
  } catch {
    return false;
  }
}

/** Lists a folder with Python's `safe_open`: ms, tensors seen, peak bytes. Throws when it fails. */
export async function listWithPython(folder) {
  const { status, ms, stdout, stderr } = await timed(PYTHON, [LIST, folder]);
  if (status !== 0) throw new Error(`the reference failed: ${stderr.slice(-400)}`);
  const [tensors, peak] = stdout.trim().split(' ').map(Number);
  return { ms, tensors, peak };
}
