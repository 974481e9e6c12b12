import { describe, expect, it } from 'vitest';
import { derive } from '../../../src/formats/log/derive';

describe('what numbers in shape errors tell', () => {
  it.each([
    // SD 1.5 and SD 2.x text layers in SDXL, at either channel width
    ['640, 2048', 640 * 768, { fileFamily: 'sd15', wantedFamily: 'sdxl', fileWidth: '768' }],
    ['1280, 2048', 1280 * 768, { fileFamily: 'sd15', wantedFamily: 'sdxl' }],
    ['1280, 2048', 1280 * 1024, { fileFamily: 'sd21', wantedFamily: 'sdxl' }],
    ['320, 768', 320 * 1024, { fileFamily: 'sd21', wantedFamily: 'sd15' }],
    ['320, 1024', 320 * 768, { fileFamily: 'sd15', wantedFamily: 'sd21' }],
    ['640, 768', 640 * 2048, { fileFamily: 'sdxl', wantedFamily: 'sd15' }],
  ])('[%s] against %d elements', (shape, size, expected) => {
    expect(derive({ shape, size: String(size) })).toMatchObject(expected);
  });

  it('does not choose between families that explain a number alike', () => {
    const layer = 'diffusion_model.output_blocks.5.1.transformer_blocks.0.attn2.to_v.weight';
    const out = derive({ layer, shape: '1280, 768', size: String(640 * 2048) });
    expect(out.wantedFamily).toBe('sd15');
    expect(out.fileFamily).toBeUndefined();
  });

  it('tells SD from SDXL by the channel width of a numbered decoder block', () => {
    const layer = 'diffusion_model.output_blocks.4.1.proj_out.weight';
    expect(derive({ layer, shape: '640, 640', size: String(1280 * 1280) })).toMatchObject({
      fileFamily: 'sd15',
      wantedFamily: 'sdxl',
    });
    expect(derive({ layer, shape: '1280, 1280, 1, 1', size: String(640 * 640) })).toMatchObject({
      fileFamily: 'sdxl',
      wantedFamily: 'sd15',
    });
  });

  it('does not take widths that whole weights have for packed ones', () => {
    // the size vector of SDXL
    expect(derive({ left: '1x768', right: '2816x1280' }).quantised).toBeUndefined();
  });

  it('knows what belongs to the program itself, and cannot be installed', () => {
    expect(derive({ module: 'comfy.ldm.lightricks' }).ownModule).toBe('comfy');
    expect(derive({ error: "No module named 'comfy_api.latest'" }).ownModule).toBe('comfy_api');
    expect(derive({ module: 'modules.sd_hijack' }).ownModule).toBe('modules');
    expect(derive({ module: 'pydantic.fields' }).ownModule).toBeUndefined();
    expect(derive({ error: "No module named 'numexpr'" }).ownModule).toBeUndefined();
  });

  it.each([1728, 1920, 1320, 2112, 3264])('knows the packed width %d of 3072', (width) => {
    expect(derive({ shape: `12288, ${width}`, size: '9437184' }).quantised).toBe('yes');
    expect(derive({ left: '1x3072', right: `${width}x18432` }).quantised).toBe('yes');
    expect(derive({ sizeA: String(width), sizeB: '3072' }).quantised).toBe('yes');
  });

  it.each([768, 1024, 1280, 2048, 3072, 640, 320])('takes the ordinary width %d for no packed one', (width) => {
    expect(derive({ shape: `640, ${width}`, size: '1' }).quantised).toBeUndefined();
  });

  it('names both sides of a product', () => {
    expect(derive({ left: '77x2048', right: '768x320' })).toMatchObject({ leftFamily: 'sdxl', rightFamily: 'sd15' });
  });

  it('reads two shapes', () => {
    expect(derive({ fileShape: '320, 768', modelShape: '320, 1024' })).toMatchObject({
      fileFamily: 'sd15',
      wantedFamily: 'sd21',
    });
    expect(derive({ fileShape: '4, 320', modelShape: '64, 320' })).toMatchObject({ rows: 'differ' });
  });
});

describe('what two shapes of one tensor tell', () => {
  it('knows one column of 4-bit weights', () => {
    expect(derive({ fileShape: '23592960, 1', modelShape: '3072, 15360' }).quantised).toBe('yes');
    expect(derive({ fileShape: '320, 1', modelShape: '320, 768' }).quantised).toBeUndefined();
  });

  it('tells projections by convolution from linear ones', () => {
    expect(derive({ fileShape: '320, 320', modelShape: '320, 320, 1, 1' }).projections).toBe('differ');
    expect(derive({ fileShape: '320, 320', modelShape: '320, 320, 3, 3' }).projections).toBeUndefined();
  });
});

describe('what else follows from a line', () => {
  it('sees a weight of eight bits and the ending of a model file', () => {
    expect(derive({ error: "not implemented for 'Float8_e4m3fn'" }).quantised).toBe('yes');
    expect(derive({ file: 'D:\\a\\b.CKPT' }).modelFile).toBe('yes');
    expect(derive({ path: '/a/model.json' }).modelFile).toBeUndefined();
  });
});

describe('what tensor names tell', () => {
  it.each([
    ['lora_te2_text_model_encoder_layers_0_mlp_fc1.alpha', { part: 'te', keyStyle: 'kohya', keyFamily: 'sdxl' }],
    ['lora_unet_double_blocks_0_img_attn_proj.alpha', { part: 'unet', keyFamily: 'flux' }],
    ['lora_unet_down_blocks_0_attentions_0_proj_in.alpha', { keyFamily: 'sd15' }],
    ['lora_unet_input_blocks_4_1_transformer_blocks_1_attn1_to_k.alpha', { keyFamily: 'sdxl' }],
    ['transformer.base_model.model.proj_out.lora_A.weight', { keyStyle: 'peft-prefixed', part: 'unet' }],
    ['unet.down_blocks.1.attentions.0.x.lora_A.weight', { keyStyle: 'diffusers' }],
    ['lora_unet_x.on_input', { adapter: 'ia3' }],
    ['lora_unet_x.lora_mid.weight', { adapter: 'locon' }],
    ['lora_unet_x.hada_w1_a', { adapter: 'loha' }],
    ['lora_unet_x.lokr_w1', { adapter: 'lokr' }],
    ['cond_stage_model.transformer.text_model.embeddings.position_ids', { checkpointKeys: 'yes' }],
  ])('%s', (key, expected) => {
    expect(derive({ key })).toMatchObject(expected);
  });

  it('leaves names open that several families share', () => {
    expect(
      derive({ key: 'lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_k.alpha' }).keyFamily,
    ).toBeUndefined();
  });
});
