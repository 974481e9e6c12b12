import type { ByteSource } from '../formats/bytes';
import { Role } from '../formats/model/roles';
import type { SafetensorsHeader, TensorInfo } from '../formats/safetensors-header';
import { decodeValues, valueBytes } from './decode';
import { type Delta, pairDelta, type Way } from './delta';
import { unreachable } from './innocent';
import { isSafe, type Maths, plainMaths } from './maths';
import type { Factor, Square } from './matrix';
import { deltaOf, type NoDelta, type Slot } from './module';
import { type ModulePlan, planOf } from './plan';
import { lookAtTensor, type TensorLook, type Want } from './tensor';
import { type Suspicion, suspicionsOf, verdictOf, type WeightsVerdict } from './verdict';
import { Window } from './window';

/** Multiplications of plain loops spent on norms: about a minute. An SDXL LoRA of rank 128 needs an eighth of it with the kernels. */
const MAX_WORK = 4e10;
const MAX_DEAD_NAMES = 10_000;

export interface WeightsOptions {
  /** Bytes of tensor data to read at most; what lies beyond is left out and `partial` says so. */
  readonly maxBytes?: number;
  /** Multiplications to spend on norms at most; values are looked at all the same, and `normsCut` says that norms are left out. */
  readonly maxWork?: number;
  /** False: norms only, no singular values (`spectral` and `effectiveRank` are then null). */
  readonly spectra?: boolean;
  /** The kernels (`wasmMaths`). Left out: plain loops, some twenty times slower. */
  readonly maths?: Maths;
  /** Asked before each tensor and piece of 256 KiB: true ends the look, which is then `partial`. */
  readonly stop?: () => boolean;
}

/** One module whose ΔW could be computed. */
export interface ModuleWeights {
  readonly name: string;
  readonly rank: number | null;
  readonly alpha: number | null;
  readonly scale: number;
  /** ‖ΔW‖_F as applied at strength 1 (DoRA: before its magnitude). */
  readonly norm: number;
  /** Null where only the norm is computed (LoHa whose ΔW is very large, `spectra` false). */
  readonly spectral: number | null;
  /** Null too where only the largest singular value is computed (large whole differences, LoHa of a rank above 8). */
  readonly effectiveRank: number | null;
}

/** contract.md, `weights`; and besides whether all was looked at, and what makes it `suspicious`. */
export interface WeightsLook {
  readonly tensors: number;
  readonly nan: number;
  readonly inf: number;
  /** Modules whose ΔW is exactly 0; `deadModules` names the first 10,000. The verdict leaves out those that training cannot reach (`innocent.ts`). */
  readonly zeroModules: number;
  readonly deadModules: readonly string[];
  /** Null when no ΔW could be computed. The median is that of live modules. */
  readonly norm: { readonly total: number; readonly median: number; readonly max: number } | null;
  readonly modules: readonly ModuleWeights[];
  readonly verdict: WeightsVerdict;
  /** True when a budget, or a file that became shorter, left values or norms out. */
  readonly partial: boolean;
  /** True when the work budget left norms out (their values were looked at all the same); the verdict then rests on the rest. */
  readonly normsCut: boolean;
  readonly bytesRead: number;
  readonly suspicions: readonly Suspicion[];
}

/**
 * Looks at all values of the floating-point tensors (F16, BF16, F32, F64, F8) in bounded memory: NaN, Inf, zeros, and per
 * module ‖ΔW‖ with the loader's scale alpha/rank (no alpha: 1; lora-files.md §5.1). Alpha tensors are not counted.
 */
export function lookAtWeights(source: ByteSource, header: SafetensorsHeader, options: WeightsOptions = {}): WeightsLook {
  const look = new Look(source, header, options);
  const { modules, rest } = planOf(header, look.way);
  for (const plan of modules) if (!look.pair(plan)) look.module(plan);
  for (const tensor of rest) look.tensor(tensor, 'counts');
  return look.result(header);
}

