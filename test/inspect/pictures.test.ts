import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, layerKind } from '../../src/inspect/blocks';
import { bar, histogram, squeeze, strip } from '../../src/inspect/charts';
import { pictures } from '../../src/inspect/pictures';
import { textWidth } from '../../src/report/width';
import type { ModuleWeights, WeightsLook } from '../../src/weights/look';

describe('blocks', () => {
  it.each([
    ['lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q', 'IN', 4, 'self-attention'],
    ['lora_unet_up_blocks_3_attentions_2_proj_out', 'OUT', 11, 'projection'],
    ['lora_unet_mid_block_resnets_1_conv1', 'MID', 0, 'convolution'],
    ['lora_unet_input_blocks_8_1_transformer_blocks_9_ff_net_0_proj', 'IN', 8, 'feed-forward'],
    ['transformer.single_transformer_blocks.37.attn.to_q', 'single', 37, 'attention'],
    ['lora_unet_double_blocks_18_img_mlp_0', 'double', 18, 'feed-forward'],
    ['lora_te2_text_model_encoder_layers_31_mlp_fc1', 'te2', 31, 'feed-forward'],
    ['text_encoder.text_model.encoder.layers.3.self_attn.q_proj', 'te1', 3, 'self-attention'],
    ['diffusion_model.blocks.29.cross_attn.k', 'blocks', 29, 'cross-attention'],
    ['something_else', 'other', 0, 'other'],
  ])('%s', (name, group, index, kind) => {
    expect(blockOf(name)).toEqual({ group, index });
    expect(layerKind(name)).toBe(kind);
  });
});

describe('charts', () => {
  it('draw more for more', () => {
    expect(strip([0.1, null, 1], 1, false)).toBe('▁ █');
    expect(strip([0.1, 1], 1, true)).toBe('.@');
    expect(bar(0.5, 1, 4, false)).toBe('██');
    expect(bar(1e-9, 1, 4, false)).toBe('▏');
    expect(bar(0, 1, 4, false)).toBe('');
    expect(bar(1, 1, 4, true)).toBe('####');
    expect(histogram([0, 1, 4], 2, false)).toEqual(['  █', ' ▄█']);
    expect(squeeze([1, 3, null, null], 2)).toEqual([2, null]);
  });

  it('never exceed their room', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        (value, room, ascii) => {
          expect(textWidth(bar(value, 5, room, ascii))).toBeLessThanOrEqual(Math.max(room, 1));
          expect(squeeze(new Array(200).fill(value), room).length).toBeLessThanOrEqual(room);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const module = (name: string, norm: number, effectiveRank: number | null = 3): ModuleWeights => ({
  name,
  rank: 8,
  alpha: 8,
  scale: 1,
  norm,
  spectral: norm,
  effectiveRank,
});
const look = (modules: ModuleWeights[]): WeightsLook => ({ modules }) as unknown as WeightsLook;

describe('pictures', () => {
  const encoder = Array.from({ length: 99 }, (_, i) => module(`lora_te_text_model_encoder_layers_${i % 12}_mlp_fc1`, i));
  const modules = Array.from({ length: 57 }, (_, i) => module(`transformer.single_transformer_blocks.${i}.attn.to_q`, i + 1));

  it.each([
    [80, false, 'en'],
    [80, true, 'zh'],
    [64, false, 'zh'],
    [120, true, 'en'],
  ] as const)('fit into %s columns (ascii %s, %s)', (columns, ascii, lang) => {
    const lines = pictures(look([...modules, ...encoder]), { columns, ascii, lang });
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    if (ascii && lang === 'en') expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('show nothing where nothing is', () => {
    expect(pictures(look([module('x', 0, null)]), { columns: 80, ascii: false, lang: 'en' })).toEqual([]);
    expect(pictures(look([]), { columns: 80, ascii: false, lang: 'en' })).toEqual([]);
  });

  it('count every module in the histogram, whatever its rank', () => {
    const lines = pictures(look([module('x', 1, 1), module('y', 1, 8)]), { columns: 80, ascii: true, lang: 'en' });
    expect(lines).toContain('effective rank (median 8.0 of 8; 2 modules)');
    expect(lines.find((line) => line.startsWith('  ####') && line.endsWith('####'))).toBeDefined();
  });
});
