import { dirname, isAbsolute, resolve } from 'node:path';
import type { Platform } from '../../platform/platform';

/** Where a path of a command leads on this machine. */
export type Whereabouts =
  | { readonly state: 'found'; readonly path: string }
  | { readonly state: 'missing' | 'elsewhere' | 'tilde' };

/**
 * Finds what a path of a command means here: as written, relative to the file that holds it, or (the job was copied from
 * another machine: neither it nor its parent exists) by the end of the path below the folders that were handed over.
 * `missing` is said only of a whole path whose parent folder is there: others start where the training does.
 */
export class Finder {
  readonly #platform: Platform;
  readonly #folders: readonly string[];
  #below: readonly string[] | null = null;
  /** Folders as written, and where they lie here: learnt from what was found in a copied job. */
  readonly #moves = new Map<string, string>();

  constructor(platform: Platform, folders: readonly string[]) {
    this.#platform = platform;
    this.#folders = folders;
  }

  find(written: string, from: string): Whereabouts {
    if (written.startsWith('~')) return { state: 'tilde' };
    if (written === '' || /[$%]/.test(written)) return { state: 'elsewhere' };
    const path = isAbsolute(written) ? written : resolve(from === '-' ? '.' : dirname(from), written);
    if (this.#platform.stat(path)) return { state: 'found', path };
    const moved = this.#moved(written);
    if (moved !== null) return { state: 'found', path: moved };
    const copied = this.#copied(written);
    if (copied !== null && this.#platform.stat(dirname(copied))) return { state: 'missing' };
    const windows = /^(?:[A-Za-z]:|\\\\)/.test(written) && this.#platform.os !== 'windows';
    return { state: isAbsolute(written) && !windows && this.#platform.stat(dirname(path)) ? 'missing' : 'elsewhere' };
  }

  /** Where a path would lie in the copy of the job. Models are large and left out of copies, so their absence says nothing. */
  #copied(written: string): string | null {
    if (/\.(?:safetensors|ckpt|pt|pth|bin|gguf)$/i.test(written)) return null;
    const wanted = parts(written).join('/');
    for (const [from, to] of this.#moves) if (wanted.startsWith(`${from}/`)) return `${to}/${wanted.slice(from.length + 1)}`;
    return null;
  }

  /** The path whose last parts agree with most of those written. */
  #moved(written: string): string | null {
    const wanted = parts(written);
    const last = wanted.at(-1);
    if (last === undefined || this.#folders.length === 0) return null;
    let best: string | null = null;
    let most = 0;
    for (const path of this.#all()) {
      const have = parts(path);
      if (have.at(-1) !== last) continue;
      let same = 0;
      while (same < have.length && have[have.length - 1 - same] === wanted[wanted.length - 1 - same]) same++;
      if (same > most) {
        most = same;
        best = path;
      }
    }
    if (best !== null && most < wanted.length) {
      const from = wanted.slice(0, wanted.length - most).join('/');
      if (from !== '') this.#moves.set(from, above(best, most));
    }
    return best;
  }

  #all(): readonly string[] {
    if (this.#below) return this.#below;
    const seen = new Set<string>();
    for (const folder of this.#folders) {
      for (const entry of this.#platform.walk(folder, { maxDepth: 4, maxEntries: 20000 })) {
        seen.add(entry.path);
        for (let up = dirname(entry.path); up.length > folder.length && !seen.has(up); up = dirname(up)) seen.add(up);
      }
    }
    this.#below = [...seen];
    return this.#below;
  }
}

/** The folder so many levels up. */
function above(path: string, levels: number): string {
  let up = path;
  for (let i = 0; i < levels; i++) up = dirname(up);
  return up;
}

const parts = (path: string): string[] => path.split(/[\\/]+/).filter((part) => part !== '');
