import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/formats/bytes';
import { generationOf } from '../../../src/formats/picture/generation';
import { readPicture } from '../../../src/formats/picture/read';
import type { PictureInfo } from '../../../src/formats/picture/types';
import { nodeInflate } from '../../../src/platform/inflate';
import { concat, exif, header, jpeg, SIGNATURE, segment, userComment, webp } from './make';

const read = (data: Uint8Array): PictureInfo => readPicture(bytesOf(data), nodeInflate);
const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);
const app1 = (tiff: Uint8Array): Uint8Array => segment(0xe1, concat(utf8('Exif\0\0'), tiff));
const vp8x = ['VP8X', Uint8Array.of(0, 0, 0, 0, 31, 0, 0, 15, 0, 0)] as const;
const vp8 = ['VP8 ', new Uint8Array(10)] as const;

describe('EXIF', () => {
  it('IM-21 reads a UserComment in every encoding', () => {
    const comment = (bytes: Uint8Array, little = false): string | undefined =>
      read(jpeg(app1(exif(bytes, little)))).texts[0]?.text;
    expect(comment(userComment('猫 <lora:a:1>'))).toBe('猫 <lora:a:1>');
    expect(comment(userComment('plain', true), true)).toBe('plain');
    expect(comment(concat(utf8('ASCII\0\0\0'), utf8('plain')))).toBe('plain');
    expect(comment(utf8('no prefix here'))).toBe('no prefix here');
    expect(comment(concat(utf8('JIS\0\0\0\0\0'), Uint8Array.of(0x1b, 0x24, 0x42, 0x47, 0x2d, 0x1b, 0x28, 0x42)))).toBe('猫');
  });
  it('tells how a picture lies, by its first directory, and nothing of an impossible value', () => {
    const turned = (value: number, little: boolean): Uint8Array => {
      const view = new DataView(new ArrayBuffer(26));
      for (const at of [0, 1]) view.setUint8(at, little ? 0x49 : 0x4d);
      view.setUint16(2, 42, little);
      view.setUint32(4, 8, little);
      view.setUint16(8, 1, little);
      view.setUint16(10, 0x0112, little);
      view.setUint16(12, 3, little);
      view.setUint32(14, 1, little);
      view.setUint16(18, value, little);
      return new Uint8Array(view.buffer);
    };
    expect(read(jpeg(app1(turned(6, false)))).orientation).toBe(6);
    expect(read(jpeg(app1(turned(8, true)))).orientation).toBe(8);
    expect(read(webp(vp8x, vp8, ['EXIF', turned(3, true)])).orientation).toBe(3);
    for (const value of [0, 9, 65535]) expect(read(jpeg(app1(turned(value, true)))).orientation).toBe(1);
    expect(read(jpeg()).orientation).toBe(1);
  });
  it('tells whether there is a channel for transparency', () => {
    const flags = (value: number) => ['VP8X', Uint8Array.of(value, 0, 0, 0, 31, 0, 0, 15, 0, 0)] as const;
    expect(read(webp(flags(0x10), vp8)).alpha).toBe(true);
    expect(read(webp(flags(0), vp8)).alpha).toBe(false);
    expect(read(webp(['VP8L', Uint8Array.of(0x2f, 31, 0, 0, 0x10)])).alpha).toBe(true);
    for (const [colorType, alpha] of [
      [0, false],
      [2, false],
      [3, false],
      [4, true],
      [6, true],
    ] as const)
      expect(read(concat(SIGNATURE, header(8, 8, 8, colorType)))).toMatchObject({ format: 'png', alpha });
    expect(read(jpeg()).alpha).toBe(false);
  });
  it('IM-22 stays bounded on odd JPEGs', () => {
    expect(read(jpeg(...Array.from({ length: 5000 }, () => segment(0xe5, utf8('x'))))).problems.map((p) => p.code)).toContain(
      'too-many-chunks',
    );
    expect(read(concat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 1, 0, 0)))).toMatchObject({ broken: true });
    const whole = jpeg(segment(0xfe, utf8('hello')));
    expect(read(whole.subarray(0, whole.length - 2))).toMatchObject({
      broken: true,
      width: 32,
      height: 16,
      texts: [{ text: 'hello' }],
    });
  });
  it('IM-23 follows no loop and reads nothing behind the end', () => {
    const loop = exif(userComment('x'));
    new DataView(loop.buffer).setUint32(22, 8);
    expect(read(jpeg(app1(loop))).problems.map((p) => p.code)).toContain('bad-exif');
    const far = exif(userComment('x'));
    new DataView(far.buffer).setUint32(36, 0xfffffff0);
    expect(read(jpeg(app1(far)))).toMatchObject({ texts: [], problems: [{ code: 'bad-exif' }] });
    const many = exif(userComment('x'));
    new DataView(many.buffer).setUint16(26, 65535);
    expect(read(jpeg(app1(many))).problems.map((p) => p.code)).toContain('bad-exif');
  });
  it('IM-24 reads WebP with padding, wrong sizes and lying flags', () => {
    const info = read(webp(vp8x, vp8, ['EXIF', exif(userComment('cat <lora:a:1>'))]));
    expect(info).toMatchObject({ format: 'webp', width: 32, height: 16, broken: false, texts: [{ text: 'cat <lora:a:1>' }] });
    const cut = webp(vp8x, vp8, ['EXIF', exif(userComment('cat'))]);
    expect(read(cut.subarray(0, cut.length - 3)).broken).toBe(true);
  });
  it('IM-25 expands nothing in XMP', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>';
    expect(read(webp(vp8x, vp8, ['XMP ', utf8(bomb)])).texts[0]?.text).toBe(bomb);
  });
  it('finds infotext and ComfyUI graphs', () => {
    const infotext = 'a cat <lora:a:1>\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Version: v1.10.1';
    expect(generationOf(read(jpeg(app1(exif(userComment(infotext))))).texts)?.generation).toMatchObject({
      ui: 'a1111',
      steps: 20,
    });
    const graph = 'prompt:{"1": {"class_type": "LoraLoader", "inputs": {"lora_name": "a.safetensors", "strength_model": 1}}}';
    const block = exif(utf8(graph));
    new DataView(block.buffer).setUint16(28, 0x0110);
    expect(generationOf(read(webp(vp8x, vp8, ['EXIF', block])).texts)).toMatchObject({
      source: 'graph',
      generation: { loras: [{ name: 'a.safetensors' }] },
    });
  });
  it('never throws on any bytes', () => {
    const samples = [jpeg(app1(exif(userComment('hello')))), webp(vp8x, vp8, ['EXIF', exif(userComment('hello'))])];
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(150), fc.nat(255)), { maxLength: 10 }),
        (sample, edits) => {
          const data = sample.slice();
          for (const [at, value] of edits) if (at < data.length) data[at] = value;
          expect(generationOf(read(data).texts)?.source ?? 'none').toMatch(/image|graph|none/);
        },
      ),
      { numRuns: 400 },
    );
  });
});
