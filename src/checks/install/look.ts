import { isAbsolute, join, normalize } from 'node:path';
import type { Note } from '../../facts/snapshot';
import { type DecodedText, decodeText } from '../../formats/launch/decode';
import { type Platform, ReadError } from '../../platform/platform';

/** Largest config or script file read whole. */
const TEXT_LIMIT = 4 * 1024 * 1024;

/** A system that an install was made for; paths in its files are written in that system's way. */
export type InstallOs = 'windows' | 'linux' | 'macos' | 'unknown';

/** Read access for the install check: listings are kept, errors become notes once. */
export class Look {
  readonly platform: Platform;
  readonly notes: Note[] = [];
  private readonly listings = new Map<string, ReadonlySet<string>>();

  constructor(platform: Platform) {
    this.platform = platform;
  }

  /** Names in a folder; empty when there is none. A folder that denies access is noted. */
  names(folder: string): ReadonlySet<string> {
    const before = this.listings.get(folder);
    if (before) return before;
    let names: ReadonlySet<string> = new Set();
    try {
      names = new Set(this.platform.list(folder));
    } catch (error) {
      if (error instanceof ReadError && error.code === 'permission') this.note('permission', folder, { detail: error.message });
    }
    this.listings.set(folder, names);
    return names;
  }

  isFolder(path: string): boolean {
    return this.platform.stat(path)?.kind === 'directory';
  }

  isFile(path: string): boolean {
    return this.platform.stat(path)?.kind === 'file';
  }

  exists(path: string): boolean {
    return this.platform.stat(path) !== null;
  }

  bytes(path: string): Uint8Array | null {
    try {
      return this.platform.readFile(path, TEXT_LIMIT);
    } catch (error) {
      if (error instanceof ReadError && error.code !== 'missing' && error.code !== 'not-a-file')
        this.note(error.code, path, { detail: error.message });
      return null;
    }
  }

  decoded(path: string): DecodedText | null {
    const bytes = this.bytes(path);
    return bytes === null ? null : decodeText(bytes);
  }

  text(path: string): string | null {
    return this.decoded(path)?.text ?? null;
  }

  note(code: string, path: string, more: Pick<Note, 'detail' | 'counts'> = {}): void {
    if (this.notes.some((n) => n.code === code && n.path === path)) return;
    this.notes.push({ check: 'install', code, path, ...more });
  }
}

/**
 * A path from a flag or a config file as a path of this machine. A Windows path read elsewhere (an install looked at from
 * another system) keeps its spelling and will be missing.
 */
export function resolveFor(os: InstallOs, base: string, raw: string): string {
  const foreign = os === 'windows' && HOST_IS_POSIX;
  const value = foreign && !/^[A-Za-z]:|^\\\\/.test(raw) ? raw.replaceAll('\\', '/') : raw;
  if (foreign && /^[A-Za-z]:|^\\\\/.test(value)) return value;
  return withoutSlash(isAbsolute(value) ? normalize(value) : join(base, value));
}

const HOST_IS_POSIX = join('a', 'b') === 'a/b';

function withoutSlash(path: string): string {
  return path.length > 1 && /[\\/]$/.test(path) && !/^[A-Za-z]:[\\/]$/.test(path) ? path.slice(0, -1) : path;
}

/** `~` and `~/x` at the start, `%NAME%`, `$NAME`, `${NAME}`: Python's expanduser and expandvars. */
export function expandPath(raw: string, platform: Platform): string {
  const value = raw === '~' || /^~[\\/]/.test(raw) ? platform.home + raw.slice(1) : raw;
  return value.replace(/%(\w{1,64})%|\$\{(\w{1,64})\}|\$(\w{1,64})/g, (whole, a?: string, b?: string, c?: string) => {
    return platform.env[a ?? b ?? c ?? ''] ?? whole;
  });
}
