import { dirname, isAbsolute, join } from 'node:path';
import type { Ui } from '../../facts/families';
import type { Script } from '../../formats/launch/script';
import {
  bitsFromTag,
  type DistInfo,
  interrupted,
  isEditable,
  isStorePython,
  type PythonOrigin,
  pythonFromName,
  readCondaMeta,
  readDistInfos,
  readTorchVersion,
  readVenvConfig,
} from '../../formats/python-env';
import type { Look } from './look';

/** The Python that runs a program, read from its files and never run. */
export interface Environment {
  /** Folder of the environment (venv, python_embeded …). */
  readonly home: string;
  readonly site: string | null;
  readonly python: string | null;
  readonly pythonSource: string | null;
  readonly origin: PythonOrigin;
  readonly bits: 32 | 64 | null;
  /** Of site-packages; conda's own list only where no package says the same there. */
  readonly packages: readonly DistInfo[];
  readonly interrupted: readonly string[];
  readonly torch: {
    readonly version: string;
    readonly info: ReturnType<typeof readTorchVersion>;
    readonly source: string;
  } | null;
}

/** `script` may set VENV_DIR (webui-user.*). */
export function findEnvironment(look: Look, ui: Ui, root: string, script: Script | null): Environment | null {
  for (const home of homes(ui, root, venvDir(root, script))) {
    if (!look.isFolder(home)) continue;
    const site = sitePackages(look, home);
    // A `venv` beside the program may serve something else: it counts when it holds what these programs run on.
    const beside = dirname(home) === dirname(root) && /venv$/.test(home);
    if (beside && (site === null || !look.isFolder(join(site, 'torch')))) continue;
    const config = look.text(join(home, 'pyvenv.cfg'));
    if (site !== null || config !== null || look.isFile(join(home, 'python.exe'))) return read(look, home, site, config);
  }
  return null;
}

function venvDir(root: string, script: Script | null): string | null {
  const value = script?.assignments.findLast((a) => a.name.toLowerCase() === 'venv_dir')?.value.trim();
  if (value === undefined || value === '' || value === '-') return null;
  return isAbsolute(value) ? value : join(root, value);
}

/** In the order in which the layouts of webui-a1111-family.md §1.3 and webui-comfyui-and-others.md A1, E look. */
function homes(ui: Ui, root: string, venv: string | null): string[] {
  const outer = dirname(root);
  const swarm =
    ui === 'swarmui'
      ? [
          join(root, 'dlbackend/comfy/python_embeded'),
          join(root, 'dlbackend/ComfyUI/venv'),
          join(root, 'dlbackend/ComfyUI/.venv'),
        ]
      : [];
  const easy = ui === 'easydiffusion' ? [join(root, 'installer_files/env'), join(root, 'env')] : [];
  return [
    ...swarm,
    ...easy,
    ...(venv === null ? [] : [venv]),
    join(outer, 'python_embeded'),
    join(root, 'python_embeded'),
    join(outer, 'system/python'),
    join(root, 'venv'),
    join(root, '.venv'),
    join(root, 'python'),
    join(root, 'env'),
    join(outer, 'python'),
    join(outer, 'venv'),
    join(outer, '.venv'),
  ];
}

function sitePackages(look: Look, home: string): string | null {
  const windows = join(home, 'Lib/site-packages');
  if (look.isFolder(windows)) return windows;
  for (const name of look.names(join(home, 'lib'))) {
    const site = join(home, 'lib', name, 'site-packages');
    if (/^python3/.test(name) && look.isFolder(site)) return site;
  }
  return null;
}

function read(look: Look, home: string, site: string | null, configText: string | null): Environment {
  const names = site === null ? [] : [...look.names(site)];
  const config = configText === null ? null : readVenvConfig(configText);
  const conda = readCondaMeta([...look.names(join(home, 'conda-meta'))]);
  const listed = readDistInfos(names);
  const packages = [
    ...listed.map((entry) => (site === null ? entry : linked(look, site, entry))),
    ...conda.filter(({ name }) => !listed.some((entry) => entry.name === name)),
  ];
  const ofConda = conda.find(({ name }) => name === 'python');
  const { python, source } =
    ofConda && config === null
      ? { python: ofConda.version, source: join(home, 'conda-meta', ofConda.folder) }
      : pythonVersion(look, home, site, config?.version ?? null);
  return {
    home,
    site,
    python,
    pythonSource: source,
    origin: originOf(look, home, config?.home ?? null, conda.length > 0),
    bits: wordSize(look, site, packages, config?.home ?? null),
    packages,
    interrupted: interrupted(names),
    torch: site === null ? null : torchOf(look, site, packages),
  };
}

