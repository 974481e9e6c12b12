import type { ByteSource } from '../bytes';
import type { PngLayout } from './png';
import { PixelStats } from './stats';
import type { Thumbnail } from './thumbnail';
import type { Inflate } from './types';

/** Samples a pixel for each colour type: grey, RGB, palette, grey + alpha, RGBA. */
const CHANNELS: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);

/** Adam7: first column, first row, column step, row step of each pass. */
const PASSES: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

export interface PixelBudget {
  /** Most decompressed bytes; the rows that fit are judged. */
  readonly bytes: number;
}

/**
 * Decodes a PNG as far as the budget goes and gathers brightness statistics. Null when the layout is impossible or
 * the pixel data does not decode at all. `thumbnail` is filled unless the picture is interlaced.
 */
export function readPngPixels(
  source: ByteSource,
  layout: PngLayout,
  inflate: Inflate,
  budget: PixelBudget,
  thumbnail: Thumbnail | null = null,
): PixelStats | null {
  const channels = CHANNELS.get(layout.colorType);
  if (!channels || ![1, 2, 4, 8, 16].includes(layout.bitDepth) || layout.width === 0 || layout.height === 0) return null;
  if (layout.width * channels > budget.bytes / 4) return null;
  const { data } = inflate(joined(source, layout, budget.bytes), budget.bytes);
  if (data.length === 0) return null;
  const stats = new PixelStats(layout.width * layout.height);
  if (!layout.interlaced) {
    pass({ layout, channels, data, at: 0, width: layout.width, height: layout.height, neighbours: true }, stats, thumbnail);
    return stats;
  }
  let at = 0;
  for (const [x0, y0, dx, dy] of PASSES) {
    const width = Math.ceil((layout.width - x0) / dx);
    const height = Math.ceil((layout.height - y0) / dy);
    if (width <= 0 || height <= 0) continue;
    at = pass({ layout, channels, data, at, width, height, neighbours: dx === 1 }, stats);
  }
  return stats;
}

/** The compressed data in one piece, at most `limit` bytes of it. */
function joined(source: ByteSource, layout: PngLayout, limit: number): Uint8Array {
  const first = layout.data[0];
  if (layout.data.length === 1 && first) return source.read(first.offset, Math.min(first.length, limit));
  const total = Math.min(
    limit,
    layout.data.reduce((sum, d) => sum + d.length, 0),
  );
  const out = new Uint8Array(total);
  let at = 0;
  for (const { offset, length } of layout.data) {
    if (at >= total) break;
    const piece = source.read(offset, Math.min(length, total - at));
    out.set(piece, at);
    at += piece.length;
  }
  return out.subarray(0, at);
}

interface Pass {
  readonly layout: PngLayout;
  readonly channels: number;
  readonly data: Uint8Array;
  readonly at: number;
  readonly width: number;
  readonly height: number;
  /** Are pixels that stand side by side here neighbours in the picture? */
  readonly neighbours: boolean;
}

/** Hands each row of one pass to the statistics. Returns where the pass ended. */
function pass(p: Pass, stats: PixelStats, thumbnail: Thumbnail | null = null): number {
  const line = new Float32Array(p.width);
  return unfiltered(p, (row, y) => {
    luma(p, row, line);
    stats.row(line, p.neighbours);
    thumbnail?.row(line, y);
  });
}

/** Undoes the row filters of one pass in place. Returns where the pass ended. */
function unfiltered(p: Omit<Pass, 'neighbours'>, use: (row: Uint8Array, y: number) => void): number {
  const bits = p.layout.bitDepth * p.channels;
  const stride = Math.ceil((p.width * bits) / 8);
  const step = Math.max(1, bits >> 3);
  let at = p.at;
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < p.height; y++) {
    if (at + 1 + stride > p.data.length) return at;
    const row = p.data.subarray(at + 1, at + 1 + stride);
    unfilter(p.data[at] ?? 0, row, above, step);
    use(row, y);
    above = row;
    at += 1 + stride;
  }
  return at;
}

/** The rows of a whole picture of 8 bits a sample, not interlaced; null for any other, and where it does not fit the budget or is cut. */
export function readPngRows(source: ByteSource, layout: PngLayout, inflate: Inflate, budget: PixelBudget): Uint8Array[] | null {
  const channels = CHANNELS.get(layout.colorType);
  const { width, height } = layout;
  if (!channels || layout.bitDepth !== 8 || layout.interlaced || (width * channels + 1) * height > budget.bytes) return null;
  const { data } = inflate(joined(source, layout, budget.bytes), budget.bytes);
  const rows: Uint8Array[] = [];
  unfiltered({ layout, channels, data, at: 0, width, height }, (row) => rows.push(row));
  return rows.length === height && height > 0 ? rows : null;
}

function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  const n = row.length;
  if (filter === 1) {
    for (let i = step; i < n; i++) row[i] = (row[i] ?? 0) + (row[i - step] ?? 0);
  } else if (filter === 2) {
    for (let i = 0; i < n; i++) row[i] = (row[i] ?? 0) + (above[i] ?? 0);
  } else if (filter === 3) {
    for (let i = 0; i < n; i++) row[i] = (row[i] ?? 0) + (((i < step ? 0 : (row[i - step] ?? 0)) + (above[i] ?? 0)) >> 1);
  } else if (filter === 4) {
    for (let i = 0; i < n; i++) {
      const left = i < step ? 0 : (row[i - step] ?? 0);
      row[i] = (row[i] ?? 0) + paeth(left, above[i] ?? 0, i < step ? 0 : (above[i - step] ?? 0));
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const p = left + up - corner;
  const a = Math.abs(p - left);
  const b = Math.abs(p - up);
  const c = Math.abs(p - corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Brightness of each pixel of a row, 0–255, into `out`; alpha is left out. */
function luma(p: Pass, row: Uint8Array, out: Float32Array): void {
  const { bitDepth, colorType, palette } = p.layout;
  const wide = bitDepth === 16 ? 2 : 1;
  const step = p.channels * wide;
  if (colorType === 2 || colorType === 6) {
    for (let x = 0, i = 0; x < out.length; x++, i += step)
      out[x] = 0.299 * (row[i] ?? 0) + 0.587 * (row[i + wide] ?? 0) + 0.114 * (row[i + 2 * wide] ?? 0);
    return;
  }
  const mask = (1 << Math.min(bitDepth, 8)) - 1;
  for (let x = 0, i = 0; x < out.length; x++, i += step) {
    const bit = x * bitDepth;
    const value = bitDepth >= 8 ? (row[i] ?? 0) : ((row[bit >> 3] ?? 0) >> (8 - bitDepth - (bit & 7))) & mask;
    out[x] = colorType === 3 ? paletteLuma(palette, value) : (value * 255) / mask;
  }
}

function paletteLuma(palette: Uint8Array | null, index: number): number {
  if (!palette) return 0;
  return 0.299 * (palette[index * 3] ?? 0) + 0.587 * (palette[index * 3 + 1] ?? 0) + 0.114 * (palette[index * 3 + 2] ?? 0);
}
