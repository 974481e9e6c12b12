import { bytesOf } from '../../src/formats/bytes';
import { readSafetensors, type SafetensorsResult } from '../../src/formats/safetensors';

/** A safetensors file from header text and data; `length` puts another number into the length field. */
export function file(header: string | Uint8Array, data = 0, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const out = new Uint8Array(8 + text.length + data);
  new DataView(out.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  out.set(text, 8);
  return out;
}

/** One tensor entry. */
export function entry(name: string, dtype = 'F32', shape = '[2]', offsets = '[0,8]', more = ''): string {
  return `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}${more}}`;
}

export function read(bytes: Uint8Array): SafetensorsResult {
  return readSafetensors(bytesOf(bytes));
}

/** `ok`, or the error's code. */
export function verdict(bytes: Uint8Array): string {
  const result = read(bytes);
  return result.ok ? 'ok' : result.error.code;
}

/** The codes of the notes of an accepted file. */
export function noteCodes(bytes: Uint8Array): string[] {
  const result = read(bytes);
  return result.ok ? result.notes.map((note) => note.code) : [result.error.code];
}
