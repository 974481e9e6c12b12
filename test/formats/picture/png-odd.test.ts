import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/formats/bytes';
import { generationOf } from '../../../src/formats/picture/generation';
import { readPng } from '../../../src/formats/picture/png';
import { show } from '../../../src/formats/show';
import { nodeInflate } from '../../../src/platform/inflate';
import { chunk, concat, header, pixels, png, SIGNATURE, text, u32 } from './make';

const read = (data: Uint8Array): ReturnType<typeof readPng> => readPng(bytesOf(data), nodeInflate);

describe('odd PNG files', () => {
  it('IM-06 a picture inside the text of a picture is text', () => {
    const inner = png({ before: [text('parameters', 'inner <lora:inner:1>')] });
    const uri = `data:image/png;base64,${Buffer.from(inner).toString('base64')}`;
    const info = read(png({ before: [chunk('iTXt', `parameters\0\0\0\0\0${uri}`)] }));
    expect(info.texts.map((one) => one.text)).toEqual([uri]);
    expect(generationOf(info.texts)?.generation.loras ?? []).toEqual([]);
  });

  describe('IM-17 an animated PNG', () => {
    const rows = pixels(8, 8, () => [1, 2, 3]);
    const control = concat(u32(0), u32(8), u32(8), new Uint8Array(12).fill(1));
    const animated = (frame: Uint8Array): Uint8Array =>
      concat(
        SIGNATURE,
        header(8, 8),
        chunk('acTL', concat(u32(2), u32(0))),
        chunk('comf', 'prompt\0{"1":{}}'),
        frame,
        chunk('IDAT', new Uint8Array(deflateSync(rows))),
        chunk('fdAT', concat(u32(1), new Uint8Array(deflateSync(rows)))),
        text('parameters', 'a cat'),
        chunk('IEND', ''),
      );
    it.each([
      ['sound', chunk('fcTL', control)],
      ['with a frame control of three bytes', chunk('fcTL', 'abc')],
      ['with a wrong checksum in its frame control', chunk('fcTL', control, true)],
      ['with an empty frame control', chunk('fcTL', '')],
      ['without frame control', new Uint8Array(0)],
    ])('%s is whole, and its text is read', (_, frame) => {
      const info = read(animated(frame));
      expect(info).toMatchObject({ width: 8, height: 8, broken: false, problems: [] });
      expect(info.texts.map((one) => [one.where, one.text])).toEqual([
        ['comf', '{"1":{}}'],
        ['tEXt', 'a cat'],
      ]);
      expect(info.layout?.data).toHaveLength(1);
    });
    it('with a frame control that reaches behind the end is broken there', () => {
      const data = concat(SIGNATURE, header(8, 8), u32(9999), new TextEncoder().encode('fcTL'), new Uint8Array(20));
      expect(read(data)).toMatchObject({ broken: true, problems: [{ code: 'broken', offset: 33 }] });
    });
  });

  it('IM-20 control sequences of a prompt are kept as data and shown escaped', () => {
    const hostile = 'a cat\x1b]52;c;cm0=\x07\x1b[2J\u202egpj.exe\u2066\r\nSteps: 20, Sampler: Euler, Model: \x1b[31mred\u202e';
    const info = read(png({ before: [chunk('iTXt', new TextEncoder().encode(`parameters\0\0\0\0\0${hostile}`))] }));
    expect(info.texts[0]?.text).toBe(hostile);
    const made = generationOf(info.texts);
    expect(made).not.toBeNull();
    const shown = show(JSON.stringify(made, (_, value: unknown) => (typeof value === 'string' ? show(value) : value)));
    expect(shown).toContain('red');
    expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it('IM-26 parameters hidden in the lowest bits of the alpha channel are not read: there is no text', () => {
    const secret = Buffer.from('stealth_pngcomp');
    const rows = new Uint8Array(16 * (1 + 4 * 16));
    for (let i = 0; i < secret.length * 8; i++) {
      const bit = ((secret[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;
      rows[(i % 16) * 65 + 1 + 4 * Math.floor(i / 16) + 3] = 254 | bit;
    }
    const data = concat(SIGNATURE, header(16, 16, 8, 6), chunk('IDAT', new Uint8Array(deflateSync(rows))), chunk('IEND', ''));
    const info = read(data);
    expect(info).toMatchObject({ broken: false, texts: [], textCount: 0, problems: [] });
    expect(generationOf(info.texts)).toBeNull();
  });
});
