import { dirname, join } from 'node:path';
import type { Ui } from '../../facts/families';
import type { UnscannedReason } from '../../facts/registry/install';
import type { Folders } from './folders';
import { isDoubled } from './layout';
import type { Look } from './look';

export interface Unscanned {
  readonly path: string;
  readonly reason: UnscannedReason;
  /** Model files in it, at most a few hundred are counted. */
  readonly files: number;
}

const MODEL_FILE = /\.(?:safetensors|pt|ckpt|bin|sft|pth)$/i;
const LORA_NAMES = ['Lora', 'lora', 'LoRA', 'loras', 'Loras', 'LoRAs', 'LORA', 'lora_models'];
/** The folder below `models` that a program searches when nothing else is said (sheets: §2.1, A3, B2, C, E). */
const DEFAULT_NAME: { readonly [ui in Ui]?: string } = { comfyui: 'loras', fooocus: 'loras', easydiffusion: 'lora' };
/** SwarmUI starts a ComfyUI of its own; LoRAs in its folders are not in SwarmUI's list (Part E). */
const SWARM_BACKENDS = ['dlbackend/comfy/ComfyUI', 'dlbackend/ComfyUI'];
const LYCORIS_NAMES = ['LyCORIS', 'Lycoris', 'lycoris', 'LyCoris', 'LoCon'];
const COUNT_LIMIT = 500;

/** Folders with model files that look like LoRA folders and are not searched (webui-a1111-family.md traps 21–23). */
export function unscannedFolders(
  look: Look,
  ui: Ui,
  root: string,
  folders: Folders,
  others: readonly { root: string; lora: readonly string[] }[],
): Unscanned[] {
  if (ui === 'kohya' || ui === 'invokeai') return [];
  const scanned = new Set(folders.lora.map((path) => identity(look, path)));
  const found = new Map<string, Unscanned>();
  const offer = (path: string, reason: UnscannedReason): void => {
    const id = identity(look, path);
    if (!look.isFolder(path) || scanned.has(id) || found.has(id) || below(id, scanned)) return;
    const files = countModels(look, path);
    if (files > 0) found.set(id, { path, reason, files });
  };
  for (const { path, reason } of folders.lost) offer(path, reason);
  const base = folders.data;
  const inside = [...new Set([root, base])];
  for (const folder of inside) {
    for (const name of LORA_NAMES) {
      for (const where of ['models', 'Models', '']) {
        const path = join(folder, where, name);
        const isDefault = name === (DEFAULT_NAME[ui] ?? 'Lora') && where !== '';
        offer(path, isDefault ? 'moved-by-flag' : 'wrong-name');
      }
    }
    for (const name of LYCORIS_NAMES) offer(join(folder, 'models', name), 'lycoris-not-scanned');
    offer(join(folder, 'extensions/sd-webui-additional-networks/models/lora'), 'wrong-name');
  }
  if (ui === 'swarmui') for (const backend of SWARM_BACKENDS) offer(join(root, backend, 'models/loras'), 'backend-folder');
  for (const outer of outerFolders(look, root)) {
    for (const name of [...LORA_NAMES, 'LyCORIS'])
      for (const where of ['models', '']) offer(join(outer, where, name), isDoubled(root) ? 'doubled-folder' : 'wrong-name');
  }
  for (const other of others) for (const path of other.lora) offer(path, 'other-install');
  return [...found.values()];
}

/** The folder around an install, and the same package nested once more in it; never a folder that is an install's data itself. */
function outerFolders(look: Look, root: string): string[] {
  const outer = dirname(root);
  const home = look.platform.home;
  const inner = [...look.names(root)].filter((name) => root.endsWith(name)).map((name) => join(root, name));
  return [...(outer === home || dirname(outer) === outer ? [] : [outer]), ...inner.filter((path) => look.isFolder(path))];
}

/** Device and inode where the system has them, so that `Lora` and `lora` on a caseless disk are one folder. */
function identity(look: Look, path: string): string {
  return look.platform.realPath(path) ?? path;
}

function below(path: string, scanned: ReadonlySet<string>): boolean {
  let folder = path;
  for (let i = 0; i < 40; i++) {
    const parent = dirname(folder);
    if (parent === folder) return false;
    if (scanned.has(parent)) return true;
    folder = parent;
  }
  return false;
}

function countModels(look: Look, path: string): number {
  let count = 0;
  const options = { maxDepth: 4, maxEntries: 5000, file: (name: string) => MODEL_FILE.test(name) };
  for (const _entry of look.platform.walk(path, options)) {
    count++;
    if (count >= COUNT_LIMIT) break;
  }
  return count;
}
