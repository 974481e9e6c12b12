import type { FolderKind } from '../../facts/registry/lora';
import type { FactStore } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { baseName, isInside } from '../../formats/file-name';
import type { CheckContext } from '../check';
import { isModelName } from './names';

/** One folder to go through, and what it is to its program. */
export interface ModelFolder {
  readonly path: string;
  readonly kind: FolderKind;
  /** Null for a folder that the user named and that belongs to no install. */
  readonly install: Subject | null;
}

const LISTS: readonly (readonly [string, FolderKind])[] = [
  ['install.loraFolders', 'lora'],
  ['install.checkpointFolders', 'checkpoint'],
  ['install.vaeFolders', 'vae'],
  ['install.encoderFolders', 'encoder'],
  ['install.embeddingFolders', 'embedding'],
  ['install.unscannedLoraFolders', 'other'],
];

/** The model folders of all installs, each once an install; a folder that serves as two kinds counts as the first. */
export function installFolders(facts: FactStore): ModelFolder[] {
  const out: ModelFolder[] = [];
  for (const install of facts.subjects('install')) {
    const seen = new Set<string>();
    for (const [fact, kind] of LISTS) {
      for (const path of facts.value<readonly string[]>(install.id, fact) ?? []) {
        if (seen.has(path)) continue;
        seen.add(path);
        out.push({ path, kind, install });
      }
    }
  }
  return out;
}

/**
 * Files and folders that the user named and that are no install and lie in none: a LoRA file, or a folder of model files. They
 * count as LoRA folders without a program.
 */
export function targetFolders(context: CheckContext, known: readonly ModelFolder[]): ModelFolder[] {
  const out: ModelFolder[] = [];
  const roots = context.facts.subjects('install').map((install) => install.path ?? '');
  for (const target of context.targets) {
    const info = context.platform.stat(target);
    if (!info || info.kind === 'other') continue;
    if (info.kind === 'file' && !isModelName(baseName(target))) continue;
    if (roots.some((root) => root !== '' && isInside(target, root))) continue;
    if (known.some((folder) => isInside(folder.path, target))) continue;
    out.push({ path: target, kind: 'lora', install: null });
  }
  return out;
}
