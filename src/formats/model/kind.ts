import type { SafetensorsHeader } from '../safetensors-header';
import { type Allowed, only, several } from './allowed';
import { type BaseModel, baseFamily, byMatrices } from './base';

export const MODEL_KINDS = [
  'lora',
  'checkpoint',
  'vae',
  'textual-inversion',
  'controlnet',
  'ip-adapter',
  'text-encoder',
  'unet',
  'upscaler',
  'unknown',
] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

export interface Kinded {
  readonly kind: ModelKind;
  readonly family: Allowed | null;
}

const byWidth: { readonly [width: number]: 'sd15' | 'sd21' | 'sdxl-refiner' | 'sdxl' } = {
  768: 'sd15',
  1024: 'sd21',
  1280: 'sdxl-refiner',
  2048: 'sdxl',
};

function familyByWidth(width: number | undefined): Allowed | null {
  const family = width === undefined ? undefined : byWidth[width];
  return family ? only(family, `text of width ${width}`, `文本宽度 ${width}`) : null;
}

/**
 * Files that carry LoRA-like tensors and are none: asked before anything else (lora-files.md §2.5). Null when nothing of the sort.
 * Looks at a few names only, so it is cheap for a LoRA.
 */
export function specialKind(header: SafetensorsHeader): Kinded | null {
  const { tensors } = header;
  if (tensors.length > 0 && tensors.length <= 8) {
    const embedding = textualInversion(header);
    if (embedding) return embedding;
  }
  for (const { name } of tensors) {
    if (!FIRST_LETTERS.has(name.charCodeAt(0)) || name.startsWith('lora_unet_') || name.startsWith('lora_te')) continue;
    if (name.startsWith('ip_adapter_proj_model.'))
      return { kind: 'ip-adapter', family: only('flux', 'IP-Adapter of XLabs', 'XLabs 的 IP-Adapter') };
    if (name.startsWith('ip_adapter.') || name.startsWith('image_proj.'))
      return { kind: 'ip-adapter', family: widthOf(header, 'to_k_ip.weight') };
    if (name.startsWith('lllite_'))
      return {
        kind: 'controlnet',
        family: name.includes('_transformer_blocks_') ? only('sdxl', 'LLLite for SDXL', 'SDXL 的 LLLite') : null,
      };
    if (isControl(name)) return { kind: 'controlnet', family: controlFamily(header) };
  }
  return null;
}

/** First letters of all names that `specialKind` looks for. */
const FIRST_LETTERS = new Set([...'ilczab'].map((letter) => letter.charCodeAt(0)));

function isControl(name: string): boolean {
  return (
    name.startsWith('control_model.') ||
    name.startsWith('controlnet_') ||
    name.startsWith('input_hint_block.') ||
    name.startsWith('zero_convs.') ||
    name.startsWith('adapter.body.') ||
    name.startsWith('body.0.resnets.') ||
    name === 'body.0.block1.weight' ||
    name === 'lora_controlnet'
  );
}

/** Text width of a U-Net's ControlNet; else the transformer that it is a part of. */
function controlFamily(header: SafetensorsHeader): Allowed | null {
  const width = widthOf(header, 'attn2.to_k.weight', 'attn2.to_k.down', 'attn2.to_v.down');
  if (width) return width;
  return byMatrices(header.tensors.map((tensor) => [tensor.name, tensor] as const));
}

function widthOf(header: SafetensorsHeader, ...endings: string[]): Allowed | null {
  for (const tensor of header.tensors) {
    for (const ending of endings) if (tensor.name.endsWith(ending)) return familyByWidth(tensor.shape[1]);
  }
  return null;
}

