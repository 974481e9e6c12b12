import { Role } from '../formats/model/roles';
import type { SafetensorsHeader, TensorInfo } from '../formats/safetensors-header';
import { valueBytes } from './decode';
import type { Way } from './delta';
import { groupModules, type ModuleTensors, rankOfModule, type Slot, workOf } from './module';

/** What looking at a module takes. */
export interface ModulePlan {
  readonly module: ModuleTensors;
  readonly rank: number | null;
  /** Multiplications of plain loops. */
  readonly work: number;
  /** Values of its tensors. */
  readonly held: number;
  /** Tensors in the order in which they lie in the file, which is read ahead. */
  readonly ordered: readonly (readonly [Slot, TensorInfo])[];
  /** A pair of matrices and no more than an alpha beside: nearly all modules are that. */
  readonly pair: boolean;
}

export interface Plan {
  readonly modules: readonly ModulePlan[];
  readonly rest: readonly TensorInfo[];
}

/** By the very list of tensors, and by what the work depends on. */
const KNOWN = new WeakMap<SafetensorsHeader['tensors'], Map<string, Plan>>();

/** The plan of a header; of one that shares its tensors with other files (`TableMemo`) it is made once. */
export function planOf(header: SafetensorsHeader, way: Way): Plan {
  if (!header.shared) return makePlan(header, way);
  const known = KNOWN.get(header.tensors) ?? new Map<string, Plan>();
  KNOWN.set(header.tensors, known);
  const key = `${way.maths.speed} ${way.spectra}`;
  const plan = known.get(key) ?? makePlan(header, way);
  known.set(key, plan);
  return plan;
}

function makePlan(header: SafetensorsHeader, way: Way): Plan {
  const { modules, rest } = groupModules(header);
  return { modules: modules.map((module) => planModule(module, way)), rest };
}

function planModule(module: ModuleTensors, way: Way): ModulePlan {
  const ordered = [...module.tensors].sort(([, a], [, b]) => a.begin - b.begin);
  const held = ordered.reduce((sum, [, tensor]) => sum + valuesOf(tensor), 0);
  return { module, rank: rankOfModule(module), work: workOf(module, way), held, ordered, pair: isPair(module.tensors) };
}

function isPair(tensors: ModuleTensors['tensors']): boolean {
  const [down, up] = [tensors.get(Role.down), tensors.get(Role.up)];
  if (!down || !up || tensors.size > (tensors.has(Role.alpha) ? 3 : 2)) return false;
  const [rank = 0] = down.shape;
  return rank > 0 && up.shape.slice(1).reduce((a, b) => a * b, 1) === rank;
}

function valuesOf(tensor: TensorInfo): number {
  const width = valueBytes(tensor.dtype);
  return width === 0 ? 0 : (tensor.end - tensor.begin) / width;
}
