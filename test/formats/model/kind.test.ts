import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/facts/families';
import { identify } from '../../../src/formats/model/identify';
import type { ModelKind } from '../../../src/formats/model/kind';
import { headerOf } from './headers';

const numbered = (from: number, to: number, name: (i: number) => string, shape: number[]): Record<string, number[]> =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [name(from + i), shape]));

describe('files that are no LoRA, by a few names', () => {
  const cases: readonly [string, ModelKind, Family | null, Record<string, number[]>][] = [
    [
      'SD3 in diffusers names',
      'unet',
      'sd3',
      numbered(0, 24, (i) => `transformer_blocks.${i}.attn.add_q_proj.weight`, [1536, 1536]),
    ],
    [
      'Wan in diffusers names',
      'unet',
      'wan',
      { 'blocks.0.attn1.to_q.weight': [5120, 5120], 'blocks.39.ffn.net.2.weight': [5120, 13824] },
    ],
    [
      'Z-Image in diffusers names',
      'unet',
      'z-image',
      { 'layers.0.attention.to_q.weight': [3840, 3840], 'layers.0.feed_forward.w1.weight': [10240, 3840] },
    ],
    [
      'CogVideoX 5B',
      'unet',
      'cogvideox',
      { 'transformer_blocks.0.attn1.to_q.weight': [3072, 3072], 'transformer_blocks.0.norm1.linear.weight': [18432, 512] },
    ],
    [
      'Qwen-Image ControlNet',
      'controlnet',
      'qwen-image',
      { 'controlnet_x_embedder.weight': [3072, 64], 'transformer_blocks.0.img_mlp.net.2.weight': [3072, 12288] },
    ],
    [
      'SD3 ControlNet',
      'controlnet',
      'sd3',
      { 'controlnet_blocks.0.weight': [1536, 1536], 'transformer_blocks.0.attn.to_q.weight': [1536, 1536] },
    ],
    [
      'T2I adapter, original names',
      'controlnet',
      null,
      { 'body.0.block1.weight': [320, 320, 3, 3], 'conv_in.weight': [320, 192, 3, 3] },
    ],
    ['IP-Adapter of XLabs', 'ip-adapter', 'flux', { 'ip_adapter_proj_model.proj.weight': [16384, 768] }],
    ['TAESD decoder', 'vae', null, { '1.weight': [64, 4, 3, 3], '3.conv.0.weight': [64, 64, 3, 3], '18.weight': [3, 64, 3, 3] }],
    [
      'Compact upscaler',
      'upscaler',
      null,
      { 'body.0.weight': [64, 3, 3, 3], 'body.1.weight': [64], 'body.2.weight': [64, 64, 3, 3] },
    ],
    ['SPAN upscaler', 'upscaler', null, { 'block_1.c1_r.sk.weight': [48, 48, 1, 1], 'upsampler.0.weight': [48, 48, 3, 3] }],
    ['PLKSR upscaler', 'upscaler', null, { 'feats.0.weight': [64, 3, 3, 3], 'feats.1.lk.conv.weight': [16, 16, 17, 17] }],
    ['embedding with a name of its own', 'textual-inversion', 'sd15', { mycat: [3, 768] }],
    ['embedding for CLIP-G alone', 'textual-inversion', 'sdxl', { clip_g: [3, 1280] }],
    ['embeddings of two encoders', 'textual-inversion', 'sdxl', { text_encoders_0: [2, 768], text_encoders_1: [2, 1280] }],
  ];
  it.each(cases)('%s', (_name, kind, family, shapes) => {
    const identity = identify(headerOf(shapes));
    expect(identity.kind).toBe(kind);
    if (family) expect(identity.family.id).toBe(family);
  });

  it.each([
    [
      'OpenCLIP',
      'clip_g',
      { 'token_embedding.weight': [49408, 1280], 'transformer.resblocks.0.attn.in_proj_weight': [3840, 1280] },
    ],
    [
      'Qwen3',
      'qwen3_4b',
      { 'model.embed_tokens.weight': [151936, 2560], 'model.layers.0.self_attn.q_proj.weight': [4096, 2560] },
    ],
    ['Gemma 2', 'gemma2_2b', { 'model.embed_tokens.weight': [256000, 2304], 'model.layers.0.mlp.up_proj.weight': [9216, 2304] }],
  ] as const)('%s is a text encoder', (_name, variant, shapes) => {
    const mutable = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, [...shape]]));
    expect(identify(headerOf(mutable))).toMatchObject({ kind: 'text-encoder', family: { variant } });
  });

  it('leaves a small matrix of another width alone', () => {
    expect(identify(headerOf({ mycat: [3, 700] })).kind).toBe('unknown');
    expect(identify(headerOf({ weights: [4000, 768] })).kind).toBe('unknown');
  });

  it('tells SSD-1B by its way down', () => {
    const unet = (down: number): Record<string, number[]> => ({
      'conv_in.weight': [320, 4, 3, 3],
      'down_blocks.2.attentions.0.transformer_blocks.0.attn2.to_k.weight': [1280, 2048],
      [`down_blocks.2.attentions.0.transformer_blocks.${down}.attn1.to_k.weight`]: [1280, 1280],
      'up_blocks.0.attentions.2.transformer_blocks.9.attn1.to_k.weight': [1280, 1280],
    });
    expect(identify(headerOf(unet(3))).family.id).toBe('ssd-1b');
    expect(identify(headerOf(unet(9))).family.id).toBe('sdxl');
  });
});
