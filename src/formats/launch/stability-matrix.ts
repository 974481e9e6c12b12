import { isRecord, parseJson } from '../json';

/** One entry of `InstalledPackages` in Stability Matrix's settings.json (webui-comfyui-and-others.md Part F). */
export interface MatrixPackage {
  readonly packageName: string;
  readonly displayName: string;
  /** Relative to the library, with `/`. */
  readonly libraryPath: string;
  readonly args: readonly string[];
  readonly branch: string | null;
  readonly pythonVersion: string | null;
  readonly sharing: string | null;
}

/** The packages of a Stability Matrix library; null when the text is no such file. Never throws. */
export function readMatrixSettings(text: string): readonly MatrixPackage[] | null {
  const root = parseJson(text);
  if (!isRecord(root) || !Array.isArray(root.InstalledPackages)) return null;
  const packages: MatrixPackage[] = [];
  for (const entry of root.InstalledPackages.slice(0, 200)) {
    if (!isRecord(entry) || typeof entry.LibraryPath !== 'string') continue;
    const version = isRecord(entry.Version) ? entry.Version : {};
    packages.push({
      packageName: textOf(entry.PackageName) ?? '',
      displayName: textOf(entry.DisplayName) ?? '',
      libraryPath: entry.LibraryPath.replaceAll('\\', '/'),
      args: launchArguments(entry.LaunchArgs),
      branch: textOf(version.InstalledBranch),
      pythonVersion: textOf(entry.PythonVersion),
      sharing: textOf(entry.PreferredSharedFolderMethod),
    });
  }
  return packages;
}

function launchArguments(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  const words: string[] = [];
  for (const entry of list.slice(0, 500)) {
    if (!isRecord(entry) || typeof entry.Name !== 'string') continue;
    const value = entry.OptionValue;
    if (value === true || value === 'true' || value === 'True') words.push(...entry.Name.split(' ').filter((w) => w !== ''));
    else if ((typeof value === 'string' && value !== '' && value.toLowerCase() !== 'false') || typeof value === 'number') {
      // Free text ("extra launch arguments") has no name of its own.
      if (entry.Name === '') words.push(...String(value).split(/\s+/));
      else words.push(entry.Name, String(value));
    }
  }
  return words.slice(0, 1000);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
