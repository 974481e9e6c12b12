import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelBytes } from '../../../scripts/build-kernels.mjs';
import { compileAnchors } from '../../../src/formats/log/anchors';
import { BUFFER_BYTES, type LogKernel, wasmKernels } from '../../../src/formats/log/kernel';
import { plainKernel } from '../../../src/formats/log/plain-kernel';
import { rarePlaces } from '../../../src/formats/log/rare-places';
import { compileWasm } from '../../../src/formats/wasm';

const wasm = compileWasm(kernelBytes('log')) ?? (() => null);

function both(literals: readonly string[]): LogKernel[] {
  const make = wasmKernels(wasm, literals);
  if (make === null) throw new Error('the kernels do not start');
  return [make(), plainKernel(compileAnchors(literals.map((text, id) => ({ text, id }))))];
}

/** Puts bytes at a place of the buffer, between others that must not matter. */
function put(kernel: LogKernel, at: number, bytes: Uint8Array): number {
  kernel.bytes.fill(0x61, 0, at);
  kernel.bytes.set(bytes, at);
  kernel.bytes.fill(0x62, at + bytes.length, at + bytes.length + 64);
  return at + bytes.length;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const place = fc.nat(40);
const kernels = both(['abca', 'bbbbb', 'cabcabc']);

describe('log kernels, in WebAssembly and in plain loops', () => {
  it('stop in every piece that has a literal or an escape character, and in no other', () => {
    const letter = fc.constantFrom('a', 'b', 'b', 'c', 'c', '\n', '中', '\x1b');
    const text = fc.array(letter, { maxLength: 120 }).map((letters) => letters.join(''));
    const literals = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 7 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(literals, text, place, (wanted, log, at) => {
        for (const kernel of both(wanted)) {
          const end = put(kernel, at, utf8(log));
          const stops: string[] = [];
          for (let from = at; from < end; ) {
            const found = kernel.next(from, end);
            if (found === end) break;
            const last = kernel.bytes.subarray(from, found).lastIndexOf(10);
            const next = kernel.bytes.subarray(found, end).indexOf(10);
            const until = next < 0 ? end : found + next;
            stops.push(new TextDecoder().decode(kernel.bytes.subarray(from + last + 1, until)));
            from = until + 1;
          }
          expect(stops).toEqual(log.split('\n').filter((line) => [...wanted, '\x1b'].some((each) => line.includes(each))));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('find a literal at each place of the buffer, also at its very end, and none that the range cuts off', () => {
    for (const kernel of kernels) {
      for (let at = 0; at < 40; at++) {
        const end = put(kernel, at, utf8('abca'));
        expect(kernel.next(0, end)).toBeLessThan(end);
        expect(kernel.next(at + 1, end)).toBe(end);
        expect(kernel.next(0, end - 1)).toBe(end - 1);
      }
      kernel.bytes.fill(0x61);
      kernel.bytes.set(utf8('bbbbb'), BUFFER_BYTES - 5);
      expect(kernel.next(0, BUFFER_BYTES)).toBeLessThan(BUFFER_BYTES);
      expect(kernel.next(0, BUFFER_BYTES - 1)).toBe(BUFFER_BYTES - 1);
    }
  });

  it('pass over a line whose colours hide nothing', () => {
    const part = fc.constantFrom(
      '\x1b[1;31m',
      '\x1b[m',
      '\x1b[2K',
      '\x1b]0;x\x07',
      '\x1b',
      '\x1b[',
      '[0m',
      'abc',
      'a',
      'bbb',
      'bb',
      'é ',
      'm',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), place, (parts, at) => {
        const text = parts.join('');
        const plain = text.replace(/\x1b\[[ -?]*m/g, '');
        const expected = ['abca', 'bbbbb', 'cabcabc', '\x1b'].some((each) => plain.includes(each));
        for (const kernel of kernels) expect(kernel.speaks(at, put(kernel, at, utf8(text)))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('tell strict UTF-8 as the decoder does', () => {
    const good = fc.string({ unit: 'binary', maxLength: 30 }).map(utf8);
    const spoilt = fc.tuple(good, fc.nat(200), fc.nat(255)).map(([bytes, at, byte]) => {
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    });
    const high = fc.array(
      fc.constantFrom(0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
      {
        maxLength: 20,
      },
    );
    const bytes = fc.oneof(
      good,
      spoilt,
      fc.uint8Array({ maxLength: 40 }),
      high.map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), place, (parts, at) => {
        const all = Uint8Array.from(parts.flatMap((part) => [...part]));
        const expected = all.every((byte) => byte < 0x80) ? 0 : isUtf8(all) ? 1 : 2;
        for (const kernel of kernels) expect(kernel.encoding(at, put(kernel, at, all))).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('take out NUL bytes and count line breaks', () => {
    const bytes = fc.array(fc.constantFrom(0, 0, 10, 13, 65, 200), { maxLength: 100 });
    fc.assert(
      fc.property(bytes, place, (list, at) => {
        const kept = list.filter((byte) => byte !== 0);
        for (const kernel of kernels) {
          const end = put(kernel, at, Uint8Array.from(list));
          expect(kernel.newlines(at, end)).toBe(list.filter((byte) => byte === 10).length);
          const after = kernel.squeeze(at, end);
          expect([...kernel.bytes.subarray(at, after)]).toEqual(kept);
          expect([...kernel.bytes.subarray(0, at)].every((byte) => byte === 0x61)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are not there without a module that loads, or for more literals than fit', () => {
    expect(compileWasm(Uint8Array.of(0, 97, 115, 109, 9, 9, 9, 9))).toBeNull();
    expect(
      wasmKernels(
        wasm,
        Array.from({ length: 40_000 }, (_, i) => `literal ${i}`),
      ),
    ).toBeNull();
  });
});

it('takes the rarest place of a literal, and refuses one that is too short', () => {
  expect(rarePlaces(['lora key not loaded QZ#X', 'abcd'])).toEqual([19, 0]);
  expect(() => rarePlaces(['abc'])).toThrow('four');
});

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
