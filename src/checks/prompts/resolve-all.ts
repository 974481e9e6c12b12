import type { Inventory } from '../../formats/prompt/inventory';
import { isUsed, type Resolution, resolveName, withoutExtension } from '../../formats/prompt/resolve';
import type { CheckContext } from '../check';
import type { Asked, AskedLora } from './asked';
import { searchFiles } from './search';

export type Os = 'windows' | 'linux' | 'macos' | 'unknown';

/** How every LoRA of every request of one install resolves. */
export class Resolver {
  readonly #os: Os;
  #inventory: Inventory;

  constructor(inventory: Inventory, os: Os) {
    this.#inventory = inventory;
    this.#os = os;
  }

  resolve(asked: Asked, lora: AskedLora): Resolution {
    return resolveName(lora.name, this.#inventory, { ui: asked.ui, os: this.#os, style: lora.style });
  }

  /** Looks on the disk for files of the names that did not resolve, once for all of them. */
  searchMissing(context: CheckContext, root: string, all: readonly Asked[]): void {
    const names = new Set<string>();
    for (const asked of all) {
      for (const lora of asked.loras) {
        const { kind, entry } = this.resolve(asked, lora);
        if (!isUsed(kind) && entry === null) names.add(baseStem(lora.name));
      }
    }
    names.delete('');
    if (names.size === 0) return;
    const known = new Set([...this.#inventory.scanned, ...this.#inventory.others].map((e) => e.path));
    const extra = searchFiles(context.platform, root, names, known, context.signal);
    this.#inventory = { ...this.#inventory, others: [...this.#inventory.others, ...extra] };
  }
}

function baseStem(name: string): string {
  const slashed = name.replaceAll('\\', '/').trim();
  return withoutExtension(slashed.slice(slashed.lastIndexOf('/') + 1)).toLowerCase();
}
