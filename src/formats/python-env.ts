import { isRecord, parseJson } from './json';

/**
 * How a package came in: a wheel (`*.dist-info`), an older install (`*.egg-info`), a link to a folder of sources
 * (`__editable__.*.pth`, `*.egg-link`), or conda (`conda-meta/*.json`).
 */
export const PACKAGE_SOURCES = ['wheel', 'egg', 'editable', 'conda'] as const;
export type PackageSource = (typeof PACKAGE_SOURCES)[number];

/** A package as the name of its folder or file tells. */
export interface DistInfo {
  /** Normalised: lower case, runs of `-_.` are one `-`. */
  readonly name: string;
  /** Null: only the file that is linked knows. */
  readonly version: string | null;
  /** The folder's or file's own name. */
  readonly folder: string;
  readonly source: PackageSource;
}

/** PEP 503. */
function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

const DIST = /^([A-Za-z0-9][\w.]*(?:-[A-Za-z][\w.]*)*)-(\d[^-/]*)(?:-py\d[\d.]*)?\.(dist|egg)-info$/;
/** setuptools (PEP 660) names its link after the package; so did `setup.py develop` before. */
const LINK = /^(?:__editable__\.([A-Za-z0-9][\w.]*)-(\d[^-/]*)\.pth|([A-Za-z0-9][\w.-]*)\.egg-link)$/;

/** Installed packages out of the names in a site-packages folder, sorted by name. A linked one stands once, as what it is. */
export function readDistInfos(names: readonly string[]): readonly DistInfo[] {
  const found: DistInfo[] = [];
  const links: DistInfo[] = [];
  for (const folder of names) {
    const dist = DIST.exec(folder);
    const link = dist ? null : LINK.exec(folder);
    const name = normalName(dist?.[1] ?? link?.[1] ?? link?.[3] ?? '');
    if (dist) found.push({ name, version: dist[2] ?? null, folder, source: dist[3] === 'egg' ? 'egg' : 'wheel' });
    else if (link) links.push({ name, version: link[2] ?? null, folder, source: 'editable' });
  }
  const sameAs = (a: DistInfo, b: DistInfo) => a.name === b.name && (b.version === null || a.version === b.version);
  const told = found.map((entry) =>
    links.some((link) => sameAs(entry, link)) ? { ...entry, source: 'editable' as const } : entry,
  );
  const alone = links.filter((link) => !found.some((entry) => sameAs(entry, link)));
  return [...told, ...alone].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The names under which conda keeps what PyPI calls otherwise, as far as these programs need it. */
const CONDA_NAMES: { readonly [name: string]: string } = { pytorch: 'torch', 'py-opencv': 'opencv-python' };

/** Packages out of the names in `conda-meta` (`NAME-VERSION-BUILD.json`), under the names that PyPI has for them. */
export function readCondaMeta(names: readonly string[]): readonly DistInfo[] {
  return names.flatMap((folder) => {
    const match = /^([A-Za-z0-9_][\w.-]*)-([^-]+)-[^-]+\.json$/.exec(folder);
    if (!match?.[1] || !match[2]) return [];
    const name = normalName(match[1]);
    return [{ name: CONDA_NAMES[name] ?? name, version: match[2], folder, source: 'conda' as const }];
  });
}

/** Whether `direct_url.json` of a package says that it is only linked (PEP 610). */
export function isEditable(directUrl: string): boolean {
  const root = parseJson(directUrl);
  return isRecord(root) && isRecord(root.dir_info) && root.dir_info.editable === true;
}

/** Leftovers of an interrupted pip upgrade: names beginning with `~` (webui-a1111-family.md §1.4). */
export function interrupted(names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith('~'));
}

export interface Metadata {
  readonly version: string | null;
  /** Requires-Dist lines, e.g. `torch ==2.0.1`. */
  readonly requires: readonly string[];
}

/** The header part of a METADATA file. */
export function readMetadata(text: string): Metadata {
  let version: string | null = null;
  const requires: string[] = [];
  for (const raw of text.split('\n', 3000)) {
    const line = raw.trimEnd();
    if (line === '' && version !== null) break;
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const key = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (key === 'version') version ??= value;
    if (key === 'requires-dist') requires.push(value);
  }
  return { version, requires };
}

