import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { inspectEntry, inspectModel } from '../../src/formats/model/inspect';
import { readMetadata } from '../../src/formats/model/metadata';
import { openModel } from '../../src/formats/model/open';
import { readSafetensors } from '../../src/formats/safetensors';
import { entry, file, read } from './safetensors-samples';

const MODULE = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';

/** The alpha that a LoRA of one module is said to have; every read of bytes is noted. */
function alphaOf(dtype: string, shape: string, value: (view: DataView) => number): { alpha: unknown; read: number } {
  const view = new DataView(new ArrayBuffer(8));
  const size = value(view);
  const header = [
    entry(`${MODULE}.alpha`, dtype, shape, `[0,${size}]`),
    entry(`${MODULE}.lora_down.weight`, 'F16', '[4,768]', `[${size},${size + 6144}]`),
    entry(`${MODULE}.lora_up.weight`, 'F16', '[1280,4]', `[${size + 6144},${size + 16_384}]`),
  ];
  const data = file(`{${header.join()}}`, size + 16_384);
  const start = data.length - size - 16_384;
  data.set(new Uint8Array(view.buffer, 0, size), start);
  const source = bytesOf(data);
  let most = 0;
  const bytes = {
    size: source.size,
    read: (offset: number, length: number) => {
      if (offset >= start) most += length;
      return source.read(offset, length);
    },
  };
  const { container, header: seen } = openModel(source);
  const found = inspectEntry(inspectModel({ path: 'x', size: data.length, container, header: seen, bytes }));
  return { alpha: (found.alpha as { typical: unknown } | null)?.typical, read: most };
}

describe('ST-73 alphas of any value and form', () => {
  const half = (bits: number) => (view: DataView) => {
    view.setUint16(0, bits, true);
    return 2;
  };
  const double = (number: number) => (view: DataView) => {
    view.setFloat64(0, number, true);
    return 8;
  };
  it.each([
    ['NaN', 'F16', '[]', half(0x7e00), 'nan'],
    ['infinite', 'F16', '[]', half(0x7c00), 'inf'],
    ['infinite below zero', 'F16', '[1]', half(0xfc00), '-inf'],
    ['0', 'BF16', '[]', half(0), 0],
    ['negative', 'F64', '[1]', double(-2.5), -2.5],
    ['F64', 'F64', '[]', double(16), 16],
    ['a list, which is no alpha', 'F16', '[4]', () => 8, undefined],
  ] as const)('%s', (_, dtype, shape, value, alpha) => {
    const found = alphaOf(dtype, shape, value);
    expect(found.alpha).toBe(alpha);
    expect(found.read).toBeLessThanOrEqual(8);
  });
});

describe('metadata of any content', () => {
  const withMetadata = (metadata: Record<string, string>) => {
    const result = read(file(`{"__metadata__":${JSON.stringify(metadata)},${entry('a')}}`, 8));
    if (!result.ok) throw new Error(result.error.message);
    return result;
  };

  it('ST-74 tags of 5 MB, JSON that is none, numbers that are words', () => {
    const tags = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [`word number ${i} of the captions`, 150_000 - i]));
    const text = JSON.stringify({ '10_x': tags });
    expect(text.length).toBeGreaterThan(5_000_000);
    const large = withMetadata({ ss_tag_frequency: text });
    expect(readMetadata(large.header.metadata).triggers.all[0]).toMatchObject({
      word: 'word number 0 of the captions',
      count: 150_000,
    });
    for (const broken of ['{"a":', '[]', 'null', '{"a":{"b":"c"}}', '{"__proto__":{"x":1}}', '"', '{"a":{"b":-1e999}}']) {
      const { header, notes } = withMetadata({ ss_tag_frequency: broken, ss_network_dim: '0x10', ss_network_alpha: '1e400' });
      expect(notes).toEqual([]);
      expect(readMetadata(header.metadata)).toMatchObject({ networkDim: '0x10', networkAlpha: '1e400' });
    }
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('ST-75 a picture of 20 MB in the metadata is left out, a description full of HTML stays data', () => {
    const picture = `data:image/jpeg;base64,${'A'.repeat(20_000_000)}`;
    const { header, notes } = withMetadata({
      'modelspec.thumbnail': picture,
      'modelspec.description': '<script>alert(1)</script>',
    });
    expect(notes).toEqual([{ code: 'metadata-cut', count: 1, example: 'modelspec.thumbnail' }]);
    expect([...header.metadata.keys()]).toEqual(['modelspec.description']);
    expect(header.metadata.get('modelspec.description')).toBe('<script>alert(1)</script>');
  });
});

describe('ST-66 as many tensors as a header of 100 MB can name', () => {
  it('are all counted and checked', () => {
    const parts: Buffer[] = [];
    let size = 2;
    let count = 0;
    for (let block = ''; ; block = '') {
      for (let i = 0; i < 10_000; i++, count++)
        block += `${count === 0 ? '' : ','}"${count}":{"dtype":"U8","shape":[],"data_offsets":[${count},${count + 1}]}`;
      if (size + block.length > 100_000_000) break;
      size += block.length;
      parts.push(Buffer.from(block));
    }
    count -= 10_000;
    expect(count).toBeGreaterThan(1_400_000);
    const text = Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')]);
    const good = readSafetensors(bytesOf(file(text, count)));
    expect(good.ok && good.notes).toEqual([{ code: 'tensors-not-listed', count: count - 32_000, example: '' }]);
    expect(readSafetensors(bytesOf(file(text, count - 1)))).toMatchObject({ ok: false, error: { need: 8 + size + count } });
  });
});
