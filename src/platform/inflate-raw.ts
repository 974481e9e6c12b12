import { inflateRawSync } from 'node:zlib';
import type { InflateRaw } from '../formats/pickle/zip';

/** `InflateRaw` over node:zlib: never more than `limit` bytes in memory. */
export const nodeInflateRaw: InflateRaw = (bytes, limit) => {
  try {
    return inflateRawSync(bytes, { maxOutputLength: limit });
  } catch {
    return null;
  }
};