/** `emb_params`, `clip_l` + `clip_g`, `string_to_param.*`, or one `<token>`. */
function textualInversion(header: SafetensorsHeader): Kinded | null {
  const names = new Map(header.tensors.map((tensor) => [tensor.name, tensor.shape]));
  const width = (shape: readonly number[] | undefined): number | undefined => shape?.[shape.length - 1];
  const params = names.get('emb_params') ?? names.get('string_to_param.*');
  if (params) return { kind: 'textual-inversion', family: familyByWidth(width(params)) };
  if (names.has('t5xxl') || names.has('t5')) {
    return {
      kind: 'textual-inversion',
      family: several(['sd3', 'flux'], names.has('clip_g') ? 'sd3' : 'flux', 'a T5 embedding', 'T5 嵌入'),
    };
  }
  const [l, g] = [names.get('clip_l') ?? names.get('text_encoders_0'), names.get('clip_g') ?? names.get('text_encoders_1')];
  if (l && g)
    return { kind: 'textual-inversion', family: only('sdxl', 'embeddings for two text encoders', '两个文本编码器的嵌入') };
  if (g) return { kind: 'textual-inversion', family: only('sdxl', 'an embedding for CLIP-G', 'CLIP-G 的嵌入') };
  if (l) return { kind: 'textual-inversion', family: familyByWidth(width(l)) };
  const [single] = header.tensors;
  // A lone tensor is named as the user called the token.
  const few = single && single.shape.length <= 2 && (single.shape.length < 2 || (single.shape[0] ?? 0) <= 128);
  if (
    header.tensors.length === 1 &&
    few &&
    (/^<.+>$/.test(single.name) || (!single.name.includes('.') && familyByWidth(width(single.shape))))
  ) {
    return { kind: 'textual-inversion', family: familyByWidth(width(single.shape)) };
  }
  return null;
}

/** Kind of a file without adapter tensors. */
export function wholeKind(header: SafetensorsHeader, model: BaseModel): Kinded {
  const family = baseFamily(model);
  if (family && (model.hasVae || model.encoders.size > 0)) return { kind: 'checkpoint', family };
  if (family) return { kind: 'unet', family };
  if (isVae(header, model)) return { kind: 'vae', family: vaeFamily(model) };
  if (model.encoders.size > 0) return { kind: 'text-encoder', family: null };
  return { kind: isUpscaler(model) ? 'upscaler' : 'unknown', family: null };
}

function isVae(header: SafetensorsHeader, model: BaseModel): boolean {
  if (isTinyVae(model)) return true;
  let decoder = 0;
  for (const { name } of header.tensors) {
    const bare = name.startsWith('first_stage_model.') ? name.slice(18) : name.startsWith('vae.') ? name.slice(4) : name;
    if (bare.startsWith('decoder.')) decoder++;
    else if (!/^(?:encoder|quant_conv|post_quant_conv|loss|model_ema|conv1|conv2|bn)\./.test(bare)) return false;
  }
  return decoder > 0 && model.encoders.size === 0;
}

/** TAESD: a numbered row of small convolutions, 64 channels wide, on its own or as `taesd_decoder.` and `taesd_encoder.`. */
function isTinyVae({ all }: BaseModel): boolean {
  const wide = (name: string): boolean => all.get(name)?.shape[0] === 64 && all.get(name)?.shape.length === 4;
  return ['', 'taesd_decoder.', 'taesd_encoder.'].some(
    (part) => wide(`${part}3.conv.0.weight`) && (wide(`${part}0.weight`) || wide(`${part}1.weight`)),
  );
}

/** Latent channels: 4 for Stable Diffusion, 16 for SD3 and Flux. SD1 and SDXL autoencoders have equal names and shapes. */
function vaeFamily(model: BaseModel): Allowed | null {
  const shape = ['decoder.conv_in.weight', 'first_stage_model.decoder.conv_in.weight', 'vae.decoder.conv_in.weight']
    .map((name) => model.all.get(name)?.shape)
    .find((found) => found !== undefined);
  const channels = shape?.[1];
  if (channels === 4)
    return several(
      ['sd15', 'sd21', 'sdxl'],
      null,
      '4 latent channels: SD1, SD2 and SDXL look the same',
      '4 个潜变量通道：SD1、SD2、SDXL 无法区分',
    );
  if (channels === 16)
    return several(['flux', 'sd3'], null, '16 latent channels (Flux, SD3 and relatives)', '16 个潜变量通道（Flux、SD3 等）');
  return null;
}

/** Names that together mean an upscaling network: ESRGAN old and new and its kin, Compact, SPAN, PLKSR and what ends in an `upsampler`. */
const UPSCALERS: readonly (readonly (string | RegExp)[])[] = [
  ['model.0.weight', /^model\.1\.sub\./],
  ['conv_first.weight', /^conv_(?:last|body|after_body)\.weight$/],
  ['body.0.weight', /^upsampler\./],
  ['body.0.weight', 'body.1.weight', 'body.2.weight'],
  [/^block_1\.c1_r\./, /^upsampler\./],
  ['feats.0.weight', /^feats\.\d+\.(?:lk|channe_mixer)\./],
];

function isUpscaler({ all }: BaseModel): boolean {
  const names = [...all.keys()];
  return UPSCALERS.some((marks) =>
    marks.every((mark) => (typeof mark === 'string' ? all.has(mark) : names.some((name) => mark.test(name)))),
  );
}
