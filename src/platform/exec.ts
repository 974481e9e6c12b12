import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import type { ExecResult, Platform } from './platform';

const WINDOWS = process.platform === 'win32';
const MAX_OUTPUT = 1024 * 1024;
/** After the program itself has ended, a grandchild may still hold its pipes: how long we listen on. */
const DRAIN_MS = 200;

type ExecOptions = Parameters<Platform['exec']>[2];
/** `searchPath` replaces PATH for the program and what it starts. */
type RunOptions = Omit<ExecOptions, 'notInside'> & { readonly searchPath?: string };

/** See `Platform.exec`. Null when no such program is found, or it cannot be started. */
export function execProgram(name: string, args: readonly string[], options: ExecOptions): Promise<ExecResult | null> {
  const program = findProgram(name, options.notInside ?? [], process.env.PATH ?? '');
  if (program === null || options.signal.aborted) return Promise.resolve(null);
  return runProgram(program, args, options);
}

/** Runs a program at a known place under the limits of `Platform.exec`. Null when it cannot be started. */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<ExecResult | null> {
  return new Promise((resolve) => {
    new Run(program, args, options, resolve);
  });
}

/** PATH reduced to the entries in which `execProgram` would look: for a program that starts others by name. */
export function safeSearchPath(notInside: readonly string[]): string {
  const forbidden = notInside.flatMap((path) => [path, realPath(path) ?? path]);
  const entries = absoluteEntries(process.env.PATH ?? '');
  return entries.filter((entry) => !forbidden.some((outer) => inside(realPath(entry) ?? entry, outer))).join(delimiter);
}

function absoluteEntries(searchPath: string): string[] {
  return searchPath
    .split(delimiter)
    .map((entry) => entry.replace(/^"([^"]*)"$/, '$1'))
    .filter((folder) => isAbsolute(folder) && (!WINDOWS || /^(?:[A-Za-z]:[\\/]|[\\/]{2})/.test(folder)));
}

/** Absolute PATH entries only, none inside of `notInside` (an install or model folder may carry an `nvidia-smi.exe`). */
function findProgram(name: string, notInside: readonly string[], searchPath: string): string | null {
  if (!/^[\w.+-]+$/.test(name) || name.startsWith('.')) return null;
  const file = WINDOWS && !name.toLowerCase().endsWith('.exe') ? `${name}.exe` : name;
  const forbidden = notInside.flatMap((path) => [path, realPath(path) ?? path]);
  for (const folder of absoluteEntries(searchPath)) {
    const candidate = join(folder, file);
    const real = realPath(candidate);
    if (real === null || !runnable(real)) continue;
    if (forbidden.some((outer) => inside(candidate, outer) || inside(real, outer))) continue;
    return candidate;
  }
  return null;
}

function realPath(path: string): string | null {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return null;
  }
}

function runnable(path: string): boolean {
  try {
    if (!fs.statSync(path).isFile()) return false;
    fs.accessSync(path, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function inside(path: string, outer: string): boolean {
  const way = relative(outer, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\'));
}

/**
 * What programs need to find their own files, and no more: `LD_PRELOAD`, `NODE_OPTIONS`, `PYTHONSTARTUP`, `BASH_ENV` and the
 * like bring foreign code into a child (reliability.md SY-16).
 */
const HANDED_ON =
  /^(?:home|user|username|logname|tmpdir|temp|tmp|systemroot|systemdrive|windir|comspec|pathext|programfiles|programfiles\(x86\)|programw6432|programdata|allusersprofile|userprofile|homedrive|homepath|appdata|localappdata|processor_architecture|number_of_processors|os|wsl_distro_name|wsl_interop)$/i;

function environment(searchPath: string | undefined): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    PATH: searchPath ?? process.env.PATH ?? '',
    LC_ALL: 'C',
    NoDefaultCurrentDirectoryInExePath: '1',
  };
  for (const [name, value] of Object.entries(process.env)) if (HANDED_ON.test(name)) env[name] = value;
  return env;
}

/** One program run. Settles exactly once: at its end, at the time limit, at the output cap, or when aborted. */
class Run {
  private readonly child: ChildProcess;
  private readonly options: RunOptions;
  private readonly resolve: (result: ExecResult | null) => void;
  private readonly timer: NodeJS.Timeout;
  private readonly out: Buffer[] = [];
  private readonly err: Buffer[] = [];
  private bytes = 0;
  private settled = false;
  private readonly onAbort = (): void => this.stop(false);

  constructor(program: string, args: readonly string[], options: RunOptions, resolve: (result: ExecResult | null) => void) {
    this.options = options;
    this.resolve = resolve;
    this.child = spawn(program, [...args], {
      cwd: dirname(program), // Never the user's current folder: Windows would look for DLLs there.
      shell: false,
      windowsHide: true,
      detached: !WINDOWS, // Its own group, so that its children die with it.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(options.searchPath),
    });
    this.timer = setTimeout(() => this.stop(true), options.timeoutMs);
    options.signal.addEventListener('abort', this.onAbort, { once: true });
    this.child.on('error', () => this.finish(null));
    this.child.stdout?.on('data', (chunk: Buffer) => this.collect(this.out, chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.collect(this.err, chunk));
    this.child.on('close', (code) => this.end(code, false));
    this.child.on('exit', (code) => setTimeout(() => this.end(code, false), DRAIN_MS).unref());
  }

  private collect(into: Buffer[], chunk: Buffer): void {
    const room = (this.options.maxBytes ?? MAX_OUTPUT) - this.bytes;
    into.push(chunk.length > room ? chunk.subarray(0, Math.max(room, 0)) : chunk);
    this.bytes += chunk.length;
    if (chunk.length > room) this.stop(false);
  }

  private stop(timedOut: boolean): void {
    this.kill();
    this.end(null, timedOut);
  }

  private end(code: number | null, timedOut: boolean): void {
    this.finish({ code, stdout: Buffer.concat(this.out), stderr: Buffer.concat(this.err), timedOut });
  }

  private finish(result: ExecResult | null): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.options.signal.removeEventListener('abort', this.onAbort);
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.child.unref();
    this.resolve(result);
  }

  private kill(): void {
    const { pid } = this.child;
    try {
      if (pid !== undefined && !WINDOWS) process.kill(-pid, 'SIGKILL');
      else this.child.kill('SIGKILL');
    } catch {
      this.child.kill('SIGKILL'); // The group has ended already.
    }
  }
}
