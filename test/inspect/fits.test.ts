import { describe, expect, it } from 'vitest';
import { identify } from '../../src/formats/model/identify';
import type { SafetensorsHeader } from '../../src/formats/safetensors-header';
import { fitsOf } from '../../src/inspect/fits';
import { namesOf } from '../../src/inspect/fits-names';
import { fixture, headerOf } from '../formats/model/headers';

function loads(header: SafetensorsHeader, extension = '.safetensors', container = 'safetensors'): { [ui: string]: string } {
  const fits = fitsOf({ identity: identify(header), extension, container, names: namesOf(header) });
  return Object.fromEntries(fits.map((fit) => [fit.versions === null ? fit.ui : `${fit.ui} ${fit.versions}`, fit.loads]));
}

const KOHYA = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';
const PEFT = 'unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k';
const pair = (name: string, down = '.lora_down.weight', up = '.lora_up.weight'): Record<string, number[]> => ({
  [name + down]: [4, 768],
  [name + up]: [1280, 4],
});

describe('which programs load a LoRA', () => {
  it('kohya names on SD1.5: all but the SDXL program', () => {
    expect(loads(headerOf(pair(KOHYA)))).toEqual({
      a1111: 'yes',
      forge: 'yes',
      reforge: 'yes',
      'forge-classic': 'yes',
      'forge-neo': 'yes',
      comfyui: 'yes',
      swarmui: 'yes',
      sdnext: 'yes',
      fooocus: 'no',
      invokeai: 'yes',
    });
  });

  it('PEFT names on SD1.5: not A1111, not ComfyUI; SD.Next maps them', () => {
    const found = loads(headerOf(pair(PEFT, '.lora_A.weight', '.lora_B.weight')));
    expect(found).toMatchObject({ a1111: 'no', comfyui: 'no', forge: 'no', sdnext: 'converted' });
  });

  it('PEFT names with a text encoder: ComfyUI takes that part', () => {
    const te = pair('text_encoder.text_model.encoder.layers.0.self_attn.q_proj', '.lora_A.weight', '.lora_B.weight');
    const header = headerOf({ ...pair(PEFT, '.lora_A.weight', '.lora_B.weight'), ...te });
    expect(loads(header)).toMatchObject({ comfyui: 'part', a1111: 'no' });
  });

  it('DoRA on A1111: in part from 1.5 on, not before', () => {
    const header = headerOf({ ...pair(KOHYA), [`${KOHYA}.dora_scale`]: [1280, 1] });
    expect(loads(header)).toMatchObject({ 'a1111 ≥ 1.5': 'part', 'a1111 ≤ 1.4': 'no', comfyui: 'yes' });
  });

  it('half a pair stops ComfyUI', () => {
    const header = headerOf({ ...pair(KOHYA), [`${KOHYA.replace('to_k', 'to_v')}.lora_up.weight`]: [1280, 4] });
    expect(loads(header)).toMatchObject({ comfyui: 'no', a1111: 'part' });
  });

  it('an ending that is not listed, or says something else than the content', () => {
    expect(loads(headerOf(pair(KOHYA)), '.sft')).toMatchObject({ a1111: 'no', comfyui: 'yes', swarmui: 'yes', fooocus: 'no' });
    expect(loads(headerOf(pair(KOHYA)), '.pt')).toMatchObject({ a1111: 'no', comfyui: 'no' });
  });

  it('says nothing of what is no LoRA', () => {
    expect(loads(fixture('ti-sdxl-clip-l-g'))).toEqual({});
  });

  it('Z-Image with kohya names: ComfyUI leaves attention out', () => {
    const layer = (i: number, part: string): Record<string, number[]> => ({
      [`lora_unet_layers_${i}_${part}.lora_down.weight`]: [4, 3840],
      [`lora_unet_layers_${i}_${part}.lora_up.weight`]: [3840, 4],
    });
    const header = headerOf({ ...layer(0, 'attention_to_q'), ...layer(0, 'attention_to_k'), ...layer(1, 'attention_to_v') });
    expect(identify(header).family.id).toBe('z-image');
    expect(loads(header)).toMatchObject({ comfyui: 'part', a1111: 'no' });
  });
});
