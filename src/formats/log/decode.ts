/**
 * Bytes of a console log to text, block by block. Order of trust: byte order mark, strict UTF-8, GB18030, Windows-1252;
 * decided per line, because two processes with different code pages may write into one file (webui-a1111-family.md §11).
 * UTF-16 (PowerShell `>`) is recognised with and without its mark. Nothing ever becomes U+FFFD.
 */
export type LogEncoding = 'ascii' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'windows-1252' | 'mixed';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const gb18030 = new TextDecoder('gb18030', { fatal: true });
const western = new TextDecoder('windows-1252');

/** One line or a part of it (no line break inside) to text, and the encoding that it took. */
export function decodePiece(bytes: Uint8Array): { readonly text: string; readonly encoding: LogEncoding } {
  try {
    const text = utf8.decode(bytes);
    return { text, encoding: text.length === bytes.length ? 'ascii' : 'utf-8' };
  } catch {
    // not UTF-8
  }
  if (looksChinese(bytes)) {
    try {
      return { text: gb18030.decode(bytes), encoding: 'gb18030' };
    } catch {
      // neither
    }
  }
  return { text: western.decode(bytes), encoding: 'windows-1252' };
}

/**
 * Chinese text in GBK is pairs of high bytes; a Western accent is one high byte between ASCII letters, which GB18030 would
 * swallow together with the letter behind it. So: at least half of the pairs must have a high second byte.
 */
function looksChinese(bytes: Uint8Array): boolean {
  let pairs = 0;
  let high = 0;
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] ?? 0) < 0x81) continue;
    pairs++;
    if ((bytes[i + 1] ?? 0) >= 0x81) high++;
    i++;
  }
  return pairs > 0 && high * 2 >= pairs;
}

/** UTF-16 by its mark, or by the zero bytes that every second ASCII character brings. Needs four bytes to tell. */
export function sniffUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a && b === 0 && c && d === 0) return 'utf-16le';
  if (a === 0 && b && c === 0 && d) return 'utf-16be';
  return null;
}
