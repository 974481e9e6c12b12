import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify } from '../../../src/formats/model/identify';
import { fixture, headerOf, stripped } from './headers';

describe('identify: families of LoRAs', () => {
  it.each([
    ['sdscripts-sd15-lora-r32-te', 'sd15', 'certain'],
    ['sdscripts-sdxl-lora-r8-pony', 'sdxl', 'certain'],
    ['lycoris-sd15-loha-tucker', 'sd15', 'certain'],
    ['lycoris-sd15-lokr-r4-tucker', 'sd15', 'certain'],
    ['musubi-wan21-14b-i2v-lora-r8', 'wan', 'certain'],
    ['peft-mochi-lora-r16', 'mochi', 'certain'],
    ['bfl-flux1-control-lora-r16', 'flux', 'certain'],
    ['xlabs-flux1-lora-r16', 'flux', 'certain'],
    ['onetrainer-zimage-lora-r16-comfy', 'z-image', 'certain'],
    ['musubi-fluxkontext-lora-r16', 'flux', 'likely'],
    ['sdscripts-chroma-lora-r16', 'chroma', 'likely'],
    ['slider-sd15-attn-r4', 'sd15', 'guess'],
  ])('%s is %s (%s)', (name, family, confidence) => {
    const identity = identify(fixture(name));
    expect(identity.kind).toBe('lora');
    expect(identity.family).toMatchObject({ id: family, confidence });
  });

  it('leaves equal tensors undecided without metadata, whichever family they came from', () => {
    for (const name of ['musubi-fluxkontext-lora-r16', 'sdscripts-chroma-lora-r16']) {
      const { family } = identify(stripped(fixture(name)));
      expect(family.confidence).toBe('guess');
      expect(family.candidates).toEqual(['flux', 'chroma']);
    }
  });

  it('never follows metadata against the tensors', () => {
    const header = fixture('sdscripts-sd15-lora-r32-te');
    const lying = new Map([
      ...header.metadata,
      ['ss_base_model_version', 'sdxl_base_v1-0'],
      ['modelspec.architecture', 'flux-1-dev/lora'],
    ]);
    expect(identify({ ...header, metadata: lying }).family).toMatchObject({ id: 'sd15', confidence: 'certain' });
  });

  it('names the SDXL line from metadata and says how far to trust it', () => {
    expect(identify(fixture('sdscripts-sdxl-lora-r8-pony')).family.lineage).toMatchObject({ id: 'pony', trust: 'high' });
    expect(
      identify(stripped(fixture('sdscripts-sdxl-lora-r8-pony')), { fileName: 'x_pony_v2.safetensors' }).family.lineage?.trust,
    ).toBe('low');
  });
});

describe('identify: adapters, ranks and modules', () => {
  it.each([
    ['sdscripts-sd15-lora-r32-te', 'lora', 32, 32, { unet: 192, te1: 72 }],
    ['lycoris-sd15-loha-tucker', 'loha', 4, 4, { unet: 282, te1: 72 }],
    ['lycoris-sd15-lokr-r4-tucker', 'lokr', 4, 4, { unet: 282, te1: 72 }],
    ['lycoris-sd15-glora-r8', 'glora', 8, 8, { unet: 194, te1: 72 }],
    ['sdscripts-sdxl-lora-r8-pony', 'lora', 8, 8, { unet: 722, te1: 72, te2: 192 }],
    ['bfl-flux1-control-lora-r16', 'lora', 16, 16, { transformer: 390 }],
    ['sdscripts-sd15-merged-concat-r36', 'lora', 36, 36, { unet: 192, te1: 72 }],
  ])('%s: %s, rank %i to %i', (name, adapter, min, max, modules) => {
    const identity = identify(fixture(name));
    expect(identity.adapter).toBe(adapter);
    expect(identity.rank).toMatchObject({ min, max });
    expect(identity.modules).toEqual(modules);
  });

  it('counts IA3 modules, which keep their tensor under a plain name', () => {
    const identity = identify(fixture('lycoris-sd15-ia3'));
    expect(identity).toMatchObject({ adapter: 'ia3', moduleCount: 266, rank: null });
  });

  it('counts halves of pairs', () => {
    expect(identify(fixture('edited-sd15-lora-missing-up')).halfPairs).toBe(36);
  });

  it.each([
    ['sdscripts-sd15-lora-r32-te', 'kohya'],
    ['xlabs-flux1-lora-r16', 'xlabs'],
    ['bfl-flux1-control-lora-r16', 'bfl'],
    ['peft-flux1-lora-r16', 'diffusers'],
    ['onetrainer-zimage-lora-r16-comfy', 'comfyui'],
  ])('%s is spelt the %s way', (name, style) => {
    expect(identify(fixture(name)).keyStyle).toBe(style);
  });

  it('tells old diffusers processors and a doubled underscore apart', () => {
    const processor = 'unet.up_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_v_lora';
    expect(identify(headerOf({ [`${processor}.down.weight`]: [4, 768], [`${processor}.up.weight`]: [320, 4] })).keyStyle).toBe(
      'diffusers-old',
    );
    const wan = 'lora_unet__blocks_0_cross_attn_k';
    expect(
      identify(headerOf({ [`${wan}.lora_down.weight`]: [4, 1536], [`${wan}.lora_up.weight`]: [1536, 4] })).features,
    ).toContain('double-underscore');
  });

  it('reads alphas through their number format', () => {
    const name = 'lora_unet_mid_block_attentions_0_proj_in';
    const header = headerOf({ [`${name}.alpha`]: [], [`${name}.lora_down.weight`]: [4, 8], [`${name}.lora_up.weight`]: [8, 4] });
    const data = new Uint8Array(8 + 2 + 128);
    new DataView(data.buffer).setUint16(8, 0x4400, true);
    const bytes = { size: data.length, read: (at: number, length: number) => data.subarray(at, at + length) };
    expect(identify(header, { bytes, detail: true })).toMatchObject({
      alpha: { min: 4, max: 4, stored: 1 },
      perModule: [{ name, rank: 4, alpha: 4 }],
    });
  });
});

