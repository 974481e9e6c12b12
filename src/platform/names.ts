import { isUtf8 } from 'node:buffer';

/**
 * File names that are no valid UTF-8 (GBK bytes on Linux) as strings and back, without loss: each byte that does not
 * decode becomes the lone low surrogate U+DC80…U+DCFF (Python's "surrogateescape"). No valid name holds a lone
 * surrogate on a POSIX system, so the way back is unique; `show()` makes such characters visible.
 */
const ESCAPED = /[\udc80-\udcff]/u;

/** A name as a string; bytes that are no UTF-8 become U+DC80 + (byte − 0x80). */
export function nameFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let out = '';
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i] ?? 0;
    const piece = bytes.subarray(i, i + (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4));
    if (isUtf8(piece)) {
      out += piece.toString('utf8');
      i += piece.length;
    } else {
      out += String.fromCharCode(0xdc00 + byte);
      i++;
    }
  }
  return out;
}

/** What the system is asked for: the string itself, or its bytes when it holds escaped ones. */
export function systemPath(path: string, windows: boolean): string | Buffer {
  if (windows || !ESCAPED.test(path)) return path;
  const parts: Buffer[] = [];
  let from = 0;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) {
      i++; // A pair is one character of valid text. A lone high surrogate encodes to U+FFFD and is simply not found.
    } else if (code >= 0xdc80 && code <= 0xdcff) {
      parts.push(Buffer.from(path.slice(from, i), 'utf8'), Buffer.from([code - 0xdc00]));
      from = i + 1;
    }
  }
  parts.push(Buffer.from(path.slice(from), 'utf8'));
  return Buffer.concat(parts);
}
