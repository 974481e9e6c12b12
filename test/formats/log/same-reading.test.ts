import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogReader } from '../../../src/formats/log/reader';
import type { CompiledSignatures } from '../../../src/formats/log/signature';
import { LINE_LIMIT } from '../../../src/formats/log/splitter';
import { plainSignatures, signatureFiles, signatures } from './load-signatures';

function read(compiled: CompiledSignatures, chunks: Iterable<Uint8Array>) {
  const reader = createLogReader({ signatures: compiled });
  for (const chunk of chunks) reader.feed(chunk);
  reader.end();
  return { sessions: reader.sessions(), stats: reader.stats() };
}

function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] || 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const samples = signatureFiles.flatMap((file) =>
  file.signatures.flatMap(({ samples }) => [...samples.match.map(({ line }) => line), ...samples.miss]),
);
const anchors = signatureFiles.flatMap((file) =>
  file.signatures.flatMap(({ anchors = [], anchor = '' }) => [...anchors, anchor]),
);
const TRACEBACK = 'Traceback (most recent call last):\n  File "/a/extensions/b/c.py", line 1, in f\n    f()\nValueError: x';
const RICH = '12:00:00-000001 INFO     loading                          train_util.py:12\n                         the model';

/** Whole lines, parts of literals, colours, bars, broken bytes and breaks of all kinds, in any order. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...samples).map(utf8) },
  { weight: 3, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\n\n').map(utf8) },
  { weight: 3, arbitrary: fc.constantFrom('\n', '\r').map(utf8) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...anchors), fc.nat(9)).map(([text, end]) => utf8(text.slice(0, 3 + end))) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('\x1b[32m', '\x1b[0m', '\x1b[1A', '\x1b]0;t\x07', '\x1b', ' 45%|████▌     | 9/20 [00:04<00:05, 2.0it/s]')
      .map(utf8),
  },
  { weight: 2, arbitrary: fc.constantFrom(TRACEBACK, RICH, '\ufeff', '中文', '😀').map(utf8) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom([0xd2, 0xb3, 0xc3, 0xe6], [0xf3], [0xff, 0xfe], [0xe4, 0xb8], [0, 0, 0])
      .map((list) => Uint8Array.from(list)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
);

describe('a log read by the kernels and by plain loops', () => {
  it('gives the same, however its bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (parts, sizes) => {
          const log = joined(parts);
          const whole = read(signatures, [log]);
          expect(read(plainSignatures, [log])).toEqual(whole);
          expect(read(signatures, cut(log, sizes))).toEqual(whole);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);

  it('gives the same at the edges of the buffer', () => {
    const message = utf8('\nLora not found: edge\r\n');
    const filler = utf8('nothing of note\n'.repeat(40_000));
    for (let before = 256 * 1024 - message.length - 1; before < 256 * 1024 + 2; before++) {
      const log = joined([filler.subarray(0, before), message, filler.subarray(0, 1000)]);
      const { sessions, stats } = read(signatures, cut(log, [1 << 20]));
      expect(sessions[0]?.signals.map((hit) => hit.firstLine)).toEqual([Math.floor(before / 16) + 2]);
      expect(stats.lines).toBe(Math.floor(before / 16) + 3 + Math.floor(1000 / 16));
    }
  });

  it('gives the same for lines of the limit and over it, in all places', () => {
    const long = (length: number) => `${'x'.repeat(length)}Lora not found: y`;
    const lines = [LINE_LIMIT - 17, LINE_LIMIT - 16, LINE_LIMIT, 3 * LINE_LIMIT, 10 * LINE_LIMIT].map(long);
    const log = utf8(`Lora not found: z\n${lines.join('\r')}\n${'é'.repeat(LINE_LIMIT)}\nLora not found: z\n${lines.join('\n')}`);
    const whole = read(plainSignatures, [log]);
    expect(read(signatures, [log])).toEqual(whole);
    expect(read(signatures, cut(log, [100_000, 7]))).toEqual(whole);
    expect(whole.stats.cutLines).toBe(9);
  });
});
