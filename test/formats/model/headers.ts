import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SafetensorsHeader, TensorInfo } from '../../../src/formats/safetensors-header';

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** A header of test/fixtures/headers. */
export function fixture(name: string): SafetensorsHeader {
  const bytes = gunzipSync(readFileSync(new URL(`../../fixtures/headers/${name}.json.gz`, import.meta.url)));
  const object = JSON.parse(bytes.toString('utf8')) as Record<string, Entry> & { __metadata__?: Record<string, string> };
  const { __metadata__: metadata = {}, ...entries } = object;
  const tensors = Object.entries(entries).map(
    ([tensor, entry]): TensorInfo => ({
      name: tensor,
      dtype: entry.dtype,
      shape: entry.shape,
      begin: entry.data_offsets[0],
      end: entry.data_offsets[1],
    }),
  );
  return { tensors, metadata: new Map(Object.entries(metadata)), dataStart: 8 };
}

/** A header made of names and shapes, all fp16. */
export function headerOf(shapes: Record<string, number[]>, metadata: Record<string, string> = {}): SafetensorsHeader {
  let at = 0;
  const tensors = Object.entries(shapes).map(([name, shape]): TensorInfo => {
    const size = 2 * shape.reduce((product, length) => product * length, 1);
    at += size;
    return { name, dtype: 'F16', shape, begin: at - size, end: at };
  });
  return { tensors, metadata: new Map(Object.entries(metadata)), dataStart: 8 };
}

/** The same header without metadata. */
export const stripped = (header: SafetensorsHeader): SafetensorsHeader => ({ ...header, metadata: new Map() });
