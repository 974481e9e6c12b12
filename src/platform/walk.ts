import fs from 'node:fs';
import { sep } from 'node:path';
import { fileInfo, readError } from './file';
import { nameFromBytes, systemPath } from './names';
import type { WalkEntry, WalkOptions } from './platform';

const WINDOWS = process.platform === 'win32';
/** Budgets of reliability.md §4.3. */
const MAX_ENTRIES = 500_000;
const MAX_DEPTH = 64;

interface Named {
  readonly name: string;
  /** From the folder itself, without a stat; `unknown` for links and where the file system does not tell. */
  readonly kind: 'file' | 'directory' | 'other' | 'unknown';
}

interface Folder {
  readonly path: string;
  readonly relative: string;
  readonly depth: number;
  readonly entries: readonly Named[];
  next: number;
}

/** Names in a folder, sorted by code unit. Throws ReadError. */
export function listFolder(path: string): string[] {
  return readFolder(path).map((entry) => entry.name);
}

/**
 * Depth-first in order of name. Yields files and special files (kind `other`: FIFO, device, socket), never folders.
 * Follows links, but visits each folder (device and inode) once. What vanished, is forbidden or points nowhere goes to `onError`.
 */
export function* walkFolder(root: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const state = new Walk(options);
  state.enter(root, '', 0);
  for (let folder = state.top(); folder !== undefined; folder = state.top()) {
    if (options.signal?.aborted) return;
    const entry = folder.entries[folder.next++];
    if (entry === undefined) {
      state.leave();
      continue;
    }
    if (state.overBudget(folder.path)) return;
    const found = state.look(folder, entry);
    if (found !== null) yield found;
  }
}

class Walk {
  private readonly options: WalkOptions;
  private readonly stack: Folder[] = [];
  private readonly visited = new Set<string>();
  private seen = 0;

  constructor(options: WalkOptions) {
    this.options = options;
  }

  top(): Folder | undefined {
    return this.stack[this.stack.length - 1];
  }

  leave(): void {
    this.stack.pop();
  }

  overBudget(path: string): boolean {
    if (this.seen >= (this.options.maxEntries ?? MAX_ENTRIES)) {
      this.options.onBudget?.('entries', path);
      return true;
    }
    this.seen++;
    return false;
  }

  enter(path: string, relative: string, depth: number): void {
    if (depth > (this.options.maxDepth ?? MAX_DEPTH)) {
      this.options.onBudget?.('depth', path);
      return;
    }
    try {
      // 64-bit inode numbers of NTFS and ReFS do not fit a double: two folders could look like one.
      const stats = fs.statSync(systemPath(path, WINDOWS), { bigint: true });
      const key = `${stats.dev}:${stats.ino}`;
      if (this.visited.has(key)) return;
      this.visited.add(key);
      this.stack.push({ path, relative, depth, entries: readFolder(path), next: 0 });
    } catch (error) {
      this.options.onError?.(readError(error, path));
    }
  }

  /** A file comes back as an entry; a folder is put on the stack. */
  look(folder: Folder, entry: Named): WalkEntry | null {
    const { name, kind } = entry;
    const path = folder.path.endsWith(sep) ? folder.path + name : folder.path + sep + name;
    const relative = folder.relative === '' ? name : `${folder.relative}/${name}`;
    if (kind === 'directory') {
      this.descend(folder, path, relative, name);
      return null;
    }
    // A link may lead to a folder, so its name is judged only after the stat.
    if (kind !== 'unknown' && this.options.file?.(name) === false) return null;
    try {
      const info = fileInfo(fs.statSync(systemPath(path, WINDOWS)));
      if (info.kind === 'directory') {
        this.descend(folder, path, relative, name);
        return null;
      }
      if (kind === 'unknown' && this.options.file?.(name) === false) return null;
      return { path, relative, name, info };
    } catch (error) {
      this.options.onError?.(readError(error, path));
      return null;
    }
  }

  private descend(folder: Folder, path: string, relative: string, name: string): void {
    if (this.options.enter?.(relative, name) !== false) this.enter(path, relative, folder.depth + 1);
  }
}

function readFolder(path: string): Named[] {
  try {
    const system = systemPath(path, WINDOWS);
    const entries = fs.readdirSync(system, { withFileTypes: true });
    // Only a name that did not decode needs the second reading, as bytes. On Windows names are UTF-16 already.
    const named = WINDOWS || !entries.some((entry) => entry.name.includes('\ufffd')) ? entries.map(named16) : readBytes(system);
    return named.sort(byCodeUnit);
  } catch (error) {
    throw readError(error, path);
  }
}

function readBytes(path: string | Buffer): Named[] {
  const entries = fs.readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  return entries.map((entry) => ({ name: nameFromBytes(entry.name), kind: kindOf(entry) }));
}

function named16(entry: fs.Dirent): Named {
  return { name: entry.name, kind: kindOf(entry) };
}

type TypeTests = Pick<
  fs.Dirent,
  'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'
>;

function kindOf(entry: TypeTests): Named['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  const special = entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice();
  return special ? 'other' : 'unknown';
}

function byCodeUnit(a: Named, b: Named): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
