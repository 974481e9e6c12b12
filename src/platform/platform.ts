import type { ByteSource } from '../formats/bytes';
import type { DisplayDevice } from '../formats/display-devices';

/** What stat tells, reduced to what we use. `mtimeMs` has sub-millisecond digits where the system gives them. */
export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
}

/** Why a path could not be read, reduced to what people can act on. */
export class ReadError extends Error {
  readonly code: 'missing' | 'permission' | 'not-a-file' | 'too-large' | 'being-written' | 'io';
  readonly path: string;
  constructor(code: ReadError['code'], path: string, detail?: string) {
    super(detail ?? code);
    this.name = 'ReadError';
    this.code = code;
    this.path = path;
  }
}

export interface WalkEntry {
  readonly path: string;
  /** Path relative to the walk's root, with `/`. */
  readonly relative: string;
  readonly name: string;
  readonly info: FileInfo;
}

export interface WalkOptions {
  /** Folders deeper than this are not entered (root = 0). */
  readonly maxDepth?: number;
  /** Stop after this many entries; `onBudget` is told. */
  readonly maxEntries?: number;
  /** Return false to leave a folder out. */
  readonly enter?: (relative: string, name: string) => boolean;
  /** Return false to leave a file out before it is stat'ed (cheap filter by name). */
  readonly file?: (name: string) => boolean;
  readonly onBudget?: (what: 'entries' | 'depth', path: string) => void;
  readonly onError?: (error: ReadError) => void;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly code: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly timedOut: boolean;
}

export interface HttpOptions {
  /** For the whole exchange. */
  readonly timeoutMs: number;
  /** For the connection alone; 2 s when left out. */
  readonly connectMs?: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** The header `Content-Type`, raw. */
  readonly type: string;
  readonly body: Uint8Array;
}

export interface HttpFailure {
  readonly failed:
    | 'not-a-url'
    | 'not-loopback'
    | 'refused'
    | 'timed-out'
    | 'reset'
    | 'too-large'
    | 'certificate'
    /** It speaks TLS and was asked without; the other way round. */
    | 'tls'
    | 'no-tls'
    | 'bad-answer';
}

/**
 * All that a check may ask of the system. One Node implementation (`platform/node.ts`); tests use it too, on real folders.
 * Paths are strings as the system gives them; names that are no valid UTF-8 are walked as bytes and shown escaped.
 */
export interface Platform {
  readonly os: 'windows' | 'linux' | 'macos' | 'other';
  readonly home: string;
  readonly env: { readonly [name: string]: string | undefined };
  now(): number;
  /** Follows links. Null when there is nothing (or no permission to see). */
  stat(path: string): FileInfo | null;
  realPath(path: string): string | null;
  /** Names in a folder, sorted by code unit. Throws ReadError. */
  list(path: string): string[];
  /** Depth-first walk that follows links but visits each folder (device, inode) once; files come with their info. */
  walk(root: string, options?: WalkOptions): Generator<WalkEntry>;
  /** Opens a regular file only (O_NONBLOCK, then fstat); `use` gets its bytes, the descriptor is closed afterwards. Throws ReadError. */
  withFile<T>(path: string, use: (bytes: ByteSource, info: FileInfo) => T): T;
  /** Whole small file. Throws ReadError (`too-large` above `limit`). */
  readFile(path: string, limit: number): Uint8Array;
  /** Runs a program found in absolute PATH entries only (never in `.` and never inside `notInside`), without a shell. Null: not found. */
  exec(
    name: string,
    args: readonly string[],
    options: { timeoutMs: number; signal: AbortSignal; maxBytes?: number; notInside?: readonly string[] },
  ): Promise<ExecResult | null>;
  /** The graphics cards as a library lists them, in a process of its own that is ended at the limit. Null: it cannot tell. */
  graphics(options: {
    timeoutMs: number;
    signal: AbortSignal;
    notInside?: readonly string[];
  }): Promise<readonly DisplayDevice[] | null>;
  /** Asks a program on this machine (loopback only), once and read-only. Never throws. */
  httpGet(url: string, options: HttpOptions): Promise<HttpAnswer | HttpFailure>;
  /** Main memory in bytes (a container's limit when lower); `swapTotal` is null where the system does not tell. */
  memory(): { readonly total: number; readonly free: number; readonly swapTotal: number | null };
  /** Free bytes on the disk of `path`; null when it cannot be told. */
  diskFree(path: string): number | null;
}
