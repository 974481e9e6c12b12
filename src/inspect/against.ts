import { identify } from '../formats/model/identify';
import { groupModules, type LoraModule } from '../formats/model/modules';
import { Role } from '../formats/model/roles';
import type { SafetensorsHeader } from '../formats/safetensors-header';
import { BaseWeights } from './base-weights';

type Shape = readonly number[];

export interface ShapeTrouble {
  readonly module: string;
  /** Rows and columns that the LoRA's product has. */
  readonly lora: readonly [number | null, number | null];
  /** Rows and columns of the weight; null when there is none of this name. */
  readonly base: readonly [number, number] | null;
}

export interface AgainstCheckpoint {
  readonly loads: 'all' | 'part' | 'none';
  /** Families that the tensors of both allow. When none is common, shapes fit by chance only. */
  readonly families: { readonly lora: readonly string[]; readonly checkpoint: readonly string[] };
  readonly modules: number;
  readonly fitting: number;
  /** Modules whose weight is there in another shape, and those without a weight: at most 20 each. */
  readonly mismatched: readonly ShapeTrouble[];
  readonly missing: readonly ShapeTrouble[];
  readonly mismatchedCount: number;
  readonly missingCount: number;
  /** Modules whose missing weights are explained: a checkpoint without the text encoder that the LoRA also trains. */
  readonly withoutEncoder: number;
}

const LISTED = 20;

/** Lays each module of a LoRA against the weight of that name in a checkpoint: shapes and names, no values. */
export function againstCheckpoint(lora: SafetensorsHeader, checkpoint: SafetensorsHeader): AgainstCheckpoint {
  const base = new BaseWeights(checkpoint);
  const modules = groupModules(lora).modules.filter(({ roles }) => (roles & ~NO_MODULE) !== 0);
  const families = { lora: candidatesOf(lora), checkpoint: candidatesOf(checkpoint) };
  const mismatched: ShapeTrouble[] = [];
  const missing: ShapeTrouble[] = [];
  let [fitting, withoutEncoder] = [0, 0];
  let [mismatchedCount, missingCount] = [0, 0];
  for (const module of modules) {
    const own: ShapeTrouble['lora'] = [module.height(), module.width()];
    const shape = base.find(module)?.shape ?? null;
    if (shape === null) {
      if (module.part.startsWith('te') && !base.hasEncoders) withoutEncoder++;
      else {
        missingCount++;
        if (missing.length < LISTED) missing.push({ module: module.name.slice(0, 200), lora: own, base: null });
      }
      continue;
    }
    const flat = flatten(shape);
    const columns = own[1] === null || own[1] === flat[1] || own[1] === shape[1];
    if ((own[0] === null || own[0] === flat[0] || isBlocked(module, flat[0])) && columns) fitting++;
    else {
      mismatchedCount++;
      if (mismatched.length < LISTED) mismatched.push({ module: module.name.slice(0, 200), lora: own, base: flat });
    }
  }
  const loads = fitting === 0 ? 'none' : mismatchedCount + missingCount === 0 ? 'all' : 'part';
  return {
    loads,
    families,
    modules: modules.length,
    fitting,
    mismatched,
    missing,
    mismatchedCount,
    missingCount,
    withoutEncoder,
  };
}

/** Tensors that replace a parameter outright are no modules. */
const NO_MODULE = (1 << Role.plain) | (1 << Role.replace);

function candidatesOf(header: SafetensorsHeader): readonly string[] {
  const { id, candidates } = identify(header).family;
  return candidates.length > 0 ? candidates : [id];
}

/** kohya's OFT turns each part of a fused weight by itself. */
function isBlocked(module: LoraModule, rows: number): boolean {
  const own = module.height() ?? 0;
  return module.has(Role.oft) && own > 0 && rows % own === 0;
}

/** Rows, and columns with the kernel. */
function flatten(shape: Shape): [number, number] {
  return [shape[0] ?? 1, shape.slice(1).reduce((a, b) => a * b, 1)];
}
