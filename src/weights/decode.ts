/** Number formats of weights → float64-safe numbers (lora-files.md §5.5). Little-endian, as safetensors stores them. */
type Decode = (bytes: Uint8Array, out: Float32Array | Float64Array) => void;

/** A small float: sign, `exponentBits`, `mantissaBits`. `finite`: no infinity; all ones is NaN (e4m3fn). */
function smallFloat(code: number, exponentBits: number, mantissaBits: number, finite: boolean): number {
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = code >> (exponentBits + mantissaBits) ? -1 : 1;
  const exponent = (code >> mantissaBits) & (2 ** exponentBits - 1);
  const mantissa = code & (2 ** mantissaBits - 1);
  const top = exponent === 2 ** exponentBits - 1;
  if (top && finite && mantissa === 2 ** mantissaBits - 1) return Number.NaN;
  if (top && !finite) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const fraction = mantissa / 2 ** mantissaBits;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

function tableOf(size: number, value: (code: number) => number): () => Float32Array {
  let table: Float32Array | null = null;
  return () => {
    table ??= Float32Array.from({ length: size }, (_, code) => value(code));
    return table;
  };
}

const F16 = tableOf(65_536, (code) => smallFloat(code, 5, 10, false));

function byTable16(table: () => Float32Array): Decode {
  return (bytes, out) => {
    const values = table();
    for (let i = 0, p = 0; i < out.length; i++, p += 2) out[i] = values[(bytes[p] ?? 0) | ((bytes[p + 1] ?? 0) << 8)] ?? 0;
  };
}

function byTable8(value: (code: number) => number): Decode {
  const table = tableOf(256, value);
  return (bytes, out) => {
    const values = table();
    for (let i = 0; i < out.length; i++) out[i] = values[bytes[i] ?? 0] ?? 0;
  };
}

/** FNUZ kinds: bias one higher, 0x80 is the only NaN, no infinity and no −0. */
function fnuz(code: number, exponentBits: number, mantissaBits: number): number {
  if (code === 0x80) return Number.NaN;
  const exponent = (code >> mantissaBits) & (2 ** exponentBits - 1);
  const fraction = (code & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  const bias = 2 ** (exponentBits - 1);
  return (code & 0x80 ? -1 : 1) * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

const DECODERS: ReadonlyMap<string, { readonly bytes: number; readonly decode: Decode }> = new Map([
  ['F16', { bytes: 2, decode: byTable16(F16) }],
  ['BF16', { bytes: 2, decode: bf16 }],
  ['F32', { bytes: 4, decode: f32 }],
  ['F64', { bytes: 8, decode: f64 }],
  ['F8_E4M3', { bytes: 1, decode: byTable8((code) => smallFloat(code, 4, 3, true)) }],
  ['F8_E5M2', { bytes: 1, decode: byTable8((code) => smallFloat(code, 5, 2, false)) }],
  ['F8_E4M3FNUZ', { bytes: 1, decode: byTable8((code) => fnuz(code, 4, 3)) }],
  ['F8_E5M2FNUZ', { bytes: 1, decode: byTable8((code) => fnuz(code, 5, 2)) }],
]);

/** Bytes per value of a floating-point dtype, or 0 for one whose values are not looked at (integers, packed kinds). */
export function valueBytes(dtype: string): number {
  return DECODERS.get(dtype)?.bytes ?? 0;
}

/** Decodes as many values as `out` holds. F64 needs a Float64Array to stay exact. */
export function decodeValues(dtype: string, bytes: Uint8Array, out: Float32Array | Float64Array): void {
  DECODERS.get(dtype)?.decode(bytes, out);
}

function bf16(bytes: Uint8Array, out: Float32Array | Float64Array): void {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let i = 0, p = 0; i < out.length; i++, p += 2) {
    bits[0] = ((bytes[p] ?? 0) << 16) | ((bytes[p + 1] ?? 0) << 24);
    out[i] = value[0] ?? 0;
  }
}

function f32(bytes: Uint8Array, out: Float32Array | Float64Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(4 * i, true);
}

function f64(bytes: Uint8Array, out: Float32Array | Float64Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat64(8 * i, true);
}
