import fs from 'node:fs';
import type { ByteSource } from '../formats/bytes';
import { systemPath } from './names';
import { type FileInfo, ReadError } from './platform';

const WINDOWS = process.platform === 'win32';

/** O_NONBLOCK: opening a FIFO must return at once. O_NOCTTY: a terminal device must not become ours. Windows has neither. */
const OPEN_FLAGS = fs.constants.O_RDONLY | (WINDOWS ? 0 : fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY);

/** Turns an error of `fs` into a `ReadError`. */
export function readError(error: unknown, path: string): ReadError {
  if (error instanceof ReadError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT') return new ReadError('missing', path, detail);
  if (code === 'EACCES' || code === 'EPERM') return new ReadError('permission', path, detail);
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENXIO' || code === 'ENODEV')
    return new ReadError('not-a-file', path, detail);
  return new ReadError('io', path, detail);
}

/** `fs.Stats` reduced to what we use. */
export function fileInfo(stats: fs.Stats): FileInfo {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  return { kind, size: stats.size, mtimeMs: stats.mtimeMs, dev: stats.dev, ino: stats.ino };
}

/** Follows links; null when nothing is there or may be seen. */
export function statPath(path: string): FileInfo | null {
  try {
    const stats = fs.statSync(systemPath(path, WINDOWS), { throwIfNoEntry: false });
    return stats === undefined ? null : fileInfo(stats);
  } catch {
    return null;
  }
}

/** Opens a regular file only: FIFOs, devices, sockets and folders give `not-a-file` at once. Throws ReadError. */
export function withFile<T>(path: string, use: (bytes: ByteSource, info: FileInfo) => T): T {
  return withDescriptor(path, (fd, info) => use(sourceOf(fd, info.size, path), info));
}

/** The whole of a small file, also of one whose size the system gives as 0 (`/proc`). Throws ReadError. */
export function readWhole(path: string, limit: number): Uint8Array {
  return withDescriptor(path, (fd, info) => {
    if (info.size > limit) throw new ReadError('too-large', path);
    const parts: Buffer[] = [];
    let total = 0;
    for (;;) {
      const part = readFully(fd, total, Math.max(info.size - total, 0) + 1024, path);
      total += part.length;
      if (total > limit) throw new ReadError('too-large', path);
      if (part.length === 0) break;
      parts.push(part);
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  });
}

function withDescriptor<T>(path: string, use: (fd: number, info: FileInfo) => T): T {
  const { fd, info } = open(path);
  try {
    return use(fd, info);
  } finally {
    fs.closeSync(fd);
  }
}

function open(path: string): { fd: number; info: FileInfo } {
  let fd: number;
  try {
    fd = fs.openSync(systemPath(path, WINDOWS), OPEN_FLAGS);
  } catch (error) {
    // Windows answers EPERM or EISDIR for a folder, some systems EOPNOTSUPP for a socket.
    const kind = statPath(path)?.kind;
    throw kind === 'directory' || kind === 'other' ? new ReadError('not-a-file', path) : readError(error, path);
  }
  try {
    const info = fileInfo(fs.fstatSync(fd));
    if (info.kind !== 'file') throw new ReadError('not-a-file', path);
    return { fd, info };
  } catch (error) {
    fs.closeSync(fd);
    throw readError(error, path);
  }
}

/** Lengths are cut to the size first, so that a hostile length allocates nothing. */
function sourceOf(fd: number, size: number, path: string): ByteSource {
  return {
    size,
    read: (offset, length) => readFully(fd, offset, Math.min(length, size - offset), path),
    readInto: (target, offset) => fill(fd, target.subarray(0, Math.max(0, size - offset)), offset, path),
  };
}

function readFully(fd: number, offset: number, length: number, path: string): Buffer {
  if (length <= 0) return Buffer.alloc(0);
  const buffer = Buffer.allocUnsafe(length);
  const filled = fill(fd, buffer, offset, path);
  return filled === length ? buffer : buffer.subarray(0, filled);
}

/** Reads until `buffer` is full or the file ends; returns how many bytes came. */
function fill(fd: number, buffer: Uint8Array, offset: number, path: string): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readOnce(fd, buffer, filled, offset + filled, path);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function readOnce(fd: number, buffer: Uint8Array, at: number, position: number, path: string): number {
  try {
    return fs.readSync(fd, buffer, at, buffer.length - at, position);
  } catch (error) {
    throw readError(error, path);
  }
}
