import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Repeats } from '../../../src/formats/log/repeats';

test('gives for bytes what was kept for the same bytes, and nothing for others', () => {
  const piece = fc.uint8Array({ minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(5), (pieces, offset) => {
      const repeats = new Repeats<string>();
      const buffer = new Uint8Array(600).fill(255);
      for (const bytes of [...pieces, ...pieces, ...pieces]) {
        buffer.set(bytes, offset);
        const [from, to] = [offset, offset + bytes.length];
        const known = repeats.find(buffer, from, to);
        if (known === undefined) {
          if (repeats.wants) repeats.keep(buffer, from, to, bytes.join());
        } else expect(known).toBe(bytes.join());
      }
    }),
  );
});

test('keeps what comes a second time, however long ago its place was taken, and nothing long', () => {
  const repeats = new Repeats<number>();
  const bytes = new TextEncoder().encode('lora key not loaded: a.alpha\n');
  const end = bytes.length - 1;
  expect([repeats.find(bytes, 0, end), repeats.wants]).toEqual([undefined, false]);
  expect([repeats.find(bytes, 0, end), repeats.wants]).toEqual([undefined, true]);
  repeats.keep(bytes, 0, end, 7);
  expect(repeats.find(bytes, 0, end)).toBe(7);
  const long = new Uint8Array(200);
  for (let i = 0; i < 3; i++) expect([repeats.find(long, 0, 200), repeats.wants]).toEqual([undefined, false]);
});
