import type { AnchorSet } from './anchors';
import { BUFFER_BYTES, type LogKernel } from './kernel';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The kernel in plain loops, some five times slower: for engines without WebAssembly, and to compare with. */
export function plainKernel(anchors: Pick<AnchorSet, 'next'>): LogKernel {
  const bytes = new Uint8Array(BUFFER_BYTES);
  return {
    bytes,
    next: (from, to) => anchors.next(bytes, from, to),
    speaks(from, to) {
      const plain = plainText(bytes, from, to);
      return plain === null || anchors.next(plain, 0, plain.length) < plain.length;
    },
    newlines(from, to) {
      let count = 0;
      for (let i = from; i < to; i++) if (bytes[i] === 10) count++;
      return count;
    },
    squeeze(from, to) {
      let out = from;
      for (let i = from; i < to; i++) {
        const byte = bytes[i] ?? 0;
        if (byte !== 0) bytes[out++] = byte;
      }
      return out;
    },
    encoding(from, to) {
      const all = bytes.subarray(from, to);
      if (all.every((byte) => byte < 0x80)) return 0;
      try {
        utf8.decode(all);
        return 1;
      } catch {
        return 2;
      }
    },
  };
}

/** A line without its colours, or null when there is another escape sequence. */
function plainText(bytes: Uint8Array, from: number, to: number): Uint8Array | null {
  const plain: number[] = [];
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== 0x1b) {
      plain.push(byte);
      continue;
    }
    if (++at >= to || bytes[at] !== 0x5b) return null;
    at++;
    while (at < to && (bytes[at] ?? 0) >= 0x20 && (bytes[at] ?? 0) <= 0x3f) at++;
    if (at >= to || bytes[at] !== 0x6d) return null;
  }
  return Uint8Array.from(plain);
}
