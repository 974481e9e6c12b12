import { type KeySplit, Role, splitKey } from '../formats/model/roles';
import type { SafetensorsHeader, TensorInfo } from '../formats/safetensors-header';
import { type Delta, type Factor, lohaDelta, lokrDelta, loraDelta, wholeDelta } from './delta';

/** A role; the roles do not tell a module's two Tucker cores apart: `t2` of a LoHa and `t1` of a LoKr are `tucker2`. */
export type Slot = Role | 'tucker2';

/** Tensors of one trained module, by role; the suffix spelling counts for what is missing. */
export interface ModuleTensors {
  readonly name: string;
  readonly tensors: Map<Slot, TensorInfo>;
  /** kohya and LyCORIS spellings store an alpha; PEFT's do not. */
  expectsAlpha: boolean;
}

/** Groups tensors by module, in the order of the header. What belongs to no module comes back in `rest`. */
export function groupModules(header: SafetensorsHeader): {
  readonly modules: readonly ModuleTensors[];
  readonly rest: readonly TensorInfo[];
} {
  const byName = new Map<string, ModuleTensors>();
  const rest: TensorInfo[] = [];
  const split: KeySplit = { end: 0, role: Role.plain };
  for (const tensor of header.tensors) {
    if (!splitKey(tensor.name, split) || split.role === Role.plain) {
      rest.push(tensor);
      continue;
    }
    const name = tensor.name.slice(0, split.end);
    const module = byName.get(name) ?? { name, tensors: new Map<Slot, TensorInfo>(), expectsAlpha: false };
    byName.set(name, module);
    const slot: Slot = /\.(?:hada_t2|lokr_t1)$/.test(tensor.name) ? 'tucker2' : split.role;
    if (module.tensors.has(slot)) rest.push(tensor);
    else module.tensors.set(slot, tensor);
    if (
      /\.lora_(?:down|up)\.weight$/.test(tensor.name) ||
      (/\.(?:hada|lokr)_\w+$/.test(tensor.name) && /^(?:lora|lycoris)_/.test(name))
    ) {
      module.expectsAlpha = true;
    }
  }
  return { modules: [...byName.values()], rest };
}

/** Why a module has no ΔW of its own: a broken pair, or a kind that needs the base weight. */
export type NoDelta = 'half-pair' | 'rank-mismatch' | 'needs-base' | 'not-read';

const NEEDS_BASE: readonly Role[] = [
  Role.gloraA1,
  Role.gloraA2,
  Role.gloraB,
  Role.onInput,
  Role.oft,
  Role.tlora,
  Role.replace,
  Role.norm,
];
const LOHA: readonly Role[] = [Role.hadaW1a, Role.hadaW1b, Role.hadaW2a, Role.hadaW2b];
const LOKR: readonly Role[] = [Role.lokrW1, Role.lokrW1a, Role.lokrW1b, Role.lokrW2, Role.lokrW2a, Role.lokrW2b];

/** Rank that alpha is divided by; null where alpha has no meaning (whole LoKr, whole differences). */
export function rankOfModule(module: ModuleTensors): number | null {
  const rows = (role: Role): number | undefined => module.tensors.get(role)?.shape[0];
  const lokr = rows(Role.lokrW1b) ?? rows(Role.lokrW2b);
  return rows(Role.down) ?? rows(Role.hadaW1b) ?? lokr ?? null;
}

/** Multiplications that `deltaOf` will need, roughly. */
export function workOf(module: ModuleTensors): number {
  const rank = rankOfModule(module) ?? 0;
  const size = (role: Role): number => module.tensors.get(role)?.shape.reduce((a, b) => a * b, 1) ?? 0;
  if (module.tensors.has(Role.hadaW1a)) return ((2 * size(Role.hadaW1a)) / Math.max(rank, 1)) * size(Role.hadaW1b);
  return (rank * (size(Role.up) + size(Role.down))) / 2 + 4 * rank ** 3;
}

/** ΔW before alpha (DoRA: before its magnitude). `get` gives a tensor's values, or undefined when they were not kept. */
export function deltaOf(module: ModuleTensors, get: (role: Slot) => Factor | undefined): Delta | NoDelta {
  const has = (role: Slot): boolean => module.tensors.has(role);
  const all = (roles: readonly Slot[]): boolean => roles.every((role) => !has(role) || get(role) !== undefined);
  if (NEEDS_BASE.some(has)) return 'needs-base';
  if (!all([...module.tensors.keys()].filter((role) => role !== Role.alpha))) return 'not-read';
  if (has(Role.down) || has(Role.up)) {
    const [up, down] = [get(Role.up), get(Role.down)];
    return up === undefined || down === undefined ? 'half-pair' : (loraDelta(up, down, get(Role.mid)) ?? 'rank-mismatch');
  }
  if (LOHA.some(has)) return loha(get);
  if (LOKR.some(has)) {
    const one = { whole: get(Role.lokrW1), a: get(Role.lokrW1a), b: get(Role.lokrW1b), t: get('tucker2') };
    const two = { whole: get(Role.lokrW2), a: get(Role.lokrW2a), b: get(Role.lokrW2b), t: get(Role.lokrTucker) };
    return lokrDelta(one, two) ?? 'half-pair';
  }
  const diff = get(Role.diff) ?? get(Role.diffBias);
  return diff === undefined ? 'needs-base' : wholeDelta(diff);
}

function loha(get: (role: Slot) => Factor | undefined): Delta | NoDelta {
  const [w1a, w1b, w2a, w2b] = LOHA.map((role) => get(role));
  if (w1a === undefined || w1b === undefined || w2a === undefined || w2b === undefined) return 'half-pair';
  return lohaDelta({ w1a, w1b, w2a, w2b, t1: get(Role.hadaTucker), t2: get('tucker2') }) ?? 'rank-mismatch';
}