/** `direct_url.json` stands only beside what came from a folder or an address, so few are opened. */
function linked(look: Look, site: string, entry: DistInfo): DistInfo {
  const file = join(site, entry.folder, 'direct_url.json');
  const isLink = entry.source === 'wheel' && look.isFile(file) && isEditable(look.text(file) ?? '');
  return isLink ? { ...entry, source: 'editable' } : entry;
}

function originOf(look: Look, home: string, base: string | null, conda: boolean): PythonOrigin {
  if (base !== null && isStorePython(base)) return 'windows-store';
  if (conda || (base !== null && /[\\/](?:(?:ana|mini)conda|miniforge|mambaforge|micromamba)\d?(?:[\\/]|$)/i.test(base)))
    return 'conda';
  return [...look.names(home)].some((name) => /^python3\d+\._pth$/i.test(name)) ? 'embedded' : 'other';
}

function pythonVersion(
  look: Look,
  home: string,
  site: string | null,
  venv: string | null,
): { python: string | null; source: string | null } {
  const config = join(home, 'pyvenv.cfg');
  if (venv !== null) return { python: /^\d+\.\d+(?:\.\d+)?/.exec(venv)?.[0] ?? null, source: config };
  for (const name of look.names(home)) {
    const version = /\.(?:dll|_pth|zip)$/i.test(name) ? pythonFromName(name) : null;
    if (version !== null) return { python: version, source: join(home, name) };
  }
  const fromLib = site === null ? null : /python(3\.\d+)[\\/]site-packages$/.exec(site)?.[1];
  return { python: fromLib ?? null, source: fromLib ? site : null };
}

/** From the wheel tags of compiled packages; else from the folder of the base Python (`Python310-32`). */
function wordSize(look: Look, site: string | null, packages: readonly DistInfo[], base: string | null): 32 | 64 | null {
  if (site !== null) {
    for (const name of ['torch', 'numpy', 'torchvision', 'safetensors', 'tokenizers']) {
      const folder = packages.find((candidate) => candidate.name === name)?.folder;
      const tag = folder === undefined ? undefined : /^Tag:\s*(\S+)/m.exec(look.text(join(site, folder, 'WHEEL')) ?? '')?.[1];
      const bits = tag === undefined ? null : bitsFromTag(tag);
      if (bits !== null) return bits;
    }
  }
  return base !== null && /(?:\(x86\)|-32(?:\b|$))/i.test(base) ? 32 : null;
}

function torchOf(look: Look, site: string, packages: readonly DistInfo[]): Environment['torch'] {
  const source = join(site, 'torch/version.py');
  const info = readTorchVersion(look.text(source) ?? '');
  if (info) return { version: info.version, info, source };
  const dist = onlyOne(packages, 'torch');
  return dist?.version ? { version: dist.version, info: null, source: placeOf(site, dist) } : null;
}

/** The one listing of a package; null when there is none, or several: which of them Python takes is not defined. */
export function onlyOne(packages: readonly DistInfo[], name: string): DistInfo | null {
  const [first, second] = packages.filter((entry) => entry.name === name);
  return first && !second ? first : null;
}

/** Where a package is listed. Conda's list lies in the environment's own folder. */
export function placeOf(site: string, { source, folder }: DistInfo): string {
  return source === 'conda' ? site : join(site, folder);
}

/** Packages that are listed more than once, with each version: `torch 2.0.1, 2.1.2`. */
export function duplicates(packages: readonly DistInfo[]): { readonly name: string; readonly versions: readonly string[] }[] {
  const versions = new Map<string, string[]>();
  for (const { name, version } of packages) versions.set(name, [...(versions.get(name) ?? []), version ?? 'unknown']);
  return [...versions].flatMap(([name, list]) => (list.length > 1 ? [{ name, versions: list }] : []));
}
