import { type KeySplit, Role, splitKey } from '../formats/model/roles';
import type { SafetensorsHeader, TensorInfo } from '../formats/safetensors-header';
import { type Delta, KHATRI_RAO_LIMIT, lohaDelta, lokrDelta, loraDelta, type Way, wholeDelta } from './delta';
import { LANCZOS_WORK } from './lanczos';
import type { Factor } from './matrix';

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
  let last: ModuleTensors | null = null;
  for (const tensor of header.tensors) {
    if (!splitKey(tensor.name, split) || split.role === Role.plain) {
      rest.push(tensor);
      continue;
    }
    // The tensors of a module mostly follow one another.
    if (last === null || last.name.length !== split.end || !tensor.name.startsWith(last.name)) {
      const name = tensor.name.slice(0, split.end);
      last = byName.get(name) ?? { name, tensors: new Map(), expectsAlpha: false };
      byName.set(name, last);
    }
    const slot = slotOf(split.role, tensor.name);
    if (last.tensors.has(slot)) rest.push(tensor);
    else last.tensors.set(slot, tensor);
    last.expectsAlpha ||= expectsAlpha(split.role, tensor.name);
  }
  return { modules: [...byName.values()], rest };
}

function slotOf(role: Role, name: string): Slot {
  const tucker = role === Role.hadaTucker || role === Role.lokrTucker;
  return tucker && (name.endsWith('.hada_t2') || name.endsWith('.lokr_t1')) ? 'tucker2' : role;
}

function expectsAlpha(role: Role, name: string): boolean {
  if (role === Role.down || role === Role.up) return name.endsWith('.lora_down.weight') || name.endsWith('.lora_up.weight');
  return (LOHA.includes(role) || LOKR.includes(role)) && (name.startsWith('lora_') || name.startsWith('lycoris_'));
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

/** Time that `deltaOf` will take, roughly, in multiplications of plain loops. */
export function workOf(module: ModuleTensors, { maths, spectra }: Way): number {
  const rank = rankOfModule(module) ?? 0;
  const size = (role: Role): number => module.tensors.get(role)?.shape.reduce((a, b) => a * b, 1) ?? 0;
  if (module.tensors.has(Role.hadaW1a)) {
    const rows = size(Role.hadaW1a) / Math.max(rank, 1);
    const built = spectra && rank * rank > KHATRI_RAO_LIMIT ? (LANCZOS_WORK * rows * size(Role.hadaW1b)) / rank : 0;
    return 2 * rows * size(Role.hadaW1b) + built / maths.speed;
  }
  const whole = size(Role.diff) + size(Role.lokrW1) + size(Role.lokrW2);
  const gram = (rank * (size(Role.up) + size(Role.down))) / 2 + (spectra ? LANCZOS_WORK * whole : 0);
  return gram / maths.speed + (spectra ? 3 * rank ** 3 : 0);
}

/** ΔW before alpha (DoRA: before its magnitude). `get` gives a tensor's values, or undefined when they were not kept. */
export function deltaOf(module: ModuleTensors, way: Way, get: (role: Slot) => Factor | undefined): Delta | NoDelta {
  const has = (role: Slot): boolean => module.tensors.has(role);
  const all = (roles: readonly Slot[]): boolean => roles.every((role) => !has(role) || get(role) !== undefined);
  if (NEEDS_BASE.some(has)) return 'needs-base';
  if (!all([...module.tensors.keys()].filter((role) => role !== Role.alpha))) return 'not-read';
  if (has(Role.down) || has(Role.up)) {
    const [up, down] = [get(Role.up), get(Role.down)];
    return up === undefined || down === undefined ? 'half-pair' : (loraDelta(way, up, down, get(Role.mid)) ?? 'rank-mismatch');
  }
  if (LOHA.some(has)) return loha(way, get);
  if (LOKR.some(has)) {
    const one = { whole: get(Role.lokrW1), a: get(Role.lokrW1a), b: get(Role.lokrW1b), t: get('tucker2') };
    const two = { whole: get(Role.lokrW2), a: get(Role.lokrW2a), b: get(Role.lokrW2b), t: get(Role.lokrTucker) };
    return lokrDelta(way, one, two) ?? 'half-pair';
  }
  const diff = get(Role.diff) ?? get(Role.diffBias);
  return diff === undefined ? 'needs-base' : wholeDelta(way, diff);
}

function loha(way: Way, get: (role: Slot) => Factor | undefined): Delta | NoDelta {
  const [w1a, w1b, w2a, w2b] = LOHA.map((role) => get(role));
  if (w1a === undefined || w1b === undefined || w2a === undefined || w2b === undefined) return 'half-pair';
  return lohaDelta(way, { w1a, w1b, w2a, w2b, t1: get(Role.hadaTucker), t2: get('tucker2') }) ?? 'rank-mismatch';
}
