import { basename, dirname, join } from 'node:path';
import type { Layout } from '../../facts/registry/install';
import { type MatrixPackage, readMatrixSettings } from '../../formats/launch/stability-matrix';
import type { InstallOs, Look } from './look';
import type { FoundInstall } from './search';

/** How the program got here, and the entry that a launcher keeps about it. */
export interface Package {
  readonly layout: Layout;
  readonly matrix: { readonly settings: string; readonly entry: MatrixPackage } | null;
  /** Folder with launch_args.txt of the sd-webui-all-in-one installer. */
  readonly launchArgs: string | null;
}

/** webui-a1111-family.md §1.3; webui-comfyui-and-others.md A1, Part F. */
export function packageOf(look: Look, { root, desktop }: FoundInstall): Package {
  const matrix = matrixEntry(look, root);
  const launchArgs =
    [dirname(root), dirname(dirname(root)), root]
      .map((folder) => join(folder, 'launch_args.txt'))
      .find((path) => look.isFile(path)) ?? null;
  return { layout: desktop ? 'desktop' : layoutOf(look, root, matrix !== null, launchArgs !== null), matrix, launchArgs };
}

function layoutOf(look: Look, root: string, matrix: boolean, launchArgs: boolean): Layout {
  const names = look.names(root);
  const outer = look.names(dirname(root));
  const deployed = names.has('.comfy_environment')
    ? (look.text(join(root, '.comfy_environment')) ?? '').split('\n', 1)[0]?.trim()
    : undefined;
  if (matrix) return 'stability-matrix';
  if (deployed === 'local-desktop') return 'desktop';
  if (outer.has('pinokio.js') || outer.has('pinokio.json')) return 'pinokio';
  if (launchArgs || names.has('hanamizuki.exe') || outer.has('hanamizuki.exe') || outer.has('hanamizuki.bat')) return 'li';
  if (isAki(names) || isAki(outer)) return 'aki';
  if (outer.has('python_embeded') || names.has('python_embeded') || deployed === 'local-portable') return 'portable';
  if (outer.has('environment.bat') && outer.has('system')) return 'zip';
  if (names.has('.git')) return 'git';
  if (look.exists('/.dockerenv') && !names.has('venv') && !names.has('.venv')) return 'docker';
  return names.has('CHANGELOG.md') || names.has('README.md') ? 'zip' : 'unknown';
}

function isAki(names: ReadonlySet<string>): boolean {
  return names.has('.launcher') || [...names].some((name) => /启动器.*\.exe$/.test(name) || /^bilibili@/.test(name));
}

function matrixEntry(look: Look, root: string): Package['matrix'] {
  let folder = root;
  for (let i = 0; i < 4; i++) {
    folder = dirname(folder);
    if (!look.names(folder).has('settings.json')) continue;
    const settings = join(folder, 'settings.json');
    const text = look.text(settings);
    const entry = (text === null ? null : readMatrixSettings(text))?.find(
      (candidate) => join(folder, candidate.libraryPath) === root,
    );
    if (entry) return { settings, entry };
  }
  return null;
}

/** From the shape of its Python: `Scripts` and `Lib` are Windows, `bin` and `lib` are not. The host decides when nothing does. */
export function osOf(look: Look, root: string): InstallOs {
  const outer = dirname(root);
  for (const folder of ['venv', '.venv', 'python', 'env']) {
    const names = look.names(join(root, folder));
    if (names.has('Scripts') || names.has('python.exe') || names.has('Lib')) return 'windows';
    if (names.has('bin')) return look.platform.os === 'macos' ? 'macos' : 'linux';
  }
  const windowsOnly = [
    join(outer, 'python_embeded'),
    join(outer, 'system/python'),
    join(outer, 'python/python.exe'),
    join(root, 'dlbackend/comfy/python_embeded'),
  ];
  if (windowsOnly.some((path) => look.exists(path))) return 'windows';
  if (look.exists(join(root, 'dlbackend/ComfyUI/venv/bin'))) return look.platform.os === 'macos' ? 'macos' : 'linux';
  return look.platform.os === 'other' ? 'unknown' : look.platform.os;
}

/** True when the outer folder is the same package once more (`sd-webui-aki-v4.8/sd-webui-aki-v4.8`). */
export function isDoubled(root: string): boolean {
  return basename(root) === basename(dirname(root));
}
