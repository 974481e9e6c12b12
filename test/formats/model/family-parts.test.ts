import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/facts/families';
import { identify } from '../../../src/formats/model/identify';
import { headerOf } from './headers';

/** One LoRA pair of rank 4 for each `NAME: [out, in]`. */
function pairs(modules: Record<string, readonly [number, number]>, ab = true): Record<string, number[]> {
  const [down, up] = ab ? ['lora_A', 'lora_B'] : ['lora_down', 'lora_up'];
  return Object.fromEntries(
    Object.entries(modules).flatMap(([name, [rows, columns]]) => [
      [`${name}.${down}.weight`, [4, columns]],
      [`${name}.${up}.weight`, [rows, 4]],
    ]),
  );
}

const familyOf = (modules: Record<string, readonly [number, number]>, ab = true) => identify(headerOf(pairs(modules, ab))).family;

/** A part of each model is enough when names and shapes are its own. */
describe('families from a few modules', () => {
  const cases: readonly [string, Family, string | null, Record<string, readonly [number, number]>][] = [
    [
      'VACE blocks',
      'wan',
      'vace-14b',
      { 'diffusion_model.vace_blocks.3.self_attn.q': [5120, 5120], 'diffusion_model.vace_blocks.0.before_proj': [5120, 5120] },
    ],
    ['DiffSynth prefix', 'wan', '14b', { 'pipe.dit.blocks.0.self_attn.q': [5120, 5120] }],
    [
      'second expert of Wan 2.2',
      'wan',
      '14b',
      { 'transformer_2.blocks.3.attn1.to_q': [5120, 5120], 'transformer_2.blocks.3.ffn.net.2': [5120, 13824] },
    ],
    [
      'HunyuanVideo 1.5, diffusers',
      'hunyuan-video-1.5',
      null,
      { 'transformer.transformer_blocks.2.attn.add_q_proj': [2048, 2048] },
    ],
    [
      'HunyuanImage 2.1, diffusers',
      'hunyuan-image-2.1',
      null,
      { 'transformer.single_transformer_blocks.2.proj_mlp': [14336, 3584] },
    ],
    ['PixArt, original names', 'pixart', null, { 'diffusion_model.blocks.1.cross_attn.kv_linear': [2304, 1152] }],
    ['AuraFlow single blocks', 'auraflow', null, { 'transformer.single_transformer_blocks.9.ff.linear_1': [8192, 3072] }],
    ['CogVideoX 2B', 'cogvideox', '2b', { 'transformer.transformer_blocks.3.attn1.to_q': [1920, 1920] }],
    [
      'Cosmos-Predict2 14B, diffusers',
      'cosmos-predict2',
      '14b',
      {
        'transformer.transformer_blocks.3.attn1.to_q': [5120, 5120],
        'transformer.transformer_blocks.3.attn2.to_k': [5120, 1024],
      },
    ],
    ['Cosmos-Predict2 14B, original', 'cosmos-predict2', '14b', { 'diffusion_model.blocks.3.mlp.layer1': [20480, 5120] }],
    ['Mochi, original names', 'mochi', null, { 'blocks.3.attn.qkv_y': [9216, 1536] }],
    ['Krea-2, diffusers', 'krea2', null, { 'transformer.transformer_blocks.3.attn.to_k': [1536, 6144] }],
    ['Krea-2, MLP only', 'krea2', null, { 'diffusion_model.blocks.3.mlp.gate': [16384, 6144] }],
    ['Flux.2 klein 4B, one layer', 'flux2', 'klein-4b', { 'diffusion_model.single_blocks.3.linear2': [3072, 12288] }],
    [
      'refiner, feed-forward only',
      'sdxl-refiner',
      null,
      { 'unet.down_blocks.1.attentions.0.transformer_blocks.0.ff.net.2': [768, 3072] },
    ],
    [
      'SD3.5 medium',
      'sd3',
      '3.5-medium',
      {
        'transformer.transformer_blocks.3.attn2.to_q': [1536, 1536],
        'transformer.transformer_blocks.3.attn.add_q_proj': [1536, 1536],
      },
    ],
  ];
  it.each(cases)('%s', (_name, id, variant, modules) => {
    expect(familyOf(modules)).toMatchObject({ id, variant, confidence: 'certain', candidates: [id] });
  });

  it.each([
    [
      'Flux.1, Chroma and HunyuanVideo have this layer',
      ['flux', 'chroma', 'hunyuan-video'],
      { 'diffusion_model.single_blocks.3.linear2': [3072, 15360] },
    ],
    [
      'beyond the depth of Flux.1',
      ['hunyuan-video', 'framepack'],
      { 'transformer.single_transformer_blocks.39.proj_mlp': [12288, 3072] },
    ],
    ['PixArt and the small Sana', ['pixart', 'sana'], { 'transformer.transformer_blocks.3.attn1.to_q': [1152, 1152] }],
    [
      'LTX 13B and LTX-2 without its audio side',
      ['ltx-video', 'ltx-2'],
      { 'transformer.transformer_blocks.3.attn2.to_k': [4096, 4096] },
    ],
    ['Anima and its base', ['cosmos-predict2', 'anima'], { 'diffusion_model.blocks.3.self_attn.q_proj': [2048, 2048] }],
  ] as const)('not decidable: %s', (_name, candidates, modules) => {
    const family = familyOf({ ...modules });
    expect([...family.candidates].sort()).toEqual([...candidates].sort());
    expect(family.confidence).not.toBe('certain');
  });

  it('is not sure when one module has a shape that the family does not have', () => {
    const odd = familyOf({
      'transformer.transformer_blocks.0.img_other': [10, 10],
      'transformer.transformer_blocks.3.attn1.to_q': [1920, 1920],
      'transformer.transformer_blocks.3.ff.net.2': [1920, 7000],
    });
    expect(odd).toMatchObject({ id: 'cogvideox', confidence: 'likely' });
  });

  it('says what another model is without naming a family', () => {
    expect(familyOf({ 'transformer.transformer_blocks.3.attn2.to_k': [4096, 1024] })).toMatchObject({
      id: 'unknown',
      candidates: [],
      variant: 'cosmos-1',
    });
  });
});

