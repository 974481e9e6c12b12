import type { FactStore } from '../facts/snapshot';
import { GIB } from './bytes';

/** A card of this machine whose memory is known. */
export interface MachineCard {
  readonly name: string;
  readonly gib: number;
  /** `nvidia`, `amd`, …; null: not known. */
  readonly vendor: string | null;
}

/** The cards of this machine, the largest first. */
export function machineCards(facts: FactStore): MachineCard[] {
  const cards = facts.subjects('gpu').flatMap(({ id, label }) => {
    const bytes = facts.value<number>(id, 'gpu.vramTotal');
    const vendor = facts.value<string>(id, 'gpu.vendor') ?? null;
    return bytes === undefined ? [] : [{ name: label, gib: bytes / GIB, vendor }];
  });
  return cards.sort((a, b) => b.gib - a.gib);
}

/** The first card that is divided into parts (MIG) and so has no size of its own; null when there is none. */
export function dividedCard(facts: FactStore): string | null {
  return facts.subjects('gpu').find(({ id }) => facts.get(id, 'gpu.migParts').state === 'known')?.label ?? null;
}
