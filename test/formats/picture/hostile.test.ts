import { describe, expect, it } from 'vitest';
import { type ByteSource, bytesOf } from '../../../src/formats/bytes';
import { generationOf } from '../../../src/formats/picture/generation';
import { readPicture } from '../../../src/formats/picture/read';
import type { PictureInfo } from '../../../src/formats/picture/types';
import { TEXT_LIMIT } from '../../../src/formats/picture/types';
import { nodeInflate } from '../../../src/platform/inflate';
import { chunk, concat, exif, header, jpeg, png, SIGNATURE, segment, text, u32, userComment, webp } from './make';

const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);
const read = (data: Uint8Array): PictureInfo => readPicture(bytesOf(data), nodeInflate);
const codes = (info: PictureInfo): string[] => info.problems.map((problem) => problem.code);
const app1 = (tiff: Uint8Array): Uint8Array => segment(0xe1, concat(utf8('Exif\0\0'), tiff));
const vp8x = ['VP8X', Uint8Array.of(0, 0, 0, 0, 31, 0, 0, 15, 0, 0)] as const;
const vp8 = ['VP8 ', new Uint8Array(10)] as const;

/** A source of any size: `head`, then the same byte for ever. Counts what is read of it. */
function endless(head: Uint8Array, size: number, fill: number): ByteSource & { read: ByteSource['read']; taken: () => number } {
  let taken = 0;
  return {
    size,
    taken: () => taken,
    read(offset, length) {
      const out = new Uint8Array(Math.max(0, Math.min(length, size - offset))).fill(fill);
      if (offset < head.length) out.set(head.subarray(offset, offset + out.length));
      taken += out.length;
      return out;
    },
  };
}

describe('PNG', () => {
  it('IM-04 of a text of 100 MB the first MiB is read, and no more of the file', () => {
    const head = concat(SIGNATURE, header(8, 8), u32(100 << 20), utf8('tEXtparameters\0'));
    const source = endless(head, (100 << 20) + 33 + 12, 97);
    const info = readPicture(source, nodeInflate);
    expect(info.texts[0]).toMatchObject({ keyword: 'parameters', truncated: true });
    expect(info.texts[0]?.text.length).toBeLessThanOrEqual(TEXT_LIMIT);
    expect(source.taken()).toBeLessThan(4 * TEXT_LIMIT);
  });

  it('IM-08 a chunk that ends a byte behind the file is broken where it begins', () => {
    const whole = png({ before: [text('parameters', 'hello')] });
    const data = concat(SIGNATURE, header(8, 8), text('parameters', 'x'), u32(11), utf8('IDAT'), new Uint8Array(10));
    const info = read(data);
    expect([info.broken, info.texts[0]?.text, info.problems[0]?.code]).toEqual([true, 'x', 'broken']);
    expect(info.problems[0]?.offset).toBe(data.length - 18);
    expect(read(whole).broken).toBe(false);
  });

  it('IM-13 of two parameters the last one counts, as in Pillow', () => {
    const line = 'Steps: 20, Sampler: Euler, Seed: 1';
    const info = read(png({ before: [text('parameters', `first\n${line}`), text('parameters', `second\n${line}`)] }));
    expect(generationOf(info.texts)?.generation.positive).toBe('second');
  });

  it('IM-14, IM-15 another encoding than Latin-1 is marked, and the place of the bytes is kept', () => {
    const of = (bytes: Uint8Array) => read(png({ before: [chunk('tEXt', concat(utf8('parameters\0'), bytes))] }));
    const chinese = of(utf8('猫耳'));
    expect(chinese.problems).toEqual([{ code: 'not-latin1', offset: chinese.texts[0]?.offset, detail: 'parameters' }]);
    expect(codes(of(Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3)))).toEqual(['not-latin1']);
    expect(codes(of(Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x20, 0x61)))).toEqual([]);
    // In iTXt it is what the format says.
    expect(codes(read(png({ before: [chunk('iTXt', concat(utf8('parameters\0\0\0\0\0'), utf8('猫耳')))] })))).toEqual([]);
  });

  it('IM-18 without a header first it is broken, and its text is read', () => {
    const info = read(concat(SIGNATURE, text('parameters', 'x'), chunk('IDAT', 'x'), chunk('IEND', '')));
    expect([info.format, info.broken, info.texts[0]?.text]).toEqual(['png', true, 'x']);
    expect(read(concat(SIGNATURE, header(8, 0), chunk('IDAT', 'x'), chunk('IEND', ''))).broken).toBe(true);
  });
});

