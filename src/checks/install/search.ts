import { basename, dirname, join } from 'node:path';
import type { Ui } from '../../facts/families';
import { isRecord, parseJson } from '../../formats/json';
import { readMatrixSettings } from '../../formats/launch/stability-matrix';
import type { Look } from './look';
import { isComfyDesktopBase, recognise } from './recognise';

export interface FoundInstall {
  readonly ui: Ui;
  /** Folder with the program's files (of the desktop app: the user's base folder). */
  readonly root: string;
  /** The program's code lies elsewhere (ComfyUI desktop). */
  readonly desktop: boolean;
}

/** Folders that never hold an install of their own, or too much. */
const SKIP =
  /^(?:\.git|node_modules|venv|\.venv|__pycache__|site-packages|models|Models|outputs?|repositories|extensions|extensions-builtin|custom_nodes|python_embeded|python|system|\$Recycle\.Bin|Windows|Program Files.*|AppData|proc|sys|dev|snap|\.cache|\.npm)$/;
/** Names under which people keep these programs, for the search without a path. */
const LIKELY =
  /(?:stable|diffusion|web-?ui|comfy|fooocus|forge|invoke|swarm|sd-?next|automatic|kohya|sd-scripts|easy|^sd\b|^sd[-_.]|^ai$|^a\.?i\.?绘|lora|aki|绘|整合|pinokio|matrix|packages)/i;
const MAX_CHILDREN = 300;
const MAX_UP = 8;

/** Installs at, in, or around the given paths; each once, in the order found. */
export class Search {
  private readonly look: Look;
  private readonly found = new Map<string, FoundInstall>();

  constructor(look: Look) {
    this.look = look;
  }

  results(): readonly FoundInstall[] {
    return [...this.found.values()];
  }

  /**
   * A path that the user named: itself, what lies in it, or the install it lies in. True when there is one. Who names a file
   * means it, and at most the install around it: what else lies beside it is not searched.
   */
  target(path: string): boolean {
    if (!this.look.isFolder(path)) return this.around(dirname(path));
    if (this.at(path)) {
      this.nested(path);
      return true;
    }
    const inside = this.below(path, 3, null);
    return inside || this.above(path);
  }

  private around(folder: string): boolean {
    return this.at(folder) || this.wrapper(folder) || this.above(folder);
  }

  /** Where installs usually live: likely folders in home, on drives and in rented machines. */
  usualPlaces(): void {
    for (const base of usualBases(this.look)) {
      if (!this.look.isFolder(base)) continue;
      for (const name of [...this.look.names(base)].slice(0, MAX_CHILDREN)) {
        const child = join(base, name);
        if (!LIKELY.test(name) || SKIP.test(name) || !this.look.isFolder(child)) continue;
        if (!this.at(child)) this.below(child, 2, LIKELY);
      }
    }
    for (const library of matrixLibraries(this.look)) this.matrix(library);
    const desktop = desktopBase(this.look);
    if (desktop !== null) this.at(desktop);
  }

  private at(folder: string): boolean {
    const ui = recognise(this.look, folder);
    if (ui !== null) return this.add({ ui, root: folder, desktop: false });
    return isComfyDesktopBase(this.look, folder) && this.add({ ui: 'comfyui', root: folder, desktop: true });
  }

  private add(install: FoundInstall): boolean {
    const real = this.look.platform.realPath(install.root) ?? install.root;
    if (!this.found.has(real)) this.found.set(real, install);
    return true;
  }

  /** An unpacked archive often holds the program once more in a folder of the same kind. */
  private nested(folder: string): void {
    // kohya_ss carries its trainer (sd-scripts) as a part of itself.
    if (recognise(this.look, folder) === 'kohya') return;
    for (const name of this.look.names(folder)) {
      if (!SKIP.test(name) && LIKELY.test(name) && this.look.isFolder(join(folder, name))) this.at(join(folder, name));
    }
  }

