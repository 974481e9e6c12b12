import { join } from 'node:path';
import type { Ui } from '../../facts/families';
import { readHead, readRemote, repositoryOf } from '../../formats/git';
import { assigned } from '../../formats/python-env';
import type { Look } from './look';

/**
 * Which program has its root in this folder; null when none has. By marker files (webui-a1111-family.md §1.1,
 * webui-comfyui-and-others.md A1, B1, C, D, E); their contents help when there are any.
 */
export function recognise(look: Look, root: string): Ui | null {
  const names = look.names(root);
  if (names.size === 0) return null;
  const has = (path: string): boolean => look.exists(join(root, path));
  if (isComfy(names)) return 'comfyui';
  if (names.has('fooocus_version.py') || (names.has('entry_with_update.py') && names.has('sdxl_styles'))) return 'fooocus';
  if (names.has('launch.py') && names.has('installer.py') && names.has('webui.py')) return 'sdnext';
  if (names.has('launch.py') && names.has('extensions-builtin') && has('modules/launch_utils.py')) return a1111Family(look, root);
  // Before v1.3 A1111 had no launch_utils.py.
  if (names.has('launch.py') && names.has('webui.py') && has('modules/sd_models.py') && !names.has('installer.py'))
    return a1111Family(look, root);
  if (has('src/SwarmUI.csproj') || (names.has('dlbackend') && (has('Data/Settings.fds') || has('Data/Backends.fds'))))
    return 'swarmui';
  if (names.has('invokeai.yaml') || has('databases/invokeai.db')) return 'invokeai';
  if (has('ui/easydiffusion') || (names.has('scripts') && (has('scripts/on_sd_start.bat') || has('scripts/on_sd_start.sh'))))
    return 'easydiffusion';
  if (names.has('kohya_gui.py') || names.has('kohya_gui')) return 'kohya';
  if (names.has('train_network.py') && (has('library/train_util.py') || names.has('networks'))) return 'kohya';
  return null;
}

const COMFY_MARKERS = [
  'main.py',
  'nodes.py',
  'folder_paths.py',
  'execution.py',
  'server.py',
  'cuda_malloc.py',
  'comfyui_version.py',
  'comfy_extras',
];

function isComfy(names: ReadonlySet<string>): boolean {
  return names.has('comfy') && COMFY_MARKERS.filter((marker) => names.has(marker)).length >= 3;
}

/** The user's folder of the ComfyUI desktop app: models and custom nodes without the program. */
export function isComfyDesktopBase(look: Look, root: string): boolean {
  const names = look.names(root);
  return (
    ['models', 'custom_nodes', 'user', '.venv'].every((name) => names.has(name)) &&
    !names.has('main.py') &&
    look.isFolder(join(root, 'models/loras'))
  );
}

function a1111Family(look: Look, root: string): Ui {
  const names = look.names(root);
  const forge = look.text(join(root, 'modules_forge/forge_version.py'));
  const version = forge === null ? null : assigned(forge, 'version');
  if (version === 'neo') return 'forge-neo';
  if (version === 'classic') return 'forge-classic';
  const remote = gitRemote(look, root);
  const branch = readHead(look.text(join(root, '.git/HEAD')) ?? '').branch;
  if (remote?.endsWith('/sd-webui-forge-classic'))
    return branch === 'neo' ? 'forge-neo' : branch === 'classic' ? 'forge-classic' : byFolders(look, root);
  if (remote?.includes('webui-reforge')) return 'reforge';
  if (remote?.endsWith('/stable-diffusion-webui-forge')) return 'forge';
  if (version !== null && /^1\.(?:0\.0v2|\d+\.\d+-v1\.10\.1RC)/.test(version)) return 'reforge';
  return names.has('modules_forge') ? byFolders(look, root) : 'a1111';
}

/** Without a usable version file: which folders a fork has. */
function byFolders(look: Look, root: string): Ui {
  const names = look.names(root);
  const has = (path: string): boolean => look.exists(join(root, path));
  if (names.has('backend')) {
    return has('modules_forge/packages') || (has('modules_forge/presets.py') && !names.has('packages_3rdparty'))
      ? 'forge-neo'
      : 'forge';
  }
  const builtin = look.names(join(root, 'extensions-builtin'));
  const reforge = names.has('k_diff') || [...builtin].some((name) => name.startsWith('reForge-') || name === 'mahiro_reforge');
  if (reforge || names.has('requirements_versions_legacy.txt')) return 'reforge';
  return names.has('ldm_patched') && !names.has('CHANGELOG.md') && names.has('LICENSE') ? 'forge-classic' : 'forge';
}

function gitRemote(look: Look, root: string): string | null {
  const config = look.text(join(root, '.git/config'));
  const remote = config === null ? null : readRemote(config);
  return remote === null ? null : repositoryOf(remote);
}