describe('JPEG', () => {
  it('IM-22 60,000 EXIF segments end at a limit', () => {
    const one = app1(exif(userComment('x')));
    const info = read(jpeg(...Array.from({ length: 60_000 }, () => one)));
    expect(codes(info)).toContain('too-many-chunks');
    expect(info.problems.length).toBeLessThanOrEqual(20);
    expect(info.texts.length).toBeLessThanOrEqual(1000);
    expect(info.textCount).toBeLessThanOrEqual(4000);
  });

  it.each([0, 1])('IM-22 a segment of length %i is broken, what stood before is read', (length) => {
    const info = read(
      concat(Uint8Array.of(0xff, 0xd8), segment(0xfe, utf8('hello')), Uint8Array.of(0xff, 0xe1, 0, length), new Uint8Array(40)),
    );
    expect([info.broken, info.texts[0]?.text, info.problems[0]?.offset]).toEqual([true, 'hello', 11]);
  });

  it('IM-22 thumbnails inside of thumbnails are not looked into', () => {
    const block = exif(userComment('of the picture'));
    let thumbnail = jpeg(app1(exif(userComment('innermost'))));
    for (let depth = 0; depth < 5; depth++) {
      // The second directory names a JPEG (0x0201, 0x0202) that stands behind the first.
      const second = new DataView(new ArrayBuffer(30));
      second.setUint16(0, 2);
      for (const [at, tag, value] of [
        [2, 0x0201, block.length + 30],
        [14, 0x0202, thumbnail.length],
      ] as const) {
        second.setUint16(at, tag);
        second.setUint16(at + 2, 4);
        second.setUint32(at + 4, 1);
        second.setUint32(at + 8, value);
      }
      const outer = concat(block, new Uint8Array(second.buffer), thumbnail);
      new DataView(outer.buffer).setUint32(22, block.length);
      thumbnail = jpeg(app1(outer));
    }
    const info = read(thumbnail);
    expect(info.texts.map((one) => one.text)).toEqual(['of the picture']);
    expect([info.width, info.height, info.broken]).toEqual([32, 16, false]);
  });

  it.each([
    ['count that overflows with its size', 12, 0xffffffff],
    ['count of all bytes there are', 7, 0xffffffff],
    ['count of one more than there is', 7, 13],
  ])('IM-23 a %s reads nothing behind the end', (_name, type, count) => {
    const block = exif(utf8('ASCII\0\0\0text'));
    const view = new DataView(block.buffer);
    view.setUint16(30, type);
    view.setUint32(32, count);
    const info = read(jpeg(app1(block)));
    expect(info.texts.every((one) => one.text.length <= 12)).toBe(true);
    if (type === 7) expect(codes(info)).toContain('bad-exif');
    expect(info.broken).toBe(false);
  });
});

describe('WebP', () => {
  const comment = ['EXIF', exif(utf8('ASCII\0\0\0odd'))] as const; // 55 bytes: a byte of padding behind it
  const xmp = ['XMP ', utf8('<x/>')] as const;

  it('IM-24 a chunk of odd length has its padding, and the next one is found', () => {
    expect(comment[1].length % 2).toBe(1);
    const info = read(webp(vp8x, vp8, comment, xmp));
    expect(info.texts.map((one) => one.text)).toEqual(['odd', '<x/>']);
    expect(info.broken).toBe(false);
  });

  it.each([
    ['too small', -8, { broken: false }],
    ['too large', 1000, { broken: true }],
    ['of 4 GiB', 0xffffffff, { broken: true }],
  ])('IM-24 a RIFF size %s is not trusted: the text is read', (_name, change, expected) => {
    const data = webp(vp8x, vp8, comment);
    const view = new DataView(data.buffer, data.byteOffset);
    view.setUint32(4, change > 0xffff ? change : view.getUint32(4, true) + change, true);
    const info = read(data);
    expect(info).toMatchObject({ format: 'webp', ...expected, texts: [{ text: 'odd' }] });
    expect(codes(info)).toContain(change < 0 ? 'wrong-size' : 'broken');
  });

  it('IM-24 flags that promise what is not there, and hide what is', () => {
    const flags = (value: number) => ['VP8X', Uint8Array.of(value, 0, 0, 0, 31, 0, 0, 15, 0, 0)] as const;
    expect(read(webp(flags(0), vp8, comment, xmp)).texts).toHaveLength(2);
    expect(read(webp(flags(0x2c), vp8))).toMatchObject({ texts: [], broken: false });
  });

  it('IM-25 an external entity and nested ones stay text, in JPEG too', () => {
    const doctype = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "&f;&f;">]><x>&a;</x>';
    const inJpeg = segment(0xe1, utf8(`http://ns.adobe.com/xap/1.0/\0${doctype}`));
    for (const info of [read(webp(vp8x, vp8, ['XMP ', utf8(doctype)])), read(jpeg(inJpeg))])
      expect(info.texts.map((one) => [one.where, one.text])).toEqual([['xmp', doctype]]);
  });

  it('IM-19 is known as what it is, whatever its name', () => {
    expect(read(webp(vp8x, vp8)).format).toBe('webp');
    expect(read(jpeg()).format).toBe('jpeg');
  });
});

