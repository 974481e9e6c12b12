/** One tensor to write: name, shape, and how its values are made. */
export interface TensorPlan {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'F16' | 'I64';
}

const BYTES = { F16: 2, I64: 8 } as const;

export const sizeOf = ({ shape, dtype }: TensorPlan): number =>
  shape.reduce((product, length) => product * length, 1) * BYTES[dtype];

/** The header of a safetensors file (8 bytes of length, then JSON padded to 8): lora-files.md §3.1. Tensors lie in their order. */
export function safetensorsHeader(tensors: readonly TensorPlan[], metadata: Readonly<Record<string, string>>): Buffer {
  const entries: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let at = 0;
  for (const tensor of tensors) {
    const end = at + sizeOf(tensor);
    entries[tensor.name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [at, end] };
    at = end;
  }
  const text = Buffer.from(JSON.stringify(entries));
  const json = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json]);
}

/** A small deterministic source of numbers in [-1, 1): the demo is the same every time. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x80000000 - 1;
  };
}

/** A value of ordinary size (|x| from 2^-14 to 65504, or 0) as the 16 bits of a half. */
export function half(value: number): number {
  const size = Math.abs(value);
  if (size < 2 ** -14) return 0;
  const exponent = Math.floor(Math.log2(size));
  // A fraction that rounds up to 1024 carries into the exponent, as it must.
  const fraction = Math.round((size / 2 ** exponent - 1) * 1024);
  return (value < 0 ? 0x8000 : 0) | (((exponent + 15) << 10) + fraction);
}
