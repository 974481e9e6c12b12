import fs from 'node:fs';
import type { Platform } from '../platform/platform';

export interface FollowOptions {
  /** Bytes in the order in which they stand in the log; across a rotation nothing is told twice. */
  onChunk(bytes: Uint8Array): void;
  /** A gap: how many bytes for certain (0: not known), and why: `truncated`, `replaced`, `unreadable`, `too-fast`. */
  onLost(bytes: number, why: string): void;
  readonly signal: AbortSignal;
  readonly platform?: Pick<Platform, 'os'>;
  /** `end` (default): only what comes from now on. `start`: the file as it is, too. */
  readonly from?: 'end' | 'start';
  /** ms between two looks while the log grows; a quiet one is looked at once a second. */
  readonly intervalMs?: number;
}

const READ = 64 * 1024;
/** Read in one look; the rest waits for the next, so that a flood never blocks the screen. */
const LOOK_LIMIT = 16 * 1024 * 1024;
/** Bytes before the present position that are remembered, to notice that the file was written anew in between. */
const FINGERPRINT = 256;
const IDLE_MS = 1000;

interface Open {
  readonly fd: number;
  readonly dev: number;
  readonly ino: number;
  readonly birth: number;
  position: number;
  before: Buffer;
}

/**
 * Follows one growing file by name, by polling (works on network drives, too). Survives renaming and recreating (the old
 * file is read to its end first), truncation, also when it has grown past its old size since, and a file that is not there yet.
 */
export class LogFollower {
  readonly #path: string;
  readonly #options: Omit<FollowOptions, 'signal'>;
  #open: Open | null = null;
  #fromStart: boolean;
  #complained = false;

  constructor(path: string, options: Omit<FollowOptions, 'signal'>) {
    this.#path = path;
    this.#options = options;
    this.#fromStart = options.from === 'start';
  }

  /** Looks once. True when something came. */
  look(): boolean {
    this.#open ??= this.#tryOpen();
    // A file that appears later is read whole.
    this.#fromStart = true;
    let came = false;
    for (let turn = 0; this.#open && turn < 3; turn++) {
      came = this.#drain(this.#open) || came;
      if (!this.#isReplaced(this.#open)) break;
      const next = this.#tryOpen();
      if (!next) break;
      // What was written between the first reading and the renaming still belongs to the old file.
      came = this.#drain(this.#open) || came;
      this.#close();
      this.#open = next;
    }
    return came;
  }

  close(): void {
    this.#close();
  }

  #tryOpen(): Open | null {
    const windows = this.#options.platform?.os === 'windows';
    let fd: number | undefined;
    try {
      fd = fs.openSync(this.#path, fs.constants.O_RDONLY | (windows ? 0 : (fs.constants.O_NONBLOCK ?? 0)));
      const stats = fs.fstatSync(fd);
      if (!stats.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'not-a-file' });
      this.#complained = false;
      const open: Open = { fd, dev: stats.dev, ino: stats.ino, birth: stats.birthtimeMs, position: 0, before: Buffer.alloc(0) };
      if (!this.#fromStart) moveTo(open, stats.size);
      return open;
    } catch (error) {
      if (fd !== undefined) fs.closeSync(fd);
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!missing && !this.#complained) {
        this.#complained = true;
        this.#options.onLost(0, 'unreadable');
      }
      return null;
    }
  }

  /** Reads what is new. */
  #drain(open: Open): boolean {
    const size = fs.fstatSync(open.fd).size;
    if (size < open.position || !sameBefore(open)) {
      this.#options.onLost(0, 'truncated');
      open.position = 0;
      open.before = Buffer.alloc(0);
    }
    let came = false;
    for (let total = 0; total < LOOK_LIMIT; ) {
      const buffer = Buffer.allocUnsafe(READ);
      const length = fs.readSync(open.fd, buffer, 0, READ, open.position);
      if (length === 0) break;
      const bytes = buffer.subarray(0, length);
      open.position += length;
      open.before = Buffer.concat([open.before, bytes.subarray(-FINGERPRINT)]).subarray(-FINGERPRINT);
      total += length;
      came = true;
      this.#options.onChunk(bytes);
    }
    return came;
  }

  /** Another file has the name now. A name that is gone is no replacement yet: the writer may still hold the old file. */
  #isReplaced(open: Open): boolean {
    const now = fs.statSync(this.#path, { throwIfNoEntry: false });
    return now !== undefined && (now.ino !== open.ino || now.dev !== open.dev || now.birthtimeMs !== open.birth);
  }

  #close(): void {
    if (this.#open) fs.closeSync(this.#open.fd);
    this.#open = null;
  }
}

/** Follows `path` until `signal` aborts. An error of the system is told as a gap, never thrown. */
export function followLog(path: string, options: FollowOptions): void {
  const follower = new LogFollower(path, options);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    let came = false;
    try {
      came = follower.look();
    } catch {
      options.onLost(0, 'unreadable');
      follower.close();
    }
    if (!options.signal.aborted) timer = setTimeout(look, came ? (options.intervalMs ?? 200) : IDLE_MS);
  };
  options.signal.addEventListener('abort', () => {
    clearTimeout(timer);
    follower.close();
  });
  if (!options.signal.aborted) look();
}

function moveTo(open: Open, position: number): void {
  const length = Math.min(position, FINGERPRINT);
  const before = Buffer.alloc(length);
  fs.readSync(open.fd, before, 0, length, position - length);
  open.position = position;
  open.before = before;
}

function sameBefore(open: Open): boolean {
  const now = Buffer.alloc(open.before.length);
  const length = fs.readSync(open.fd, now, 0, now.length, open.position - now.length);
  return length === now.length && now.equals(open.before);
}