describe('identify: files that are no LoRA', () => {
  it.each([
    ['sd15-novae-fp16', 'checkpoint', 'sd15', { vae: false, textEncoders: ['clip_l'] }],
    ['sdxl-vpred-fp16', 'checkpoint', 'sdxl', { vae: true, textEncoders: ['clip_l', 'clip_g'] }],
    ['flux-schnell-unet-fp8', 'unet', 'flux', null],
    ['vae-flux-ae-fp32', 'vae', 'flux', null],
    ['ti-sdxl-clip-l-g', 'textual-inversion', 'sdxl', null],
    ['ip-adapter-sd15', 'ip-adapter', 'sd15', null],
    ['notlora-lllite-sdxl', 'controlnet', 'sdxl', null],
    ['t5xxl-fp8', 'text-encoder', 'unknown', null],
  ])('%s is a %s', (name, kind, family, parts) => {
    const identity = identify(fixture(name));
    expect(identity.kind).toBe(kind);
    if (kind !== 'vae') expect(identity.family.id).toBe(family);
    expect(identity.parts).toEqual(parts);
    expect(identity.adapter).toBeNull();
  });

  it('knows a v-prediction checkpoint by its marker and a schnell by what it lacks', () => {
    expect(identify(fixture('sdxl-vpred-fp16')).prediction).toEqual({ type: 'v', zeroTerminalSnr: true, from: 'v_pred' });
    expect(identify(fixture('flux-schnell-unet-fp8')).family.variant).toBe('schnell');
  });
});

describe('identify: whatever comes', () => {
  const part = fc.constantFrom(
    'lora_unet_',
    'lora_te_',
    'down_blocks',
    '_0_',
    '.lora_down.weight',
    '.lora_up.weight',
    '.alpha',
    '.oft_blocks.1',
    '.',
    'x',
    '.weight',
  );
  const key = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
  const shapes = fc.dictionary(fc.oneof(key, fc.string()), fc.array(fc.nat(4), { maxLength: 5 }), { maxKeys: 30 });

  it('answers for any names and shapes, and certainty means one candidate', () => {
    fc.assert(
      fc.property(shapes, (all) => {
        const identity = identify(headerOf(all));
        if (identity.family.confidence === 'certain') expect(identity.family.candidates).toHaveLength(1);
        const counted = Object.values(identity.modules).reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(identity.moduleCount);
        if (identity.rank) expect(identity.rank.min).toBeLessThanOrEqual(identity.rank.max);
      }),
      { numRuns: 400 },
    );
  });

  it('does not depend on the order of the tensors', () => {
    const header = fixture('lycoris-sd15-lokr-r4-tucker');
    const reversed = { ...header, tensors: [...header.tensors].reverse() };
    const plain = ({ family, adapter, rank, modules, keyStyle }: ReturnType<typeof identify>) => ({
      id: family.id,
      adapter,
      rank,
      modules,
      keyStyle,
    });
    expect(plain(identify(reversed))).toEqual(plain(identify(header)));
  });
});
