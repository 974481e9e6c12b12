import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/formats/bytes';
import { lookOf } from '../../../src/formats/picture/look';
import { readPng } from '../../../src/formats/picture/png';
import { readPngPixels } from '../../../src/formats/picture/png-pixels';
import type { PixelStats } from '../../../src/formats/picture/stats';
import { nodeInflate } from '../../../src/platform/inflate';
import { chunk, concat, header, pixels, png, SIGNATURE } from './make';

function statsOf(data: Uint8Array, bytes = 16 << 20): PixelStats | null {
  const source = bytesOf(data);
  const { layout } = readPng(source, nodeInflate);
  return layout && readPngPixels(source, layout, nodeInflate, { bytes });
}

function look(width: number, height: number, at: (x: number, y: number) => readonly [number, number, number]): string | null {
  const stats = statsOf(png({ width, height, rows: pixels(width, height, at) }));
  return stats && lookOf(stats, width, height);
}

/** A repeatable sequence of bytes without structure. */
function noise(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}

describe('look of a picture', () => {
  it('tells black, flat, noise and normal apart', () => {
    const next = noise();
    expect(look(300, 300, () => [0, 0, 0])).toBe('black');
    expect(look(300, 300, () => [127, 127, 127])).toBe('flat');
    expect(look(300, 300, () => [next(), next(), next()])).toBe('noise');
    expect(look(300, 300, (x, y) => [(x * 255) / 300, (y * 255) / 300, 60])).toBe('normal');
  });
  it('does not take a dark photo for black, nor a tiny noisy picture for noise', () => {
    const next = noise();
    expect(look(300, 300, (x) => [2 + x / 15, 2 + x / 15, 4])).toBe('normal');
    expect(look(64, 64, () => [next(), next(), next()])).toBe('normal');
  });
  it('undoes all row filters', () => {
    const rows = pixels(4, 5, () => [0, 0, 0]);
    // First row plain 10 20 30 40 (grey), then Sub, Up, Average, Paeth rows that repeat or continue it.
    const put = (y: number, filter: number, values: readonly number[]): void => {
      rows[y * 13] = filter;
      for (const [i, v] of values.entries()) rows.set([v, v, v], y * 13 + 1 + 3 * i);
    };
    put(0, 0, [10, 20, 30, 40]);
    put(1, 1, [10, 10, 10, 10]);
    put(2, 2, [0, 0, 0, 0]);
    put(3, 3, [5, 5, 5, 5]);
    put(4, 4, [0, 0, 0, 0]);
    const stats = statsOf(png({ width: 4, height: 5, rows }));
    // Average: 5+⌊10/2⌋=10, 5+⌊(10+20)/2⌋=20, 30, 40; Paeth with zeros repeats the row above.
    expect(stats?.mean).toBeCloseTo(25, 3);
    expect(stats?.high).toBeCloseTo(40, 3);
  });
  it('IM-16 decodes every bit depth and interlacing', () => {
    const of = (
      bitDepth: number,
      colorType: number,
      interlace: number,
      raw: Uint8Array,
      extra: readonly Uint8Array[] = [],
    ): number | undefined =>
      statsOf(
        concat(
          SIGNATURE,
          header(2, 2, bitDepth, colorType, interlace),
          ...extra,
          chunk('IDAT', new Uint8Array(deflateSync(raw))),
          chunk('IEND', ''),
        ),
      )?.mean;
    expect(of(1, 0, 0, Uint8Array.of(0, 0b10000000, 0, 0b01000000))).toBeCloseTo(127.5);
    expect(of(16, 0, 0, Uint8Array.of(0, 100, 0, 100, 0, 0, 100, 0, 100, 0))).toBeCloseTo(100);
    expect(of(8, 3, 0, Uint8Array.of(0, 1, 1, 0, 1, 1), [chunk('PLTE', Uint8Array.of(0, 0, 0, 200, 200, 200))])).toBeCloseTo(200);
    expect(of(8, 6, 0, Uint8Array.of(0, 9, 9, 9, 0, 9, 9, 9, 0, 0, 9, 9, 9, 0, 9, 9, 9, 0))).toBeCloseTo(9);
    // Adam7 of 2×2: passes 1, 6 and 7 hold (0,0), (1,0) and the second row.
    expect(of(8, 0, 1, Uint8Array.of(0, 40, 0, 40, 0, 40, 40))).toBeCloseTo(40);
  });
  it('IM-03 judges only what the budget allows', () => {
    const data = png({ width: 400, height: 400, rows: pixels(400, 400, () => [0, 0, 0]) });
    const stats = statsOf(data, 100_000);
    expect(stats === null || (stats.share < 0.5 && lookOf(stats, 400, 400) === null)).toBe(true);
    expect(statsOf(concat(SIGNATURE, header(100_000_000, 100_000_000), chunk('IDAT', 'x'), chunk('IEND', '')))).toBeNull();
  });
});
