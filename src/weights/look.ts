import type { ByteSource } from '../formats/bytes';
import { Role } from '../formats/model/roles';
import type { SafetensorsHeader, TensorInfo } from '../formats/safetensors-header';
import { decodeValues, valueBytes } from './decode';
import type { Factor } from './delta';
import { deltaOf, groupModules, type ModuleTensors, rankOfModule, type Slot, workOf } from './module';
import { lookAtTensor } from './tensor';
import { type Suspicion, suspicionsOf, verdictOf, type WeightsVerdict } from './verdict';

/** Multiplications spent on norms: about a minute. An SDXL LoRA of rank 128 needs three quarters of it. */
const MAX_WORK = 4e10;
const MAX_DEAD_NAMES = 10_000;

export interface WeightsOptions {
  /** Bytes of tensor data to read at most; what lies beyond is left out and `partial` says so. */
  readonly maxBytes?: number;
  /** Multiplications to spend on norms at most; values are looked at all the same, and `normsCut` says that norms are left out. */
  readonly maxWork?: number;
  /** Asked before each module: true ends the look, which is then `partial`. */
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
  /** Null where only the norm is computed (LoHa, LoKr, whole differences). */
  readonly spectral: number | null;
  readonly effectiveRank: number | null;
}

/** contract.md, `weights`; and besides whether all was looked at, and what makes it `suspicious`. */
export interface WeightsLook {
  readonly tensors: number;
  readonly nan: number;
  readonly inf: number;
  /** Modules whose ΔW is exactly 0; `deadModules` names the first 10,000. */
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
  const { modules, rest } = groupModules(header);
  for (const module of modules) look.module(module);
  for (const tensor of rest) look.tensor(tensor, false);
  return look.result(header);
}

class Look {
  private readonly source: ByteSource;
  private readonly dataStart: number;
  private readonly options: WeightsOptions;
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
    this.source = source;
    this.dataStart = header.dataStart;
    this.options = options;
  }

  /** Counts one tensor; its values when `hold` and they are finite and not too many. */
  tensor(
    tensor: TensorInfo,
    hold: boolean,
  ): { readonly factor: Factor | null; readonly zero: boolean; readonly finite: boolean } | null {
    const size = tensor.end - tensor.begin;
    if (valueBytes(tensor.dtype) === 0) return null;
    if (this.bytes + size > (this.options.maxBytes ?? Number.POSITIVE_INFINITY) || this.options.stop?.() === true) {
      this.partial = true;
      return null;
    }
    this.bytes += size;
    const found = lookAtTensor(this.source, this.dataStart, tensor, hold);
    if (found === null) {
      this.partial = true;
      return null;
    }
    this.nan += found.look.nan;
    this.inf += found.look.inf;
    const factor = found.matrix === null ? null : { ...found.matrix, shape: tensor.shape };
    return { factor, zero: found.look.zero, finite: found.look.nan + found.look.inf === 0 };
  }

  module(module: ModuleTensors): void {
    const alphaTensor = module.tensors.get(Role.alpha);
    const alpha = alphaTensor === undefined ? null : this.scalar(alphaTensor);
    const rank = rankOfModule(module);
    const affordable = this.work + workOf(module) <= (this.options.maxWork ?? MAX_WORK);
    if (affordable) this.work += workOf(module);
    else this.normsCut = true;
    const factors = new Map<Slot, Factor>();
    let finite = true;
    for (const [role, tensor] of module.tensors) {
      if (role === Role.alpha) continue;
      const found = this.tensor(tensor, affordable);
      if (found?.factor) factors.set(role, found.factor);
      if (found?.finite === false) finite = false;
    }
    const delta = deltaOf(module, (role) => factors.get(role));
    const computable = typeof delta !== 'string';
    this.suspicions.push(...suspicionsOf(module, rank, alpha, typeof delta === 'string' ? delta : null));
    const scale = alpha === null || rank === null || rank === 0 ? 1 : alpha / rank;
    if (!computable || !finite || !Number.isFinite(scale)) return;
    const norm = delta.norm * Math.abs(scale);
    if (norm === 0) this.died(module.name);
    const spectral = delta.spectral === null ? null : delta.spectral * Math.abs(scale);
    this.computed.push({
      name: module.name,
      rank,
      alpha,
      scale,
      norm,
      spectral,
      effectiveRank: norm === 0 ? null : delta.effectiveRank,
    });
  }

  private died(name: string): void {
    this.dead++;
    if (this.deadNames.length < MAX_DEAD_NAMES) this.deadNames.push(name);
  }

  /** Alpha: shape [] or [1], through its dtype. */
  private scalar(tensor: TensorInfo): number | null {
    const width = valueBytes(tensor.dtype);
    if (width === 0 || tensor.end - tensor.begin < width) return null;
    const bytes = this.source.read(this.dataStart + tensor.begin, width);
    if (bytes.length < width) return null;
    const out = new Float64Array(1);
    decodeValues(tensor.dtype, bytes, out);
    return out[0] ?? null;
  }

  result(header: SafetensorsHeader): WeightsLook {
    const norms = this.computed.map((module) => module.norm);
    const live = norms.filter((norm) => norm > 0).sort((a, b) => a - b);
    const median = live.length === 0 ? 0 : ((live[(live.length - 1) >> 1] ?? 0) + (live[live.length >> 1] ?? 0)) / 2;
    const norm = norms.length === 0 ? null : { total: Math.hypot(...norms), median, max: Math.max(...norms) };
    const counts = { nan: this.nan, inf: this.inf, dead: this.dead };
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
