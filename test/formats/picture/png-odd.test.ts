import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/formats/bytes';
import { generationIn, generationOf } from '../../../src/formats/picture/generation';
import { readPng } from '../../../src/formats/picture/png';
import { readPicture } from '../../../src/formats/picture/read';
import { show } from '../../../src/formats/show';
import { nodeGunzip, nodeInflate } from '../../../src/platform/inflate';
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

  describe('IM-26 parameters hidden in the lowest bits of the pixels', () => {
    const [width, height] = [40, 48];
    const infotext = 'a cat <lora:zvx:0.8>\nSteps: 20, Sampler: Euler, Seed: 1, Model: base';
    /** Bits go column by column, into alpha or into red, green and blue. */
    const hide = (signature: string, text: Uint8Array, alpha: boolean): Uint8Array => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length * 8);
      const secret = Buffer.concat([Buffer.from(signature), length, text]);
      const channels = alpha ? 4 : 3;
      const rows = new Uint8Array(height * (1 + channels * width)).map((_, i) => (i % (1 + channels * width) === 0 ? 0 : 254));
      for (let i = 0; i < secret.length * 8; i++) {
        const bit = ((secret[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;
        const pixel = alpha ? i : Math.floor(i / 3);
        const at = (pixel % height) * (1 + channels * width) + 1 + channels * Math.floor(pixel / height) + (alpha ? 3 : i % 3);
        rows[at] = 254 | bit;
      }
      return concat(
        SIGNATURE,
        header(width, height, 8, alpha ? 6 : 2),
        chunk('IDAT', new Uint8Array(deflateSync(rows))),
        chunk('IEND', ''),
      );
    };
    const made = (data: Uint8Array) => {
      const source = bytesOf(data);
      return generationIn(source, readPicture(source, nodeInflate), { inflate: nodeInflate, gunzip: nodeGunzip });
    };
    const plain = new TextEncoder().encode(infotext);

    it.each([
      ['stealth_pnginfo', plain, true],
      ['stealth_pngcomp', new Uint8Array(gzipSync(plain)), true],
      ['stealth_rgbinfo', plain, false],
      ['stealth_rgbcomp', new Uint8Array(gzipSync(plain)), false],
    ])('%s is read', (signature, text, alpha) => {
      expect(made(hide(signature, text, alpha))).toMatchObject({
        text: infotext,
        generation: { positive: 'a cat <lora:zvx:0.8>', checkpoint: 'base' },
      });
    });

    it('a wrong place, a length beyond the picture, a damaged stream and nothing at all are no text', () => {
      expect(made(hide('stealth_rgbinfo', plain, true))).toBeNull();
      expect(made(hide('stealth_pngcomp', plain, true))).toBeNull();
      expect(made(hide('nothing_is_here', plain, true))).toBeNull();
      const long = hide('stealth_pnginfo', plain, true);
      expect(made(long)).not.toBeNull();
      expect(made(hide('stealth_pnginfo', plain, true).subarray(0, long.length - 30))).toBeNull();
      expect(made(hide('stealth_pnginfo\xff\xff', plain, true))).toBeNull();
    });

    it('what the file says openly counts, and nothing is searched then', () => {
      const source = bytesOf(hide('stealth_pnginfo', plain, true));
      const open = { keyword: 'parameters', text: 'a dog\nSteps: 1', where: 'tEXt', offset: 0, truncated: false } as const;
      const info = { ...readPicture(source, nodeInflate), texts: [open] };
      expect(generationIn(source, info, { inflate: nodeInflate, gunzip: nodeGunzip })?.text).toBe(open.text);
    });
  });
});