describe('IM-28 JSON in the place of an infotext', () => {
  const keyword = (name: string, value: string) => read(png({ before: [text(name, value)] })).texts;
  it.each([
    ['SwarmUI', 'parameters', '{"sui_image_params":{"prompt":"cat","model":"x"}}', 'swarmui'],
    ['InvokeAI', 'invokeai_metadata', '{"app_version":"6.1","model":{"name":"x"},"positive_prompt":"cat"}', 'invokeai'],
    ['Fooocus', 'parameters', '{"prompt":"cat","base_model":"x","version":"Fooocus v2.5.5"}', 'fooocus'],
    ['a ComfyUI graph with a cycle', 'prompt', '{"1":{"class_type":"LoraLoader","inputs":{"model":["1",0]}}}', 'comfyui'],
  ])('of %s is read', (_name, name, json, ui) => {
    expect(generationOf(keyword(name, json))?.generation.ui).toBe(ui);
  });
  it.each([
    ['NovelAI, which has no LoRAs', 'Comment', '{"prompt":"cat","uc":"bad","steps":28,"sampler":"k_euler"}'],
    ['nothing that we know', 'Comment', '{"a":1}'],
    ['half of a document', 'prompt', '{"1":{"class_type":"LoraLoader"'],
    ['a list', 'prompt', '[1,2]'],
  ])('of %s is no request', (_name, name, json) => {
    expect(generationOf(keyword(name, json))).toBeNull();
  });
});

describe('Easy Diffusion', () => {
  const loras = (texts: readonly (readonly [string, string])[]) =>
    generationOf(read(png({ before: texts.map(([name, value]) => text(name, value)) })).texts)?.generation.loras.map(
      ({ name, strength }) => [name, strength],
    );
  const base = [
    ['prompt', 'a cat'],
    ['use_stable_diffusion_model', 'sd-v1-5'],
  ] as const;
  it('one LoRA, several as a list of Python, and none', () => {
    expect(loras([...base, ['use_lora_model', 'pixel'], ['lora_alpha', '0.7']])).toEqual([['pixel', 0.7]]);
    const several = [...base, ['use_lora_model', `['sub/pixel', "it's, 2"]`], ['lora_alpha', '[0.5, -1]']] as const;
    expect(loras(several)).toEqual([
      ['sub/pixel', 0.5],
      ["it's, 2", -1],
    ]);
    for (const none of ['None', '[]', '']) expect(loras([...base, ['use_lora_model', none]])).toEqual([]);
    expect(loras([...base, ['use_lora_model', 'a']])).toEqual([['a', null]]);
  });
  it('with the names of its text files, and as JSON in a JPEG', () => {
    const words = [
      ['Prompt', 'a cat'],
      ['Stable Diffusion model', 'sd-v1-5'],
      ['LoRA model', 'pixel, film'],
      ['LoRA Strength', '0.5, 1'],
    ] as const;
    expect(loras(words)).toEqual([
      ['pixel', 0.5],
      ['film', 1],
    ]);
    const json = JSON.stringify({
      ...Object.fromEntries(base),
      seed: 1,
      use_lora_model: ['pixel', 'film'],
      lora_alpha: [0.5, 1],
    });
    expect(generationOf(read(jpeg(app1(exif(userComment(json))))).texts)?.generation).toMatchObject({
      ui: 'easydiffusion',
      positive: 'a cat',
      checkpoint: 'sd-v1-5',
      loras: [
        { name: 'pixel', strength: 0.5 },
        { name: 'film', strength: 1 },
      ],
    });
  });
});
