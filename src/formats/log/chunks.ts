import type { ByteSource } from '../bytes';

const CHUNK = 256 * 1024;

/** The bytes of a source from an offset on. A chunk is good until the next one is asked for: they may share one buffer. */
export function* logChunks(source: ByteSource, from = 0): Generator<Uint8Array> {
  const buffer = source.readInto && new Uint8Array(Math.min(CHUNK, Math.max(source.size - from, 0)));
  for (let at = from; at < source.size; ) {
    const chunk = buffer ? buffer.subarray(0, source.readInto?.(buffer, at)) : source.read(at, CHUNK);
    // It has shrunk since it was opened.
    if (chunk.length === 0) return;
    yield chunk;
    at += chunk.length;
  }
}