/** Values that one module may hold at a time: 64 MiB as float32. A factor of a LoRA has at most a few million. */
const MAX_HELD = 16 * 1024 * 1024;

class Look {
  private readonly window: Window;
  private readonly dataStart: number;
  private readonly options: WeightsOptions;
  readonly way: Way;
  private readonly stop: () => boolean;
  private bytes = 0;
  private work = 0;
  private partial = false;
  private normsCut = false;
  private nan = 0;
  private inf = 0;
  private dead = 0;
  private readonly deadNames: string[] = [];
  private readonly computed: ModuleWeights[] = [];
  private readonly suspicions: Suspicion[] = [];

  constructor(source: ByteSource, header: SafetensorsHeader, options: WeightsOptions) {
    const maths = options.maths ?? plainMaths();
    this.window = new Window(source, maths.window);
    this.dataStart = header.dataStart;
    this.options = options;
    this.way = { maths, spectra: options.spectra ?? true };
    this.stop = options.stop ?? (() => false);
  }

  /** Counts one tensor. Null: its kind is not looked at, or it could not be (which makes the look partial). */
  tensor(tensor: TensorInfo, want: Want): TensorLook | null {
    const size = tensor.end - tensor.begin;
    if (valueBytes(tensor.dtype) === 0) return null;
    if (this.bytes + size > (this.options.maxBytes ?? Number.POSITIVE_INFINITY) || this.stop()) {
      this.partial = true;
      return null;
    }
    this.bytes += size;
    const found = lookAtTensor(this.window, this.way.maths, this.dataStart, tensor, want, this.stop);
    if (found === null) {
      this.partial = true;
      return null;
    }
    this.nan += found.nan;
    this.inf += found.inf;
    return found;
  }

  /**
   * A pair whose Gram matrices the kernels make straight from the bytes in the window. False, and nothing is counted, when it takes
   * more than that: values that are not finite, too large or too small, a budget that ends, rounding that is all that is left.
   */
  pair(plan: ModulePlan): boolean {
    if (!plan.pair || this.work + plan.work > (this.options.maxWork ?? MAX_WORK) || this.options.maxBytes !== undefined)
      return false;
    let bytes = 0;
    let alpha: number | null = null;
    let up: Square | null = null;
    let down: Square | null = null;
    for (const [role, tensor] of plan.ordered) {
      if (role === Role.alpha) {
        alpha = this.scalar(tensor);
        continue;
      }
      const gram = this.stop() ? null : this.gramOf(tensor, role === Role.up);
      if (gram === null) return false;
      if (role === Role.up) up = gram;
      else down = gram;
      bytes += tensor.end - tensor.begin;
    }
    const delta = up && down && pairDelta(this.way, up, down);
    if (!delta) return false;
    this.bytes += bytes;
    this.work += plan.work;
    this.told(plan, alpha, delta, true);
    return true;
  }

  /** Gram matrix of a factor's rows, or of its columns. Null: take the long way. */
  private gramOf(tensor: TensorInfo, columns: boolean): Square | null {
    const size = tensor.end - tensor.begin;
    const at = size <= this.window.capacity ? this.window.find(this.dataStart + tensor.begin, size) : -1;
    return at < 0 ? null : this.way.maths.gramOfBytes(tensor, at, columns);
  }

  module(plan: ModulePlan): void {
    const { module } = plan;
    this.way.maths.reset();
    const want = this.wanted(plan);
    const factors = new Map<Slot, Factor>();
    let alpha: number | null = null;
    let finite = true;
    let streamed: number | null = null;
    for (const [role, tensor] of plan.ordered) {
      if (role === Role.alpha) {
        alpha = this.scalar(tensor);
        continue;
      }
      const found = this.tensor(tensor, want);
      if (found === null) continue;
      if (found.nan + found.inf > 0) finite = false;
      if (want === 'squares') streamed = Math.sqrt(found.squares);
      if (found.values !== null) factors.set(role, shaped(tensor.shape, inRange(found, found.values)));
    }
    const only = { spectral: null, effectiveRank: null };
    const delta = streamed === null ? deltaOf(module, this.way, (role) => factors.get(role)) : { norm: streamed, ...only };
    this.told(plan, alpha, delta, finite);
  }

