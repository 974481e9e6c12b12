import type { FileInfo, Platform } from '../../platform/platform';

export interface FoundPicture {
  readonly path: string;
  readonly info: FileInfo;
}

const PICTURE_NAME = /\.(?:png|jpe?g|webp|avif|gif)$/i;
/** Grids and thumbnails are copies. */
const COPY = /^(?:grid-|thumb)|\.preview\./i;
const FOLDER_LIMIT = 3000;
const NAMES_PER_FOLDER = 3000;
const MAX_DEPTH = 6;

/**
 * The newest pictures below the given folders, newest first. Folders are visited in the order of their own times, and
 * the rest is left alone once their pictures cannot be newer: a library of 100,000 pictures costs a few folders.
 *
 * @param onBudget told when a folder or name limit was hit.
 */
export function newestPictures(
  platform: Platform,
  roots: readonly string[],
  limit: number,
  onBudget: (path: string) => void,
): FoundPicture[] {
  const folders = foldersBelow(platform, roots, onBudget);
  folders.sort((a, b) => b.mtimeMs - a.mtimeMs);
  const found = new Map<string, FoundPicture>();
  for (const folder of folders) {
    const newest = [...found.values()].sort(byTime);
    const last = newest[limit - 1];
    if (last && folder.mtimeMs < last.info.mtimeMs) break;
    const names = folder.names.length > NAMES_PER_FOLDER ? folder.names.slice(-NAMES_PER_FOLDER) : folder.names;
    if (names.length < folder.names.length) onBudget(folder.path);
    for (const name of names) {
      const path = join(folder.path, name);
      const info = platform.stat(path);
      if (info?.kind === 'file') found.set(`${info.dev}:${info.ino}`, { path, info });
    }
  }
  return [...found.values()].sort(byTime).slice(0, limit);
}

/** Newest first; of one moment the later name first. */
function byTime(a: FoundPicture, b: FoundPicture): number {
  return b.info.mtimeMs - a.info.mtimeMs || (a.path < b.path ? 1 : -1);
}

interface Folder {
  readonly path: string;
  readonly mtimeMs: number;
  /** Picture files in it. */
  readonly names: readonly string[];
}

function foldersBelow(platform: Platform, roots: readonly string[], onBudget: (path: string) => void): Folder[] {
  const out: Folder[] = [];
  const seen = new Set<string>();
  const queue = roots.map((path) => ({ path, depth: 0 }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { path, depth } = next;
    const info = platform.stat(path);
    if (info?.kind !== 'directory' || seen.has(`${info.dev}:${info.ino}`)) continue;
    seen.add(`${info.dev}:${info.ino}`);
    if (out.length >= FOLDER_LIMIT) {
      onBudget(path);
      break;
    }
    let names: string[];
    try {
      names = platform.list(path);
    } catch {
      continue;
    }
    out.push({ path, mtimeMs: info.mtimeMs, names: names.filter((n) => PICTURE_NAME.test(n) && !COPY.test(n)) });
    if (depth >= MAX_DEPTH) continue;
    for (const name of names) {
      if (!/\.[A-Za-z0-9]{2,5}$/.test(name) && !name.startsWith('.')) queue.push({ path: join(path, name), depth: depth + 1 });
    }
  }
  return out;
}

function join(folder: string, name: string): string {
  return /[\\/]$/.test(folder) ? folder + name : `${folder}/${name}`;
}

export function isPictureName(path: string): boolean {
  return PICTURE_NAME.test(path);
}
