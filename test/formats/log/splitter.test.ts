import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePiece } from '../../../src/formats/log/decode';
import { createSplitter, LINE_LIMIT, nextBreak } from '../../../src/formats/log/splitter';
import { signatures } from './load-signatures';

const utf8 = (text: string) => new TextEncoder().encode(text);

function split(chunks: readonly Uint8Array[]) {
  let text = '';
  const kernel = signatures.kernels.take();
  const splitter = createSplitter(kernel, (from, to) => {
    for (let at = from; at < to; ) {
      const end = nextBreak(kernel.bytes, at, to);
      text += decodePiece(kernel.bytes.subarray(at, end)).text;
      if (end < to) text += String.fromCharCode(kernel.bytes[end] ?? 0);
      at = end + 1;
    }
  });
  for (const chunk of chunks) splitter.feed(chunk);
  splitter.end();
  signatures.kernels.put(kernel);
  return { text, ...splitter.stats() };
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(bytes.subarray(at, at + size));
  return out;
}

function utf16(text: string, little: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), little);
  return bytes;
}

// "页面文件太小" in GBK
const GBK = new Uint8Array([0xd2, 0xb3, 0xc3, 0xe6, 0xce, 0xc4, 0xbc, 0xfe, 0xcc, 0xab, 0xd0, 0xa1]);

function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

describe('splitter: encodings (LG-05, LG-06, LG-07)', () => {
  it('reads UTF-8 with and without mark', () => {
    expect(split([utf8('\ufeffa 中\n')])).toMatchObject({ text: 'a 中\n', encoding: 'utf-8' });
    expect(split([utf8('plain\n')])).toMatchObject({ text: 'plain\n', encoding: 'ascii' });
  });

  it.each([
    ['utf-16le', true],
    ['utf-16be', false],
  ] as const)('reads %s with and without mark', (encoding, little) => {
    expect(split([utf16('\ufeffTraceback 中\r\nx', little)])).toMatchObject({ text: 'Traceback 中\r\nx', encoding });
    expect(split([utf16('Traceback 中\r\nx', little)])).toMatchObject({ text: 'Traceback 中\r\nx', encoding });
  });

  it('reads GBK lines among UTF-8 ones', () => {
    const log = concat(utf8('OSError: [WinError 1455] '), GBK, utf8('\n中文\n'));
    expect(split([log])).toMatchObject({ text: 'OSError: [WinError 1455] 页面文件太小\n中文\n', encoding: 'mixed' });
  });

  it('takes lone accents for Windows-1252, not for Chinese', () => {
    const log = concat(utf8('paginaci'), new Uint8Array([0xf3]), utf8('n (os error 1455)\n'));
    expect(split([log])).toMatchObject({ text: 'paginación (os error 1455)\n', encoding: 'windows-1252' });
  });

  it('never gives U+FFFD', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        fc.pre(bytes[0] !== 0 && bytes[1] !== 0 && !(bytes[0] === 0xfe || bytes[0] === 0xff));
        expect(split([bytes]).text).not.toContain('\ufffd');
      }),
      { numRuns: 500 },
    );
  });
});

describe('splitter: chunks', () => {
  it('gives the same text for all chunk sizes (LG-08)', () => {
    const log = concat(utf8('é中😀\r\nb\rc\n'), GBK, utf8('\nlast 中'));
    const whole = split([log]);
    for (let size = 1; size <= 7; size++) expect(split(cut(log, size))).toEqual(whole);
  });

  it('does not depend on where the bytes are cut', () => {
    const piece = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('\n', '\r', '\r\n', 'x'.repeat(200)));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(40), { minLength: 1, maxLength: 20 }), (pieces, sizes) => {
        const log = utf8(`# ${pieces.join('')}`);
        const chunks: Uint8Array[] = [];
        for (let at = 0, i = 0; at < log.length; i++) {
          const size = sizes[i % sizes.length] || 1;
          chunks.push(log.subarray(at, at + size));
          at += size;
        }
        expect(split(chunks)).toEqual(split([log]));
        expect(split(chunks).text).toBe(new TextDecoder().decode(log).replaceAll('\0', ''));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a line of the limit whole and cuts one byte more (LG-11)', () => {
    for (const over of [-1, 0, 1]) {
      const result = split([utf8(`a\n${'x'.repeat(LINE_LIMIT + over)}\nb\n`)]);
      expect(result.text.length).toBe(LINE_LIMIT + Math.min(over, 0) + 5);
      expect([result.cutLines, result.cutBytes]).toEqual(over > 0 ? [1, 1] : [0, 0]);
      expect(split(cut(utf8(`a\n${'x'.repeat(LINE_LIMIT + over)}\nb\n`), 1000))).toEqual(result);
    }
  });

  it('survives one endless line (LG-02)', () => {
    const chunk = new Uint8Array(1 << 20).fill(120);
    const result = split([...Array.from({ length: 40 }, () => chunk), utf8('\nend\n')]);
    expect(result).toMatchObject({ cutLines: 1, cutBytes: 40 * (1 << 20) - LINE_LIMIT });
    expect(result.text.endsWith('\nend\n')).toBe(true);
  });

  it('cuts long lines between short ones, each with its own break', () => {
    const long = 'y'.repeat(LINE_LIMIT + 5);
    const log = `a\n${long}\r${long}\nb\r\n${'z'.repeat(LINE_LIMIT)}\n`;
    const kept = 'y'.repeat(LINE_LIMIT);
    for (const chunks of [[utf8(log)], cut(utf8(log), 30_000)]) {
      const result = split(chunks);
      expect(result.text === `a\n${kept}\r${kept}\nb\r\n${'z'.repeat(LINE_LIMIT)}\n`).toBe(true);
      expect([result.cutLines, result.cutBytes]).toEqual([2, 10]);
    }
  });

  it('reads what stands behind a hole (LG-04)', () => {
    const log = concat(utf8('ab'), new Uint8Array(300_000), utf8('c\nd\n'));
    expect(split([log])).toMatchObject({ text: 'abc\nd\n', nulBytes: 300_000, cutLines: 0 });
  });

  it('drops NUL bytes and counts them (LG-04)', () => {
    expect(split([concat(utf8('ab\n'), new Uint8Array(500), utf8('c\n'))])).toMatchObject({ text: 'ab\nc\n', nulBytes: 500 });
  });
});
