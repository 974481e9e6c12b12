import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, bytesOf } from '../../../src/formats/bytes';
import { readPng } from '../../../src/formats/picture/png';
import { readPicture } from '../../../src/formats/picture/read';
import { TEXT_LIMIT } from '../../../src/formats/picture/types';
import { nodeInflate } from '../../../src/platform/inflate';
import { chunk, concat, header, png, SIGNATURE, text, u32 } from './make';

const read = (data: Uint8Array): ReturnType<typeof readPng> => readPng(bytesOf(data), nodeInflate);
const codes = (data: Uint8Array): string[] => read(data).problems.map((p) => p.code);

describe('PNG text', () => {
  it('IM-01 reads parameters', () => {
    const info = read(png({ before: [text('parameters', 'a cat <lora:x:1>')] }));
    expect(info).toMatchObject({ width: 8, height: 8, broken: false, problems: [] });
    expect(info.texts[0]).toMatchObject({ keyword: 'parameters', text: 'a cat <lora:x:1>', where: 'tEXt', truncated: false });
  });
  it('IM-02 reads the text of a picture that claims an enormous size', () => {
    const data = concat(
      SIGNATURE,
      header(100_000, 100_000),
      text('parameters', 'a'),
      chunk('IDAT', new Uint8Array(deflateSync(new Uint8Array(9)))),
      chunk('IEND', ''),
    );
    expect(read(data)).toMatchObject({ width: 100_000, height: 100_000, texts: [{ text: 'a' }] });
  });
  it('IM-04 cuts a very long text and says so', () => {
    const info = read(
      png({ before: [chunk('tEXt', concat(new TextEncoder().encode('parameters\0'), new Uint8Array(3 * TEXT_LIMIT).fill(97)))] }),
    );
    expect(info.texts[0]?.text).toHaveLength(TEXT_LIMIT);
    expect(info.texts[0]?.truncated).toBe(true);
    expect(info.problems.map((p) => p.code)).toContain('text-truncated');
  });
  it('IM-05 stops a compressed text that explodes', () => {
    const bomb = new Uint8Array(deflateSync(new Uint8Array(64 << 20)));
    const z = read(png({ before: [chunk('zTXt', concat(new TextEncoder().encode('parameters\0\0'), bomb))] }));
    expect(z.texts[0]?.text.length ?? 0).toBeLessThanOrEqual(TEXT_LIMIT);
    expect(z.texts[0]?.truncated).toBe(true);
    const i = read(
      png({ before: [chunk('iTXt', concat(new TextEncoder().encode('parameters\0'), Uint8Array.of(1, 0, 0, 0), bomb))] }),
    );
    expect(i.texts[0]?.truncated).toBe(true);
  });
  it('reads sound zTXt and iTXt', () => {
    const packed = new Uint8Array(deflateSync(new TextEncoder().encode('猫 <lora:猫:1>')));
    const z = read(png({ before: [chunk('zTXt', concat(new TextEncoder().encode('parameters\0\0'), packed))] }));
    expect(z.texts[0]).toMatchObject({ text: '猫 <lora:猫:1>', truncated: false });
    const i = read(png({ before: [chunk('iTXt', new TextEncoder().encode('parameters\0\0\0zh\0x\0猫'))] }));
    expect(i.texts[0]?.text).toBe('猫');
  });
  it('IM-07 keeps the first thousand of many texts and counts all', () => {
    const info = read(png({ before: Array.from({ length: 1500 }, (_, n) => text(`k${n}`, 'x')) }));
    expect(info.texts).toHaveLength(1000);
    expect(info.textCount).toBe(1500);
    expect(info.problems.map((p) => p.code)).toContain('too-many-texts');
  });
  it('IM-08 says where a chunk reaches behind the end', () => {
    const data = concat(SIGNATURE, header(8, 8), u32(0xffffffff), new TextEncoder().encode('IDAT'), new Uint8Array(10));
    expect(read(data)).toMatchObject({ broken: true, problems: [{ code: 'broken', offset: 33 }] });
  });
  it('IM-09 gives up after a million chunks', () => {
    const one = chunk('teST', '');
    const size = 33 + 12 * 1_000_500;
    const source: ByteSource = {
      size,
      read(offset, length) {
        const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        const head = concat(SIGNATURE, header(8, 8));
        for (let i = 0; i < out.length; i++)
          out[i] = offset + i < 33 ? (head[offset + i] ?? 0) : (one[(offset + i - 33) % 12] ?? 0);
        return out;
      },
    };
    expect(readPng(source, nodeInflate).problems.map((p) => p.code)).toContain('too-many-chunks');
  });
  it('IM-10 warns about a wrong checksum and still shows the text', () => {
    const info = read(png({ before: [chunk('tEXt', 'parameters\0hello', true)] }));
    expect(info.texts[0]?.text).toBe('hello');
    expect(info.problems.map((p) => p.code)).toContain('bad-crc');
  });
  it('IM-11 calls a cut picture broken and shows its text', () => {
    const whole = png({ before: [text('parameters', 'hello')] });
    expect(read(whole.subarray(0, whole.length - 30))).toMatchObject({ broken: true, texts: [{ text: 'hello' }] });
  });
  it('IM-12 reads text behind the data and behind the end', () => {
    const info = read(png({ after: [text('a', '1')], trailing: [text('b', '2')] }));
    expect(info.texts.map((t) => t.text)).toEqual(['1', '2']);
    expect(info.problems.map((p) => p.code)).toEqual(['text-after-end']);
    expect(info.broken).toBe(false);
  });
  it('IM-13 lists both of two equal keywords', () => {
    const data = png({ before: [text('parameters', 'one'), text('parameters', 'two')] });
    expect(read(data).texts.map((t) => t.text)).toEqual(['one', 'two']);
    expect(codes(data)).toContain('duplicate-keyword');
  });
  it('IM-14 IM-15 guesses the encoding', () => {
    const as = (bytes: readonly number[]): string | undefined =>
      read(png({ before: [chunk('tEXt', concat(new TextEncoder().encode('parameters\0'), Uint8Array.from(bytes)))] })).texts[0]
        ?.text;
    expect(as([...new TextEncoder().encode('猫耳 café')])).toBe('猫耳 café');
    expect(as([0x63, 0x61, 0x66, 0xe9, 0x20, 0x61])).toBe('café a');
    expect(as([0xc4, 0xe3, 0xba, 0xc3, 0xca, 0xc0, 0xbd, 0xe7])).toBe('你好世界');
    expect(as([0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf])).toBe('こんにち');
  });
  it('IM-18 IM-19 knows what is broken and what is no PNG', () => {
    expect(read(SIGNATURE).broken).toBe(true);
    expect(read(concat(SIGNATURE, header(0, 8), chunk('IDAT', 'x'), chunk('IEND', ''))).broken).toBe(true);
    const kind = (data: Uint8Array): string => readPicture(bytesOf(data), nodeInflate).format;
    expect(kind(new TextEncoder().encode('<!DOCTYPE html><html>'))).toBe('html');
    expect(kind(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('jpeg');
    expect(kind(new Uint8Array(0))).toBe('unknown');
  });
});

describe('PNG, any bytes', () => {
  it('never throws and stays within its limits', () => {
    const sound = png({ before: [text('parameters', 'hello')], after: [chunk('zTXt', 'k\0\0xx'), chunk('eXIf', 'MM')] });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 12 }),
        fc.nat(sound.length),
        (edits, cut) => {
          const data = sound.slice(0, cut);
          for (const [at, value] of edits) if (at < data.length) data[at] = value;
          const info = readPicture(bytesOf(data), nodeInflate);
          expect(info.problems.length).toBeLessThanOrEqual(50);
          expect(info.texts.every((t) => t.text.length <= TEXT_LIMIT)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
