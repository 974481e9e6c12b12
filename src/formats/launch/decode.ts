/** Text of a config or script, and how its bytes were read. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'gb18030';
}

/**
 * Bytes of a small text file: byte order mark first, then strict UTF-8, then GB18030 (what cmd and editors write on Chinese
 * Windows; it never fails). webui-a1111-family.md §11 gives the order.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: decoded('utf-16le', bytes.subarray(2)), encoding: 'utf-16le' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: decoded('utf-16be', bytes.subarray(2)), encoding: 'utf-16be' };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return { text: decoded('utf-8', bytes.subarray(3)), encoding: 'utf-8-bom' };
  }
  const strict = decodeUtf8(bytes);
  return strict === null ? { text: decoded('gb18030', bytes), encoding: 'gb18030' } : { text: strict, encoding: 'utf-8' };
}

/** Strict UTF-8 (a leading BOM is kept); null when the bytes are something else. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decoded(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}
