import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

export const CLI = path.resolve(fileURLToPath(import.meta.url), '../../../dist/cli.js');
const PEAK = path.join(path.dirname(fileURLToPath(import.meta.url)), 'peak.mjs');

/** Python to compare with: `$PYTHON`, else python3. */
export const PYTHON = process.env.PYTHON || 'python3';

/** Runs a program in an empty home folder (so that no cache of an earlier run helps), or in one that is kept; ms from start to end. */
export async function timed(program, args, kept) {
  const home = kept ?? mkdtempSync(path.join(tmpdir(), 'lora-doctor-bench-home-'));
  const started = performance.now();
  const running = new Promise((resolve, reject) => {
    const env = { ...process.env, HOME: home, XDG_CACHE_HOME: path.join(home, 'cache') };
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd: home });
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({
        status,
        ms: performance.now() - started,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
  });
  try {
    return await running;
  } finally {
    if (!kept) rmSync(home, { recursive: true, force: true });
  }
}

/** Like `timed` for our program; throws when it did not end with a diagnosis (0 or 1). */
export async function timedDoctor(args, kept) {
  const result = await timed(process.execPath, [CLI, ...args], kept);
  if (result.status !== 0 && result.status !== 1)
    throw new Error(`lora-doctor ${args[0]} ended with ${result.status}: ${(result.stderr || result.stdout).slice(0, 400)}`);
  return result;
}

/** Peak resident memory in bytes and processor time in ms of a Node program, without those that it started. */
export async function usedByNode(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'lora-doctor-bench-peak-'));
  const file = path.join(folder, 'peak');
  process.env.LORA_DOCTOR_PEAK = file;
  try {
    const { status, stdout, stderr } = await timed(process.execPath, ['--import', PEAK, ...args]);
    if (status !== 0 && status !== 1) throw new Error(`ended with ${status}: ${(stderr || stdout).slice(0, 400)}`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    delete process.env.LORA_DOCTOR_PEAK;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its peak alone. */
export const peakOfNode = async (args) => (await usedByNode(args)).bytes;

/** The middle of several runs of `once`, rounded. */
export async function median(times, once) {
  const values = [];
  for (let i = 0; i < times; i++) values.push(await once());
  values.sort((a, b) => a - b);
  return Math.round(values[Math.floor(times / 2)]);
}
