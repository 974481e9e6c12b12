import type { SafetensorsHeader } from '../safetensors-header';
import { type AdapterTraits, keyStyleOf, traitsOf } from './adapter';
import type { Allowed } from './allowed';
import { mostFrequent } from './alpha';
import { loraFamilies } from './family-lora';
import { type Kinded, specialKind } from './kind';
import { type Grouped, groupModules, isAdapter, type LoraModule } from './modules';
import type { Part } from './parts';

/** Ranks over all modules that have one. */
export interface RankSummary {
  readonly min: number;
  readonly max: number;
  readonly typical: number;
  /** Different ranks, ascending, at most 64. */
  readonly all: readonly number[];
}

/** What the tensors of an adapter tell by themselves. */
export interface AdapterStructure {
  readonly grouped: Grouped;
  readonly allowed: Allowed;
  readonly keyStyle: string | null;
  readonly rank: RankSummary | null;
  readonly traits: AdapterTraits;
  /** Modules by part, in the order of their first. */
  readonly parts: ReadonlyMap<Part, number>;
  /** Modules that store an alpha. */
  readonly scaled: readonly LoraModule[];
  readonly dtype: string;
}

interface Structure {
  readonly special: Kinded | null;
  /** Null for what is no adapter. */
  readonly adapter: AdapterStructure | null;
}

/** By the very list of tensors: headers that share one (`TableMemo`) are worked out once. */
const KNOWN = new WeakMap<SafetensorsHeader['tensors'], Structure>();

/** What names, shapes and types tell, without the metadata. */
export function structureOf(header: SafetensorsHeader): Structure {
  const before = header.shared ? KNOWN.get(header.tensors) : undefined;
  if (before) return before;
  const special = specialKind(header);
  const structure = { special, adapter: special ? null : adapterStructure(header) };
  if (header.shared) KNOWN.set(header.tensors, structure);
  return structure;
}

function adapterStructure(header: SafetensorsHeader): AdapterStructure | null {
  const grouped = groupModules(header);
  if (!isAdapter(grouped)) return null;
  return {
    grouped,
    allowed: loraFamilies(grouped.modules),
    keyStyle: keyStyleOf(grouped),
    rank: ranksOf(grouped.modules),
    traits: traitsOf(grouped.modules),
    parts: countParts(grouped.modules),
    scaled: grouped.modules.filter(({ alpha }) => alpha !== undefined),
    dtype: mainDtype(header),
  };
}

function countParts(modules: readonly LoraModule[]): Map<Part, number> {
  const out = new Map<Part, number>();
  for (const { part } of modules) out.set(part, (out.get(part) ?? 0) + 1);
  return out;
}

function ranksOf(modules: readonly LoraModule[]): RankSummary | null {
  const counts = new Map<number, number>();
  for (const module of modules) {
    const rank = module.rank();
    if (rank !== null) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  const all = [...counts.keys()].sort((a, b) => a - b);
  return { min: all[0] ?? 0, max: all[all.length - 1] ?? 0, typical: mostFrequent(counts), all: all.slice(0, 64) };
}

/** Data type of most of the bytes. */
export function mainDtype(header: SafetensorsHeader): string {
  const bytes = new Map<string, number>();
  let total = 0;
  let run = 0;
  let current = '';
  for (const { dtype, begin, end } of header.tensors) {
    if (dtype !== current) {
      bytes.set(current, (bytes.get(current) ?? 0) + run);
      current = dtype;
      run = 0;
    }
    run += end - begin;
    total += end - begin;
  }
  bytes.set(current, (bytes.get(current) ?? 0) + run);
  let best = 'unknown';
  let most = -1;
  for (const [dtype, size] of bytes) {
    if (dtype !== '' && size > most) {
      most = size;
      best = dtype;
    }
  }
  return most >= total * 0.9 ? best : 'mixed';
}
