import type { ByteSource } from '../bytes';
import type { SafetensorsHeader, TensorInfo } from '../safetensors-header';
import type { LoraModule } from './modules';

/** The stored alphas. Infinity is legal in whole LoKr files, where alpha means nothing (corpus/lora/README.md, trap 1). */
export interface AlphaSummary {
  readonly min: number;
  readonly max: number;
  readonly typical: number;
  /** Alphas that were read. */
  readonly stored: number;
}

/** Files in which alphas lie within this many bytes are read in one piece. */
const ONE_READ = 64 * 1024;

/** Reads the alpha of each module that stores one, through its own number format. Values that cannot be read are left out. */
export function alphaValues(
  stored: readonly LoraModule[],
  header: SafetensorsHeader,
  bytes: ByteSource,
  sample?: number,
): Map<LoraModule, number> {
  const owners = spread(stored, sample);
  const out = new Map<LoraModule, number>();
  let from = Infinity;
  let to = 0;
  for (const { alpha } of owners) {
    if (!alpha) continue;
    from = Math.min(from, alpha.begin);
    to = Math.max(to, alpha.end);
  }
  const whole = to - from <= ONE_READ && to > from ? bytes.read(header.dataStart + from, to - from) : null;
  for (const owner of owners) {
    const tensor = owner.alpha;
    if (!tensor) continue;
    const data = whole
      ? whole.subarray(tensor.begin - from, tensor.end - from)
      : bytes.read(header.dataStart + tensor.begin, tensor.end - tensor.begin);
    const value = scalarOf(tensor, data);
    if (value !== null) out.set(owner, value);
  }
  return out;
}

/** At most `count` of a list, evenly spread, first and last among them. */
function spread<T>(list: readonly T[], count: number | undefined): readonly T[] {
  if (count === undefined || list.length <= count) return list;
  const step = (list.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => list[Math.round(i * step)]).filter((one) => one !== undefined);
}

export function summarise(values: Iterable<number>): AlphaSummary | null {
  const counts = new Map<number, number>();
  let stored = 0;
  for (const value of values) {
    stored++;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (stored === 0) return null;
  const finite = [...counts.keys()].filter((value) => !Number.isNaN(value));
  return { min: Math.min(...finite), max: Math.max(...finite), typical: mostFrequent(counts), stored };
}

export function mostFrequent(counts: ReadonlyMap<number, number>): number {
  let best = Number.NaN;
  let most = 0;
  for (const [value, count] of counts) {
    if (count > most) {
      most = count;
      best = value;
    }
  }
  return best;
}

/** A one-element tensor as a number; null for other shapes or formats, or when the file ends early. */
function scalarOf(tensor: TensorInfo, data: Uint8Array): number | null {
  if (tensor.shape.some((size) => size !== 1) || data.length < tensor.end - tensor.begin) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  switch (tensor.dtype) {
    case 'F16':
      return data.length >= 2 ? halfToNumber(view.getUint16(0, true)) : null;
    case 'BF16':
      return data.length >= 2 ? bfloatToNumber(view.getUint16(0, true)) : null;
    case 'F32':
      return data.length >= 4 ? view.getFloat32(0, true) : null;
    case 'F64':
      return data.length >= 8 ? view.getFloat64(0, true) : null;
    case 'I64':
      return data.length >= 8 ? Number(view.getBigInt64(0, true)) : null;
    case 'I32':
      return data.length >= 4 ? view.getInt32(0, true) : null;
    default:
      return null;
  }
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function bfloatToNumber(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
