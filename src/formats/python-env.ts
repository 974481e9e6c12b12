/** A package as its `*.dist-info` folder name tells. */
export interface DistInfo {
  /** Normalised: lower case, runs of `-_.` are one `-`. */
  readonly name: string;
  readonly version: string;
  /** The folder's own name. */
  readonly folder: string;
}

/** PEP 503. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Installed packages out of the names in a site-packages folder; editable and egg installs included. Sorted by name. */
export function readDistInfos(names: readonly string[]): readonly DistInfo[] {
  const found: DistInfo[] = [];
  for (const folder of names) {
    const match = /^([A-Za-z0-9][\w.]*(?:-[A-Za-z][\w.]*)*)-(\d[^-/]*)(?:-py\d[\d.]*)?\.(?:dist-info|egg-info)$/.exec(folder);
    if (match?.[1] && match[2]) found.push({ name: normalName(match[1]), version: match[2], folder });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
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