/** The exact version of `name` that a package requires (`==`), without a local tag; null when it is not pinned. */
export function pinned(requires: readonly string[], name: string): string | null {
  for (const line of requires) {
    const match = /^([A-Za-z0-9._-]+)\s*\(?\s*==\s*([0-9][^\s,;)]*)/.exec(line);
    if (match?.[1] && match[2] && normalName(match[1]) === name && !line.includes('extra =='))
      return match[2].replace(/\+.*$/, '');
  }
  return null;
}

/** `torch/version.py` (webui-comfyui-and-others.md A1): version, CUDA or HIP version of the build. */
export interface TorchVersion {
  readonly version: string;
  readonly cuda: string | null;
  readonly hip: string | null;
}

export function readTorchVersion(text: string): TorchVersion | null {
  const version = assigned(text, '__version__');
  return version === null ? null : { version, cuda: assigned(text, 'cuda'), hip: assigned(text, 'hip') };
}

/** The quoted value of `name = '…'` or `name: T = "…"` at the start of a line; null for None or no such line. */
export function assigned(text: string, name: string): string | null {
  for (const line of text.split('\n', 5000)) {
    if (!line.startsWith(name)) continue;
    const match = /^[\w]+\s*(?::[^=]{0,80})?=\s*(?:'([^'\n]{0,200})'|"([^"\n]{0,200})")/.exec(line);
    if (match && line.slice(name.length).search(/\w/) !== 0) return match[1] ?? match[2] ?? null;
  }
  return null;
}

/**
 * Which device a torch build is for: `12.1` (CUDA), `rocm6.2`, `xpu`, `cpu`; null when the version does not tell (PyPI wheels
 * carry no tag: CUDA on Linux, CPU on Windows and macOS).
 */
export function torchBuild(version: string, info: TorchVersion | null): string | null {
  if (info?.cuda) return info.cuda;
  if (info?.hip) return `rocm${info.hip.split('.').slice(0, 2).join('.')}`;
  const tag = /\+([a-z]+)([\d.]*)/.exec(info?.version ?? version);
  if (!tag) return info ? 'cpu' : null;
  if (tag[1] === 'cu' && tag[2]) return `${tag[2].slice(0, -1)}.${tag[2].slice(-1)}`;
  if (tag[1] === 'rocm') return `rocm${tag[2]}`;
  return tag[1] ?? null;
}

/** `pyvenv.cfg`: keys are lower-cased. */
export interface VenvConfig {
  readonly home: string | null;
  readonly version: string | null;
  readonly systemSitePackages: boolean;
}

export function readVenvConfig(text: string): VenvConfig {
  const values = new Map<string, string>();
  for (const line of text.split('\n', 200)) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
  }
  return {
    home: values.get('home') ?? null,
    version: values.get('version') ?? values.get('version_info') ?? null,
    systemSitePackages: values.get('include-system-site-packages')?.toLowerCase() === 'true',
  };
}

/** Whose Python it is, where that changes what can go wrong; `other` is everything else. */
export const PYTHON_ORIGINS = ['windows-store', 'conda', 'embedded', 'other'] as const;
export type PythonOrigin = (typeof PYTHON_ORIGINS)[number];

/** A path of the Python that the Microsoft Store installs: its package name stands in it, in both places where it lies. */
export function isStorePython(path: string): boolean {
  return /[\\/]WindowsApps[\\/]PythonSoftwareFoundation\.Python\.3\.|\bPythonSoftwareFoundation\.Python\.3\.\d+_/i.test(path);
}

/** `python310.dll`, `python3.10`, `python311._pth` … → `3.10`; null for other names. */
export function pythonFromName(name: string): string | null {
  const match = /^(?:lib)?python(3)\.?(\d{1,2})(?:[._t]|$)/i.exec(name);
  return match ? `${match[1]}.${match[2]}` : null;
}

/** Word size out of a wheel tag: `win32`, `i686` are 32, `win_amd64`, `x86_64`, `arm64` … 64; null for pure wheels. */
export function bitsFromTag(tag: string): 32 | 64 | null {
  if (/-win32$|_i[3-6]86$|_armv7l$/.test(tag)) return 32;
  return /-win_amd64$|-win_arm64$|_x86_64$|_aarch64$|_arm64$/.test(tag) ? 64 : null;
}
