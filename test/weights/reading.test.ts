import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { Window } from '../../src/weights/window';

const DATA = Uint8Array.from({ length: 500_000 }, (_, i) => (i * 7) % 251);

function counted(): { reads: number[]; window: Window } {
  const reads: number[] = [];
  const source = bytesOf(DATA);
  const read = (offset: number, length: number): Uint8Array => {
    reads.push(length);
    return source.read(offset, length);
  };
  return { reads, window: new Window({ size: DATA.length, read }, new Uint8Array(65_536)) };
}

describe('window', () => {
  it('gives the bytes of the file wherever it is asked', () => {
    const part = fc.tuple(fc.nat(DATA.length), fc.nat(65_536));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const { window } = counted();
        for (const [offset, length] of parts) {
          const bytes = window.bytes(offset, length);
          if (offset + length > DATA.length) expect(bytes).toBeNull();
          else expect(bytes !== null && Buffer.compare(bytes, DATA.subarray(offset, offset + length))).toBe(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads ahead while the parts follow one another, and only what is asked for while they do not', () => {
    const onwards = counted();
    for (let at = 0; at < 400_000; at += 1000) onwards.window.bytes(at, 1000);
    expect(onwards.reads.length).toBeLessThan(15);
    const back = counted();
    for (let at = 400_000; at > 0; at -= 40_000) back.window.bytes(at, 1000);
    expect(back.reads).toEqual(Array(10).fill(1000));
  });
});
