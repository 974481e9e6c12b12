import type { ByteSource } from '../bytes';
import { isRecord, parseJson } from '../json';
import type { PngLayout } from './png';
import { readPngRows } from './png-pixels';
import { type Inflate, type PictureText, TEXT_LIMIT } from './types';

/** Most decompressed bytes of a picture that is searched: 2,000 × 2,000 pixels with alpha. */
const PIXEL_LIMIT = 16 << 20;
const SIGNATURE_BYTES = 15;
/** Where each signature stands, and whether what follows is gzip. */
const WAYS = {
  stealth_pnginfo: { alpha: true, packed: false },
  stealth_pngcomp: { alpha: true, packed: true },
  stealth_rgbinfo: { alpha: false, packed: false },
  stealth_rgbcomp: { alpha: false, packed: true },
} as const;

/** What undoes zlib and gzip. */
export interface Unpack {
  readonly inflate: Inflate;
  readonly gunzip: Inflate;
}

/**
 * Parameters that Forge, reForge and some sites hide in the lowest bits of the pixels, column by column: of alpha, or of red, green and
 * blue (webui-a1111-family.md §7.3): a signature, the length in bits as 32 bits, then text, or gzip of it. They outlive a site that
 * strips text chunks. Empty for a picture without.
 */
export function hiddenTexts(source: ByteSource, layout: PngLayout, { inflate, gunzip }: Unpack): PictureText[] {
  const { colorType } = layout;
  if (colorType !== 2 && colorType !== 6) return [];
  const rows = readPngRows(source, layout, inflate, { bytes: PIXEL_LIMIT });
  if (!rows) return [];
  const channels = colorType === 6 ? 4 : 3;
  for (const samples of colorType === 6 ? [[3], [0, 1, 2]] : [[0, 1, 2]]) {
    const bits = new LowestBits(rows, channels, samples);
    const name = String.fromCharCode(...bits.bytes(SIGNATURE_BYTES));
    const way = Object.entries(WAYS).find(([signature]) => signature === name)?.[1];
    if (!way || way.alpha !== (samples.length === 1)) continue;
    const length = bits.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0);
    if (length % 8 !== 0 || length > bits.left) continue;
    const stored = bits.bytes(length / 8);
    const { data, complete } = way.packed ? gunzip(stored, TEXT_LIMIT) : { data: stored, complete: true };
    return named(new TextDecoder().decode(data.subarray(0, TEXT_LIMIT)), !complete || data.length > TEXT_LIMIT);
  }
  return [];
}

/** Sites keep a JSON object of what would be text chunks; the WebUIs the infotext alone. */
function named(text: string, truncated: boolean): PictureText[] {
  const piece = (keyword: string, value: string): PictureText => ({
    keyword,
    text: value,
    where: 'pixels',
    offset: 0,
    truncated,
  });
  const object = text.startsWith('{') ? parseJson(text) : undefined;
  if (!isRecord(object)) return text === '' ? [] : [piece('parameters', text)];
  return Object.entries(object).flatMap(([keyword, value]) => (typeof value === 'string' ? [piece(keyword, value)] : []));
}

/** The lowest bit of some samples of each pixel, from the top of the first column to the foot of the last. */
class LowestBits {
  readonly #rows: readonly Uint8Array[];
  readonly #channels: number;
  readonly #samples: readonly number[];
  readonly #size: number;
  #at = 0;

  constructor(rows: readonly Uint8Array[], channels: number, samples: readonly number[]) {
    this.#rows = rows;
    this.#channels = channels;
    this.#samples = samples;
    this.#size = Math.floor((rows[0]?.length ?? 0) / channels) * rows.length * samples.length;
  }

  get left(): number {
    return this.#size - this.#at;
  }

  /** The next bytes, highest bit first; 0 beyond the end. */
  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    const { length: height } = this.#rows;
    const { length: each } = this.#samples;
    for (let i = 0; i < count * 8; i++) {
      const pixel = Math.floor(this.#at / each);
      const sample = Math.floor(pixel / height) * this.#channels + (this.#samples[this.#at % each] ?? 0);
      const bit = (this.#rows[pixel % height]?.[sample] ?? 0) & 1;
      out[i >> 3] = (out[i >> 3] ?? 0) | (bit << (7 - (i & 7)));
      this.#at++;
    }
    return out;
  }
}
