import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

export const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..');

export interface Ran {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
}

let built: Promise<unknown> | undefined;

/** Brings dist up to date, once in this process; the script does nothing when it is already. */
async function buildOnce(): Promise<void> {
  built ??= promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts', 'build.mjs')], { cwd: ROOT });
  await built;
}

/** A folder of this test, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lora-doctor-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and the folders above it. */
export function put(folder: string, relative: string, contents: string | Uint8Array): string {
  const file = path.join(folder, relative);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, contents);
  return file;
}

/** A safetensors file: 8 bytes of length, the header, `bytes` zero bytes of data. */
export function safetensors(header: Readonly<Record<string, unknown>>, bytes: number): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const file = Buffer.alloc(8 + json.length + bytes);
  file.writeBigUInt64LE(BigInt(json.length));
  json.copy(file, 8);
  return file;
}

/**
 * Runs the built program as a user would in a pipe: an empty home folder, no colour, English unless told otherwise.
 * The working folder is a fresh one, so that nothing is found by chance.
 */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  await buildOnce();
  const home = mkdtempSync(path.join(tmpdir(), 'lora-doctor-home-'));
  try {
    return await run(process.execPath, [path.join(ROOT, 'dist', 'cli.js'), ...args], {
      ...options,
      cwd: options.cwd ?? home,
      env: { PATH: process.env.PATH ?? '', HOME: home, USERPROFILE: home, LANG: 'en_US.UTF-8', ...options.env },
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {}); // it may end before it has read everything
    child.stdin.end(options.stdin ?? '');
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

/** Runs a script in bash with a stand-in for `accelerate`; what it was called with. */
export function argvInBash(text: string): string[] {
  const root = temporaryFolder();
  const stub = put(root, 'bin/accelerate', '#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done > "$RECORD"\n');
  chmodSync(stub, 0o755);
  put(root, 'train.sh', text);
  const record = path.join(root, 'argv.txt');
  const env = { PATH: `${path.dirname(stub)}:${process.env.PATH}`, HOME: '/home/user', RECORD: record };
  execFileSync('bash', ['train.sh'], { cwd: root, env });
  return readFileSync(record, 'utf8').split('\n').slice(0, -1);
}
