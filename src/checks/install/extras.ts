import { dirname, join } from 'node:path';
import type { Ui } from '../../facts/families';
import { type Fact, known, na } from '../../facts/value';
import { isLogName } from '../../formats/log/log-name';
import type { Folders } from './folders';
import type { Look } from './look';
import type { FoundInstall } from './search';

const MAX_LOGS = 80;

/**
 * Folders that console logs stand in, whether they exist or not: in and around the install, and where each program writes them
 * (webui-comfyui-and-others.md A2, B1, E).
 */
export function logFolders(look: Look, { ui, root, desktop }: FoundInstall, folders: Folders, packaged: boolean): string[] {
  const places = [root, join(root, 'logs'), join(root, 'log'), join(root, 'tmp')];
  if (folders.data !== root) places.push(folders.data, join(folders.data, 'logs'));
  if (packaged) places.push(dirname(root), join(dirname(root), 'logs'));
  if (ui === 'comfyui') places.push(join(folders.data, 'user'));
  if (ui === 'swarmui') places.push(join(root, 'Data/Logs'));
  if (desktop) places.push(desktopLogs(look));
  return places;
}

/** Console logs that exist in these folders; SwarmUI makes one below for each month and day. */
export function logFiles(look: Look, { ui, root }: FoundInstall, folders: readonly string[]): string[] {
  const places = ui === 'swarmui' ? [...folders, ...deepFolders(look, join(root, 'Data/Logs'), 2)] : folders;
  const found = new Map<string, number>();
  for (const place of places) {
    for (const name of look.names(place)) {
      if (!isLogName(name)) continue;
      if (/^(?:requirements|bilibili)/i.test(name)) continue;
      const path = join(place, name);
      const info = look.platform.stat(path);
      if (info?.kind === 'file' && info.size > 0) found.set(path, info.mtimeMs);
    }
  }
  const newestFirst = [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([path]) => path);
  if (newestFirst.length > MAX_LOGS) look.note('log-files-left-out', root, { counts: { n: newestFirst.length - MAX_LOGS } });
  return newestFirst.slice(0, MAX_LOGS);
}

function deepFolders(look: Look, folder: string, depth: number): string[] {
  if (!look.isFolder(folder)) return [];
  const inner =
    depth === 0 ? [] : [...look.names(folder)].slice(-24).flatMap((name) => deepFolders(look, join(folder, name), depth - 1));
  return [folder, ...inner];
}

function desktopLogs(look: Look): string {
  const { os, home, env } = look.platform;
  if (os === 'windows') return join(env.APPDATA ?? join(home, 'AppData/Roaming'), 'ComfyUI/logs');
  return os === 'macos' ? join(home, 'Library/Logs/ComfyUI') : join(home, '.config/ComfyUI/logs');
}

/** Extensions or custom nodes, and what params.txt says where it is kept. */
export function extraFacts(look: Look, ui: Ui, root: string, folders: Folders): { [fact: string]: Fact } {
  const facts: { [fact: string]: Fact } = {};
  const params = join(folders.data, 'params.txt');
  if (look.isFile(params)) facts['install.paramsFile'] = known(params);
  if (ui === 'comfyui') {
    const nodes = modules(look, join(folders.data, 'custom_nodes'));
    facts['install.customNodes'] = known(nodes.filter((name) => !name.endsWith('.disabled')));
    facts['install.disabledExtensions'] = known([
      ...nodes.filter((name) => name.endsWith('.disabled')),
      ...modules(look, join(folders.data, 'custom_nodes/.disabled')),
    ]);
    facts['install.extensions'] = na;
    return facts;
  }
  facts['install.customNodes'] = na;
  facts['install.extensions'] = look.exists(join(root, 'launch.py'))
    ? known(modules(look, join(folders.data, 'extensions')))
    : na;
  return facts;
}

function modules(look: Look, folder: string): string[] {
  return [...look.names(folder)]
    .filter((name) => !/^(?:__pycache__|\.)/.test(name) && (look.isFolder(join(folder, name)) || name.endsWith('.py')))
    .slice(0, 1000);
}

/** Options that extensions add to the command line: `--name` literals in their preload.py. */
export function addedOptions(look: Look, root: string): ReadonlySet<string> {
  const options = new Set<string>();
  for (const name of [...look.names(join(root, 'extensions'))].slice(0, 300)) {
    const path = join(root, 'extensions', name, 'preload.py');
    if (!look.isFile(path)) continue;
    for (const match of (look.text(path) ?? '').slice(0, 65_536).matchAll(/["'](--[a-z0-9][a-z0-9_-]{0,60})["']/g))
      options.add(match[1] ?? '');
  }
  return options;
}
