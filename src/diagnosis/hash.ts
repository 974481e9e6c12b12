/**
 * 64-bit FNV-1a over UTF-16 units, as 16 hex digits: names findings and rule bases. Not for security; the same everywhere,
 * also where no crypto module exists.
 */
export function hash64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let i = 0; i < text.length; i++) {
    low = (low ^ text.charCodeAt(i)) >>> 0;
    // (high:low) × 0x100000001b3 modulo 2^64, in pieces that stay exact in a double
    const product = low * 0x1b3;
    const carry = Math.floor(product / 2 ** 32);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
