import { describe, expect, it } from 'vitest';
import { againstCheckpoint } from '../../src/inspect/against';
import { fixture, headerOf } from '../formats/model/headers';

describe('a LoRA against a checkpoint', () => {
  it.each([
    ['sdscripts-sd15-lora-r32-te', 'sd15-novae-fp16', 264],
    ['sdscripts-sdxl-lora-r8-pony', 'sdxl-vpred-fp16', 722],
    ['peft-flux1-lora-r16', 'flux-schnell-unet-fp8', 342],
    ['lycoris-sd15-lokr-r4-tucker', 'sd15-novae-fp16', 278],
  ])('%s fits %s in every module', (lora, checkpoint, least) => {
    const found = againstCheckpoint(fixture(lora), fixture(checkpoint));
    expect(found).toMatchObject({ loads: 'all', mismatchedCount: 0, missingCount: 0 });
    expect(found.fitting).toBe(found.modules);
    expect(found.modules).toBeGreaterThanOrEqual(least);
  });

  it('SDXL on SD1.5 fits by chance only: says which shapes do not', () => {
    const found = againstCheckpoint(fixture('sdscripts-sdxl-lora-r8-pony'), fixture('sd15-novae-fp16'));
    expect(found.loads).toBe('part');
    expect(found.families).toEqual({ lora: ['sdxl'], checkpoint: ['sd15'] });
    expect(found.mismatched).toContainEqual({
      module: 'lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k',
      lora: [640, 2048],
      base: [640, 768],
    });
    expect(found.missing.length).toBe(20);
    expect(found.missingCount).toBeGreaterThan(500);
  });

  it('Flux on SDXL does not load at all', () => {
    expect(againstCheckpoint(fixture('peft-flux1-lora-r16'), fixture('sdxl-vpred-fp16'))).toMatchObject({
      loads: 'none',
      fitting: 0,
    });
  });

  it('a model without text encoders leaves those modules open', () => {
    const te = 'lora_te1_text_model_encoder_layers_0_mlp_fc1';
    const block = 'lora_unet_double_blocks_0_img_mlp_0';
    const lora = headerOf({
      [`${te}.lora_down.weight`]: [4, 768],
      [`${te}.lora_up.weight`]: [3072, 4],
      [`${block}.lora_down.weight`]: [4, 3072],
      [`${block}.lora_up.weight`]: [12288, 4],
    });
    const found = againstCheckpoint(lora, fixture('flux-schnell-unet-fp8'));
    expect(found).toMatchObject({ loads: 'all', fitting: 1, withoutEncoder: 1, missingCount: 0 });
  });
});