  private below(folder: string, depth: number, filter: RegExp | null): boolean {
    if (this.matrix(folder)) return true;
    const folders = [...this.look.names(folder)]
      .filter((name) => !SKIP.test(name))
      .slice(0, MAX_CHILDREN)
      .map((name) => join(folder, name))
      .filter((child) => this.look.isFolder(child));
    let any = false;
    const open: string[] = [];
    for (const child of folders) {
      if (this.at(child)) any = true;
      else open.push(child);
    }
    if (depth > 1) {
      for (const child of open) {
        if (filter === null || filter.test(basename(child)) || any === false) any = this.below(child, depth - 1, filter) || any;
      }
    }
    return any;
  }

  private above(start: string): boolean {
    let folder = start;
    for (let i = 0; i < MAX_UP; i++) {
      const parent = dirname(folder);
      if (parent === folder) return false;
      folder = parent;
      if (this.at(folder) || this.matrix(folder) || this.wrapper(folder)) return true;
    }
    return false;
  }

  /** A package folder whose program lies beside its Python: ComfyUI_windows_portable, sd.webui.zip, an Aki outer folder. */
  private wrapper(folder: string): boolean {
    const names = this.look.names(folder);
    if (!names.has('python_embeded') && !names.has('environment.bat') && !names.has('launch_args.txt')) return false;
    let any = false;
    for (const name of names)
      if (!SKIP.test(name) && this.look.isFolder(join(folder, name))) any = this.at(join(folder, name)) || any;
    return any;
  }

  /** A Stability Matrix library, or its `Data` folder's parent. */
  private matrix(folder: string): boolean {
    if (!this.look.names(folder).has('settings.json') || !this.look.names(folder).has('Packages')) return false;
    const text = this.look.text(join(folder, 'settings.json'));
    const packages = text === null ? null : readMatrixSettings(text);
    let any = false;
    for (const entry of packages ?? []) any = this.at(join(folder, entry.libraryPath)) || any;
    for (const name of this.look.names(join(folder, 'Packages'))) any = this.at(join(folder, 'Packages', name)) || any;
    return any;
  }
}

function usualBases(look: Look): string[] {
  const { home, os } = look.platform;
  const inHome = [
    '',
    'Desktop',
    '桌面',
    'Documents',
    'Downloads',
    'ai',
    'AI',
    'apps',
    'Apps',
    'projects',
    'git',
    'src',
    'stable-diffusion',
    'sd',
    'pinokio/api',
    'StabilityMatrix/Packages',
  ];
  const places = inHome.map((name) => join(home, name));
  if (os === 'windows') {
    for (const drive of 'CDEFGHI')
      places.push(
        ...['', 'AI', 'ai', 'SD', 'StableDiffusion', 'StabilityMatrix/Packages', 'pinokio/api'].map((name) =>
          join(`${drive}:\\`, name),
        ),
      );
  } else {
    places.push(
      '/opt',
      '/workspace',
      '/notebooks',
      '/content',
      '/root',
      join('/root', 'autodl-tmp'), // the data disk of a hosting service
      '/data',
      '/mnt',
      '/app',
      '/stable-diffusion',
      '/storage',
      '/Applications',
    );
    if (os === 'linux')
      for (const mount of ['/mnt', '/media'])
        places.push(...[...look.names(mount)].slice(0, 20).map((name) => join(mount, name)));
  }
  return [...new Set(places)];
}

function appData(look: Look, name: string): string {
  const { os, home, env } = look.platform;
  if (os === 'windows') return join(env.APPDATA ?? join(home, 'AppData/Roaming'), name);
  return os === 'macos' ? join(home, 'Library/Application Support', name) : join(home, '.config', name);
}

function matrixLibraries(look: Look): string[] {
  const text = look.text(join(appData(look, 'StabilityMatrix'), 'library.json'));
  const root = text === null ? undefined : parseJson(text);
  return isRecord(root) && typeof root.LibraryPath === 'string' ? [root.LibraryPath] : [];
}

/** `basePath` of the desktop app's config.json (webui-comfyui-and-others.md A1). */
function desktopBase(look: Look): string | null {
  const text = look.text(join(appData(look, 'ComfyUI'), 'config.json'));
  const root = text === null ? undefined : parseJson(text);
  return isRecord(root) && typeof root.basePath === 'string' ? root.basePath : null;
}