describe('SDXL and its distilled versions', () => {
  const layers = (part: string, depth: number): Record<string, readonly [number, number]> =>
    Object.fromEntries(
      Array.from({ length: depth }, (_, i) => [
        `unet.${part}.attentions.1.transformer_blocks.${i}.attn2.to_k`,
        [part.endsWith('1') ? 640 : 1280, 2048] as const,
      ]),
    );
  const distilled = { ...layers('down_blocks.1', 2), ...layers('down_blocks.2', 4), ...layers('up_blocks.0', 10) };

  it('no middle attention and four layers on the way down: SSD-1B', () => {
    expect(familyOf(distilled)).toMatchObject({ id: 'ssd-1b', confidence: 'likely', candidates: ['ssd-1b', 'sdxl'] });
  });

  it('attention in the middle, or only the way up: SDXL', () => {
    expect(familyOf({ ...distilled, ...layers('mid_block', 10) })).toMatchObject({ id: 'sdxl', confidence: 'certain' });
    expect(familyOf(layers('up_blocks.0', 10))).toMatchObject({ id: 'sdxl' });
  });
});

describe('text encoders on their own', () => {
  const layer = (prefix: string, width: number): Record<string, readonly [number, number]> => ({
    [`${prefix}text_model_encoder_layers_0_self_attn_q_proj`]: [width, width],
  });
  it.each([
    ['CLIP-L and CLIP-G', ['sdxl', 'sd3'], { ...layer('lora_te1_', 768), ...layer('lora_te2_', 1280) }],
    [
      'CLIP-L and T5',
      ['flux', 'sd3'],
      { ...layer('lora_te1_', 768), lora_te3_encoder_block_0_layer_0_SelfAttention_q: [4096, 4096] },
    ],
    ['Gemma 2', ['lumina2', 'sana'], { lora_te_layers_3_self_attn_q_proj: [2048, 2304] }],
    ['Qwen3 0.6B', ['anima'], { lora_te_layers_3_self_attn_q_proj: [2048, 1024] }],
  ] as const)('%s', (_name, candidates, modules) => {
    const family = familyOf({ ...modules }, false);
    expect(family.candidates).toEqual(candidates);
    expect(family).toMatchObject({ id: candidates[0], confidence: 'likely' });
  });
});

describe('adapters of PEFT and LyCORIS', () => {
  it('IA3 and BOFT of PEFT', () => {
    const ia3 = identify(
      headerOf({ 'base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.ia3_l': [320, 1] }),
    );
    expect(ia3).toMatchObject({ kind: 'lora', adapter: 'ia3', moduleCount: 1 });
    const boft = identify(
      headerOf({
        'base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.boft_R': [2, 40, 8, 8],
        'base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.boft_s': [320, 1],
      }),
    );
    expect(boft).toMatchObject({ adapter: 'boft', moduleCount: 1 });
  });

  it('reads the rank and the text width of T-LoRA', () => {
    const name = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k';
    const identity = identify(
      headerOf({ [`${name}.q_layer.weight`]: [8, 768], [`${name}.p_layer.weight`]: [320, 8], [`${name}.lambda_layer`]: [1, 8] }),
    );
    expect(identity).toMatchObject({ rank: { min: 8, max: 8 }, family: { id: 'sd15' } });
  });
});