  private told({ module, rank }: ModulePlan, alpha: number | null, delta: Delta | NoDelta, finite: boolean): void {
    this.suspicions.push(...suspicionsOf(module, rank, alpha, typeof delta === 'string' ? delta : null));
    if (typeof delta !== 'string' && finite) this.measured(module.name, rank, alpha, delta);
  }

  /** What is wanted of a module's tensors, within the budgets for time and memory. */
  private wanted({ module, held, work }: ModulePlan): Want {
    if (held > MAX_HELD) {
      if (module.tensors.size === 1 && module.tensors.has(Role.diff)) return 'squares';
      this.normsCut = true;
      return 'counts';
    }
    if (this.work + work > (this.options.maxWork ?? MAX_WORK)) {
      this.normsCut = true;
      return 'counts';
    }
    this.work += work;
    return 'values';
  }

  private measured(name: string, rank: number | null, alpha: number | null, delta: Delta): void {
    const scale = alpha === null || rank === null || rank === 0 ? 1 : alpha / rank;
    if (!Number.isFinite(scale)) return;
    const norm = delta.norm * Math.abs(scale);
    if (norm === 0) this.died(name);
    const spectral = delta.spectral === null ? null : delta.spectral * Math.abs(scale);
    this.computed.push({ name, rank, alpha, scale, norm, spectral, effectiveRank: norm === 0 ? null : delta.effectiveRank });
  }

  private died(name: string): void {
    this.dead++;
    if (this.deadNames.length < MAX_DEAD_NAMES) this.deadNames.push(name);
  }

  /** Alpha: shape [] or [1], through its dtype. */
  private scalar(tensor: TensorInfo): number | null {
    const width = valueBytes(tensor.dtype);
    if (width === 0 || tensor.end - tensor.begin < width) return null;
    const bytes = this.window.bytes(this.dataStart + tensor.begin, width);
    if (bytes === null) return null;
    const out = new Float64Array(1);
    decodeValues(tensor.dtype, bytes, out);
    return out[0] ?? null;
  }

  result(header: SafetensorsHeader): WeightsLook {
    const norms = this.computed.map((module) => module.norm);
    const live = norms.filter((norm) => norm > 0).sort((a, b) => a - b);
    const median = live.length === 0 ? 0 : ((live[(live.length - 1) >> 1] ?? 0) + (live[live.length >> 1] ?? 0)) / 2;
    const norm = norms.length === 0 ? null : { total: Math.hypot(...norms), median, max: Math.max(...norms) };
    const names = this.computed.map((module) => module.name);
    const silent = new Set(this.computed.filter((module) => module.norm === 0).map((module) => module.name));
    const innocent = silent.size === 0 ? 0 : unreachable(names, silent);
    const counts = { nan: this.nan, inf: this.inf, dead: this.dead - innocent };
    return {
      tensors: header.tensors.length,
      nan: this.nan,
      inf: this.inf,
      zeroModules: this.dead,
      deadModules: this.deadNames,
      norm,
      modules: this.computed,
      ...verdictOf(counts, this.computed, median, this.suspicions),
      partial: this.partial,
      normsCut: this.normsCut,
      bytesRead: this.bytes,
    };
  }
}

/** Very large and very small values are taken out of the kernels' memory: the reference sums them in float64. */
function inRange({ most }: TensorLook, values: Float32Array): Float32Array {
  return isSafe(most) ? values : values.slice();
}

function shaped(shape: readonly number[], values: Float32Array): Factor {
  const rows = shape[0] ?? 1;
  return { rows, columns: rows === 0 ? 0 : values.length / rows, values, shape };
}
