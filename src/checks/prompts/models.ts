import type { Family, Ui } from '../../facts/families';
import type { FactStore } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { baseName } from '../../formats/file-name';
import { buildInventory, type Inventory, type LoraEntry } from '../../formats/prompt/inventory';
import { withoutExtension } from '../../formats/prompt/resolve';

/** The LoRA files that a program of this install may take, and those beside them. */
function loraEntries(facts: FactStore, install: Subject | null): LoraEntry[] {
  const folders = install ? (facts.value<readonly string[]>(install.id, 'install.loraFolders') ?? []) : [];
  return facts.subjects('lora').flatMap((lora): LoraEntry[] => {
    const path = lora.path;
    if (path === undefined) return [];
    const name = facts.value<string>(lora.id, 'lora.name') ?? withoutExtension(lora.label);
    const mine = lora.links?.install === install?.id;
    const listed = facts.value<boolean>(lora.id, 'lora.visible') !== false;
    const inFolder = facts.value<string>(lora.id, 'lora.folder') === 'lora';
    const place = !mine ? 'elsewhere' : listed && inFolder ? 'scanned' : inFolder ? 'hidden' : 'elsewhere';
    const file = lora.label.startsWith(baseName(name)) ? `${name}${lora.label.slice(baseName(name).length)}` : lora.label;
    const stem = facts.value<string>(lora.id, 'lora.stem') ?? baseName(name);
    const folder = folders.findIndex((f) => path.startsWith(f));
    return [
      {
        id: lora.id,
        path,
        file,
        // `a.safetensors.txt` and `a.safetensors.corrupted` were meant as `a`.
        stem: place === 'scanned' ? stem : withoutExtension(stem),
        alias: facts.value<string>(lora.id, 'lora.alias') ?? null,
        place,
        folder: folder < 0 ? folders.length : folder,
      },
    ];
  });
}

export function inventoryOf(facts: FactStore, install: Subject | null): Inventory {
  return buildInventory(loraEntries(facts, install));
}

/** The base model that a name stands for. */
export interface BaseModel {
  readonly subject: Subject;
  readonly family: Family | null;
  readonly isLora: boolean;
}

/**
 * Finds a checkpoint by the name in an infotext (stem, perhaps with its folder) or in a graph (relative file name). A
 * LoRA that stands among the checkpoints is found too, and said to be one.
 */
export function findBase(facts: FactStore, install: Subject | null, name: string): BaseModel | null {
  const wanted = withoutExtension(name.replaceAll('\\', '/').replace(/\s*\[[0-9a-f]{6,10}\]$/, ''));
  const base = baseName(wanted).toLowerCase();
  const mine = (s: Subject): boolean => s.links?.install === install?.id;
  const candidates = facts.subjects('checkpoint').filter(mine);
  const nameOf = (s: Subject): string => withoutExtension(facts.value<string>(s.id, 'checkpoint.name') ?? s.label);
  const hit =
    candidates.find((s) => nameOf(s) === wanted) ??
    candidates.find((s) => baseName(nameOf(s)).toLowerCase() === base) ??
    candidates.find((s) => withoutExtension(s.label).toLowerCase() === base);
  if (hit) return { subject: hit, family: facts.value<Family>(hit.id, 'checkpoint.family') ?? null, isLora: false };
  const misplaced = facts.subjects('lora').find((s) => {
    const inCheckpoints = facts.value<string>(s.id, 'lora.folder') === 'checkpoint';
    return mine(s) && inCheckpoints && withoutExtension(s.label).toLowerCase() === base;
  });
  return misplaced ? { subject: misplaced, family: null, isLora: true } : null;
}

/** Family of the base model of a request. Fooocus runs SDXL only, whatever the file is called (Part C of the sheet). */
export function baseFamily(base: BaseModel | null, ui: Ui): Family | null {
  return base?.family ?? (ui === 'fooocus' ? 'sdxl' : null);
}
