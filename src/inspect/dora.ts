import type { ByteSource } from '../formats/bytes';
import { groupModules as namesOf } from '../formats/model/modules';
import { Role } from '../formats/model/roles';
import type { SafetensorsHeader, TensorInfo } from '../formats/safetensors-header';
import { decodeValues, valueBytes } from '../weights/decode';
import { groupModules, type ModuleTensors, rankOfModule } from '../weights/module';
import { BaseWeights } from './base-weights';

/** A file with its header. */
export interface Model {
  readonly bytes: ByteSource;
  readonly header: SafetensorsHeader;
}

export interface DoraNorm {
  readonly name: string;
  /** ‖W' − W‖ as applied at strength 1, magnitude and all. */
  readonly norm: number;
  /** The same in parts of ‖W‖. */
  readonly relative: number;
}

export interface DoraNorms {
  /** DoRA modules in the file. */
  readonly modules: number;
  readonly computed: readonly DoraNorm[];
  /** Median of `relative`; null when nothing was computed. */
  readonly median: number | null;
}

/** Multiplications spent at most, some seconds: the median of the modules that fit is enough. */
const MAX_WORK = 2e9;

/**
 * How far a DoRA really moves the weights of this checkpoint: W' = m · (W + s·ΔW) / ‖W + s·ΔW‖, per output line where the magnitude has
 * one entry an output, else per input (lora-files.md §5.2). Null when the file is no DoRA. Modules of other kinds, fused weights and
 * what lies beyond the budget are left out.
 */
export function doraNorms(lora: Model, base: Model, stop: () => boolean = () => false, maxWork = MAX_WORK): DoraNorms | null {
  const found = groupModules(lora.header).modules.filter(magnitudeOf);
  if (found.length === 0) return null;
  const weights = new BaseWeights(base.header);
  const named = new Map(namesOf(lora.header).modules.map((module) => [module.name, module]));
  const computed: DoraNorm[] = [];
  let work = 0;
  for (const module of found) {
    const name = named.get(module.name);
    const weight = name ? weights.find(name) : null;
    if (stop()) break;
    if (!weight || weight.shape !== weight.tensor.shape) continue;
    const cost = weight.shape.reduce((a, b) => a * b, 1) * ((rankOfModule(module) ?? 0) + 4);
    if (work + cost > maxWork) continue;
    work += cost;
    const moved = movedBy(module, lora, weight.tensor, base);
    if (moved) computed.push({ name: module.name, ...moved });
  }
  const sorted = computed.map(({ relative }) => relative).sort((a, b) => a - b);
  return { modules: found.length, computed, median: sorted[sorted.length >> 1] ?? null };
}

const magnitudeOf = (module: ModuleTensors): TensorInfo | undefined =>
  module.tensors.get(Role.doraScale) ?? module.tensors.get(Role.magnitude);

function movedBy(module: ModuleTensors, lora: Model, weight: TensorInfo, base: Model): Omit<DoraNorm, 'name'> | null {
  const { tensors } = module;
  const [up, down, size] = [tensors.get(Role.up), tensors.get(Role.down), magnitudeOf(module)];
  if (!up || !down || !size || tensors.has(Role.mid)) return null;
  const rank = down.shape[0] ?? 0;
  const rows = weight.shape[0] ?? 0;
  const columns = weight.shape.slice(1).reduce((a, b) => a * b, 1);
  const [b, a, m, w] = [valuesOf(lora, up), valuesOf(lora, down), valuesOf(lora, size), valuesOf(base, weight)];
  if (!b || !a || !m || !w || b.length !== rows * rank || a.length !== rank * columns) return null;
  const stored = tensors.get(Role.alpha);
  const alpha = stored ? valuesOf(lora, stored)?.[0] : rank;
  if (alpha === undefined || rank === 0) return null;
  const moved = sum(w, b, a, { rows, rank, columns, scale: alpha / rank });
  const perOutput = m.length === rows && (size.shape.length === 1 || size.shape[0] === rows);
  const inputs = weight.shape[1] ?? 1;
  if (!perOutput && m.length !== inputs) return null;
  const kernel = columns / inputs;
  const line = perOutput
    ? (i: number): number => Math.floor(i / columns)
    : (i: number): number => Math.floor((i % columns) / kernel);
  const norms = new Float64Array(m.length);
  for (let i = 0; i < moved.length; i++) norms[line(i)] = (norms[line(i)] ?? 0) + (moved[i] ?? 0) ** 2;
  let [change, own] = [0, 0];
  for (let i = 0; i < moved.length; i++) {
    const at = line(i);
    const value = ((moved[i] ?? 0) * (m[at] ?? 0)) / (Math.sqrt(norms[at] ?? 0) || 1);
    change += (value - (w[i] ?? 0)) ** 2;
    own += (w[i] ?? 0) ** 2;
  }
  const norm = Math.sqrt(change);
  return Number.isFinite(norm) && own > 0 ? { norm, relative: norm / Math.sqrt(own) } : null;
}

/** W + s·B·A, row by row. */
function sum(
  w: Float32Array,
  b: Float32Array,
  a: Float32Array,
  { rows, rank, columns, scale }: { rows: number; rank: number; columns: number; scale: number },
): Float32Array {
  const out = Float32Array.from(w);
  for (let row = 0; row < rows; row++) {
    const line = out.subarray(row * columns, (row + 1) * columns);
    for (let r = 0; r < rank; r++) {
      const factor = (b[row * rank + r] ?? 0) * scale;
      if (factor === 0) continue;
      const other = a.subarray(r * columns, (r + 1) * columns);
      for (let i = 0; i < columns; i++) line[i] = (line[i] ?? 0) + factor * (other[i] ?? 0);
    }
  }
  return out;
}

function valuesOf({ bytes, header }: Model, tensor: TensorInfo): Float32Array | null {
  const width = valueBytes(tensor.dtype);
  const size = tensor.end - tensor.begin;
  if (width === 0) return null;
  const data = bytes.read(header.dataStart + tensor.begin, size);
  if (data.length < size) return null;
  const out = new Float32Array(size / width);
  decodeValues(tensor.dtype, data, out);
  return out;
}
