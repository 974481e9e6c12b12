import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/formats/bytes';
import { readPng } from '../../../src/formats/picture/png';
import { readPngPixels } from '../../../src/formats/picture/png-pixels';
import { looksTheSame, Thumbnail } from '../../../src/formats/picture/thumbnail';
import { pixels, png } from './make';

type At = (x: number, y: number) => readonly [number, number, number];

const inflate = (data: Uint8Array) => ({ data: new Uint8Array(inflateSync(data)), complete: true });

/** A PNG of that size, drawn in coordinates from 0 to 1, as its cells. */
function cellsOf(width: number, height: number, at: At): Float32Array | null {
  const source = bytesOf(png({ width, height, rows: pixels(width, height, (x, y) => at(x / width, y / height)) }));
  const { layout } = readPng(source, inflate);
  if (!layout) throw new Error('no layout');
  const thumbnail = new Thumbnail(width, height);
  readPngPixels(source, layout, inflate, { bytes: 1 << 24 }, thumbnail);
  return thumbnail.cells();
}

const grey = (value: number): readonly [number, number, number] => {
  const v = Math.max(0, Math.min(255, Math.round(value)));
  return [v, v, v];
};
const disc =
  (cx: number, cy: number, r: number): At =>
  (x, y) =>
    grey(Math.hypot(x - cx, y - cy) < r ? 40 : 230 - 60 * y);
const A = disc(0.4, 0.5, 0.25);

describe('a picture of 16 by 16 brightnesses', () => {
  const first = cellsOf(128, 96, A) ?? new Float32Array();

  it('is the same for another size and for a little noise', () => {
    expect(first).toHaveLength(256);
    expect(looksTheSame(first, cellsOf(400, 300, A) ?? new Float32Array(256))).toBe(true);
    const noisy: At = (x, y) => grey((A(x, y)[0] ?? 0) + ((x * 977 + y * 131) % 1) * 8 - 4);
    expect(looksTheSame(first, cellsOf(128, 96, noisy) ?? new Float32Array(256))).toBe(true);
  });

  it('is another one when the thing moved, grew, or the light changed', () => {
    for (const other of [disc(0.6, 0.5, 0.25), disc(0.4, 0.5, 0.35), (x: number, y: number) => grey((A(x, y)[0] ?? 0) * 0.9)])
      expect(looksTheSame(first, cellsOf(128, 96, other) ?? new Float32Array(256))).toBe(false);
  });

  it('is none where there is hardly anything to see, and for a picture that is cut', () => {
    expect(cellsOf(64, 64, (x) => grey(128 + 10 * x))).toBeNull();
    expect(new Thumbnail(64, 64).cells()).toBeNull();
  });
});
