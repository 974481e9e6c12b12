import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySize } from '../../src/vram/memory-size';

describe('memorySize', () => {
  it.each([
    ['6', 6],
    ['6G', 6],
    ['6g', 6],
    ['6GB', 6],
    ['6gb', 6],
    ['6 GiB', 6],
    [' 6 gib ', 6],
    ['5.5', 5.5],
    ['5,5 GB', 5.5],
    ['6144M', 6],
    ['6144MB', 6],
    ['6144 MiB', 6],
    ['6141mib', 6141 / 1024],
    ['６ＧＢ', 6],
    ['1024', 1024],
  ])('%s', (text, gib) => {
    expect(memorySize(text)).toBe(gib);
  });

  it.each([
    '',
    '0',
    '0GB',
    '-6',
    '6144',
    '6b',
    '6ib',
    'GB',
    'much',
    '6 7',
    '6GBs',
    '1e1',
    'NaN',
    '6KB',
    '6TB',
    '0x6',
    '6..5',
    '\u0000',
  ])('is none: %j', (text) => {
    expect(memorySize(text)).toBeNull();
  });

  it('reads any size in any unit alike, and any text without throwing', () => {
    const units = ['G', 'GB', 'GiB', 'g', 'gb', 'gib', ''];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 }), fc.constantFrom(...units), fc.constantFrom('', ' '), (size, unit, blank) => {
        expect(memorySize(`${size}${blank}${unit}`)).toBe(size);
        expect(memorySize(`${size * 1024}${blank}${unit.replace(/g/i, 'M') || 'M'}`)).toBe(size);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const size = memorySize(text);
        expect(size === null || (size > 0 && size <= 1024)).toBe(true);
      }),
    );
  });
});
