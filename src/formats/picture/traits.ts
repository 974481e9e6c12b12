/** What a picture's header says beyond its size. */
export interface PictureTraits {
  /** It has a channel for transparency. */
  readonly alpha: boolean;
  /** EXIF orientation, 1 to 8; 1 when none is stored. */
  readonly orientation: number;
}

/** Bytes from the start of the file that are looked at. */
export const TRAITS_HEAD = 64 * 1024;

const ascii = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));

/** Transparency (PNG colour type, WebP flags) and EXIF orientation (JPEG APP1) from the first bytes of a file. */
export function pictureTraits(head: Uint8Array): PictureTraits {
  if (head[0] === 0x89 && ascii(head, 1, 3) === 'PNG') return { alpha: head[25] === 4 || head[25] === 6, orientation: 1 };
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return { alpha: webpAlpha(head), orientation: 1 };
  return { alpha: false, orientation: head[0] === 0xff && head[1] === 0xd8 ? jpegOrientation(head) : 1 };
}

function webpAlpha(head: Uint8Array): boolean {
  const chunk = ascii(head, 12, 4);
  if (chunk === 'VP8X') return ((head[20] ?? 0) & 0x10) !== 0;
  return chunk === 'VP8L' && ((head[24] ?? 0) & 0x10) !== 0;
}

function jpegOrientation(head: Uint8Array): number {
  let at = 2;
  while (at + 4 <= head.length && head[at] === 0xff) {
    const length = ((head[at + 2] ?? 0) << 8) | (head[at + 3] ?? 0);
    if (head[at + 1] === 0xda || length < 2) return 1;
    if (head[at + 1] === 0xe1 && ascii(head, at + 4, 4) === 'Exif')
      return tiffOrientation(head.subarray(at + 10, at + 2 + length));
    at += 2 + length;
  }
  return 1;
}

function tiffOrientation(tiff: Uint8Array): number {
  if (tiff.length < 14) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49;
  const first = view.getUint32(4, little);
  if (first + 2 > tiff.length) return 1;
  const count = view.getUint16(first, little);
  for (let i = 0; i < count; i++) {
    const entry = first + 2 + i * 12;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
