import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, bytesOf, pieces } from '../../src/formats/bytes';
import { placeAt } from '../../src/formats/text-place';

/** A source that fills buffers, as a file does, at most `most` bytes at a time. */
const filling = (data: Uint8Array, most: number): ByteSource => ({
  ...bytesOf(data),
  readInto: (target, offset) => {
    const part = data.subarray(offset, offset + Math.min(most, target.length));
    target.set(part);
    return part.length;
  },
});

describe('pieces', () => {
  it('gives every byte from the offset on once, with and without a buffer', () => {
    const room = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.uint8Array({ minLength: 1, maxLength: 20 }));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(110),
        room,
        fc.integer({ min: 1, max: 9 }),
        (data, from, size, most) => {
          for (const source of [bytesOf(data), filling(data, most)]) {
            const all: number[] = [];
            for (const piece of pieces(source, from, size)) all.push(...piece);
            expect(all).toEqual([...data.subarray(from)]);
          }
        },
      ),
    );
  });

  it('ends where the source has shrunk', () => {
    const shrunk = { ...filling(new Uint8Array(5).fill(1), 3), size: 9 };
    let bytes = 0;
    for (const piece of pieces(shrunk)) bytes += piece.length;
    expect(bytes).toBe(5);
  });
});

it.each([
  ['ab\ncd', 0, 1, 1],
  ['ab\ncd', 2, 1, 3],
  ['ab\ncd', 3, 2, 1],
  ['\nx', 0, 1, 1],
  ['ab\ncd', 5, 2, 3],
])('placeAt(%j, %i)', (text, offset, line, column) => {
  expect(placeAt(text, offset)).toEqual({ line, column });
});
