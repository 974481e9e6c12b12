import { type Allowed, only, several } from './allowed';
import type { LoraModule } from './modules';
import type { Names } from './names';

/** Facts from text-encoder modules that help where the U-Net ones do not decide. */
export interface EncoderHints {
  /** Parts that are there: te1, te2 … */
  readonly parts: ReadonlySet<string>;
  /** Hidden width of the first text encoder, null when the tensors do not carry it. */
  readonly width: number | null;
  /** Greatest layer number of the first text encoder, -1 when none. */
  readonly lastLayer: number;
  /** True when the names are those of a single encoder (`lora_te_`), not one of several (`lora_te1_`). */
  readonly single: boolean;
  /** True when T5 blocks are there (OneTrainer calls Flux' T5 te2). */
  readonly t5: boolean;
  /** True when the first encoder is a language model (`layers_N_self_attn` without an encoder level). */
  readonly llm: boolean;
  /** True for diffusers' `text_encoder.`, which is the name of the only encoder and of the first of several. */
  readonly plain: boolean;
}

const UNET =
  /^(?:(?:down|up|input|output)_blocks_#|mid_block|middle_block|conv_in$|conv_out$|time_embed(?:ding_linear)?_[0-9]$|label_emb_|add_embedding_)|resnets/;

/** True when no module belongs to anything but a Stable Diffusion U-Net. Cheap gate before the transformer table. */
export function looksLikeUnet(names: Names): boolean {
  return names.has(UNET) && !names.has(/motion_modules/);
}

/** SD1, SD2, SDXL, refiner, SSD-1B by context width, depth and naming (lora-files.md §3.1). */
export function unetFamily(names: Names, encoder: EncoderHints): Allowed | null {
  const context = names.widths(/attn2_(?:processor_)?to_[kv]$/);
  const depth = names.greatest('transformer_blocks');
  const original = names.has(/^(?:input|output)_blocks_|^middle_block_/);
  if (context.size > 1) return mixedContext(context);
  if (context.has(768)) return only('sd15', 'cross-attention reads 768-wide text (SD1.x)', '交叉注意力的文本宽度为 768（SD1.x）');
  if (context.has(1024))
    return only('sd21', 'cross-attention reads 1024-wide text (SD2.x)', '交叉注意力的文本宽度为 1024（SD2.x）');
  if (context.has(1280) || hasRefinerChannels(names)) {
    return only('sdxl-refiner', 'cross-attention or channels of the SDXL refiner', '交叉注意力或通道数为 SDXL refiner');
  }
  if (context.has(2048)) return distilled(names, depth) ?? wideContext(depth, original);
  if (names.empty) return null;
  if (!names.has(UNET)) return null;
  const small = distilled(names, depth);
  if (small) return small;
  return withoutContext(names, encoder, depth, original);
}

/** Channels of the SDXL refiner are 384 × 1, 2, 4; all others have 320 × 1, 2, 4. Text widths are left out. */
function hasRefinerChannels(names: Names): boolean {
  const own = /(?:attn1_(?:processor_)?to_(?:q|k|v|out)|attn2_(?:processor_)?to_(?:q|out)|_proj_(?:in|out)|ff_net_)/;
  const found = [...names.heights(own), ...names.widths(own)];
  return found.length > 0 && found.every((size) => size % 384 === 0);
}

/**
 * SSD-1B and Vega: SDXL without attention in the middle and with few layers on the way down (4 and 2 where SDXL has 10), while the way up may
 * keep ten (webui-comfyui-and-others.md A11). Null where the parts that tell are not there.
 */
function distilled(names: Names, depth: number): Allowed | null {
  if (depth < 1 || names.has(/^(?:mid_block_attentions|middle_block)_/)) return null;
  const down = deepest(names, /^(?:down|input)_blocks_.*transformer_blocks/);
  const up = deepest(names, /^(?:up|output)_blocks_.*transformer_blocks/);
  const levels = names.forms.some(
    (form) => /^(?:down|input)_blocks_.*transformer_blocks/.test(form.text) && form.least[0] !== form.greatest[0],
  );
  if (!levels || up < 0 || down < 1 || down > 3) return null;
  return several(
    ['ssd-1b', 'sdxl'],
    'ssd-1b',
    `no attention in the middle and ${down + 1} layers on the way down: the distilled SSD-1B or Vega`,
    `中间块没有注意力，下行只有 ${down + 1} 层：精简版 SSD-1B 或 Vega`,
    'likely',
  );
}

/** Greatest layer number inside the blocks whose form matches, -1 when none. */
function deepest(names: Names, pattern: RegExp): number {
  let out = -1;
  for (const { text, greatest } of names.forms) {
    if (pattern.test(text))
      out = Math.max(out, greatest[text.slice(0, text.indexOf('transformer_blocks_#')).split('#').length - 1] ?? -1);
  }
  return out;
}

function mixedContext(context: ReadonlySet<number>): Allowed {
  const table = { 768: 'sd15', 1024: 'sd21', 1280: 'sdxl-refiner', 2048: 'sdxl' } as const;
  const families = ([768, 1024, 1280, 2048] as const).filter((width) => context.has(width)).map((width) => table[width]);
  return several(
    families,
    null,
    'cross-attention widths of several families in one file',
    '同一文件中有多个系列的交叉注意力宽度',
  );
}

function wideContext(depth: number, original: boolean): Allowed {
  const en = 'cross-attention reads 2048-wide text (SDXL)';
  const zh = '交叉注意力的文本宽度为 2048（SDXL）';
  if (depth >= 4 || depth <= 0) return only('sdxl', en, zh);
  const why = `${en}; no layer deeper than ${depth}, so SSD-1B is possible`;
  const whyZh = `${zh}；没有深于 ${depth} 的层，也可能是 SSD-1B`;
  return several(original ? ['sdxl', 'ssd-1b'] : ['ssd-1b', 'sdxl'], 'sdxl', why, whyZh, 'likely');
}

/** Sliders, convolution-only files, OFT, BOFT, IA3: nothing carries the text width. */
function withoutContext(names: Names, encoder: EncoderHints, depth: number, original: boolean): Allowed {
  if (depth >= 4)
    return only(
      'sdxl',
      `${depth + 1} transformer layers in one block: only SDXL has that many`,
      `单块内有 ${depth + 1} 个 transformer 层：只有 SDXL 有这么多`,
    );
  if (encoder.parts.has('te2')) return only('sdxl', 'two text encoders beside a U-Net', 'U-Net 之外有两个文本编码器');
  const top = original ? levelOriginal(names) : levelDiffusers(names);
  if (top === 'none' && original) {
    return several(
      ['sdxl', 'ssd-1b'],
      'sdxl',
      'input_blocks / output_blocks naming is SDXL in practice',
      'input_blocks / output_blocks 命名实际上即 SDXL',
      'likely',
    );
  }
  if (top !== 'shallow' && depth > 0) {
    return several(
      ['sdxl', 'ssd-1b'],
      'sdxl',
      'more than one transformer layer in a block',
      '单块内有多个 transformer 层',
      'likely',
    );
  }
  if (encoder.single && encoder.width === 768)
    return only('sd15', 'text encoder of width 768 (SD1.x)', '文本编码器宽度为 768（SD1.x）');
  if ((encoder.single && encoder.width === 1024) || (encoder.single && encoder.lastLayer > 11)) {
    return only(
      'sd21',
      'text encoder of SD2.x (width 1024 or more than 12 layers)',
      'SD2.x 的文本编码器（宽度 1024 或超过 12 层）',
    );
  }
  if (names.forms.some((form) => form.conv && /_proj_(?:in|out)$/.test(form.text))) {
    return only('sd15', 'proj_in / proj_out are convolutions (SD1.x)', 'proj_in / proj_out 为卷积（SD1.x）');
  }
  const why = 'no cross-attention was trained, so SD1.x and SD2.x look the same';
  const whyZh = '未训练交叉注意力，SD1.x 与 SD2.x 无法区分';
  if (top === 'shallow') return several(['sd15', 'sd21'], 'sd15', why, whyZh, encoder.lastLayer === 11 ? 'likely' : 'guess');
  return several(['sd15', 'sd21', 'sdxl'], null, why, whyZh);
}

/** Attention at the first level (320 channels): SD1 and SD2 have it, SDXL does not. */
function levelDiffusers(names: Names): 'shallow' | 'unknown' {
  return firstLevel(names, /^down_blocks_#_attentions_/) === 0 ? 'shallow' : 'unknown';
}

function levelOriginal(names: Names): 'shallow' | 'none' {
  const first = firstLevel(names, /^input_blocks_#_1_|^input_blocks_#_#_(?:transformer_blocks|proj_in|proj_out)/);
  return first <= 2 ? 'shallow' : 'none';
}

function firstLevel(names: Names, pattern: RegExp): number {
  let out = Infinity;
  for (const form of names.forms) if (pattern.test(form.text)) out = Math.min(out, form.least[0] ?? Infinity);
  return out;
}

/** Files that hold text-encoder modules only. */
export function encoderOnlyFamily(encoder: EncoderHints): Allowed | null {
  if (encoder.parts.size === 0) return null;
  const lone = encoder.single || encoder.plain;
  const apart = encoderBeside(encoder);
  if (apart) return apart;
  if (encoder.parts.has('te2') || encoder.parts.has('te3') || !lone) {
    const many: readonly ['sdxl', 'sd3', 'flux'] = ['sdxl', 'sd3', 'flux'];
    return several(
      many,
      encoder.parts.has('te3') ? null : 'sdxl',
      'text encoders only: SDXL, SD3 and Flux share them',
      '只有文本编码器：SDXL、SD3、Flux 共用',
    );
  }
  if (encoder.width === 768)
    return several(
      ['sd15', 'sdxl', 'flux', 'sd3'],
      'sd15',
      'a lone text encoder of width 768',
      '单个宽度 768 的文本编码器',
      'likely',
    );
  if (encoder.width === 1024) return only('sd21', 'a text encoder of width 1024 (SD2.x)', '宽度 1024 的文本编码器（SD2.x）');
  if (encoder.lastLayer > 11)
    return several(['sd21', 'sdxl'], 'sd21', 'a text encoder of more than 12 layers', '超过 12 层的文本编码器');
  return several(['sd15', 'sd21'], 'sd15', 'a lone text encoder without a telling width', '单个文本编码器，无可区分的宽度');
}

/** Text encoders that are not CLIP, and CLIP-G, narrow the list. */
function encoderBeside({ parts, t5, llm, width }: EncoderHints): Allowed | null {
  if (parts.has('te4')) return only('hidream-i1', 'a fourth text encoder (HiDream)', '有第四个文本编码器（HiDream）');
  if (llm) {
    if (width === 2304) return several(['lumina2', 'sana'], 'lumina2', 'text encoder Gemma 2', '文本编码器 Gemma 2', 'likely');
    if (width === 1024) return several(['anima'], 'anima', 'text encoder Qwen3 0.6B', '文本编码器 Qwen3 0.6B', 'likely');
    return null;
  }
  if (t5 && parts.has('te3') && parts.has('te2'))
    return several(['sd3', 'flux'], 'sd3', 'CLIP-G and T5: three text encoders', 'CLIP-G 与 T5：三个文本编码器', 'likely');
  if (t5) return several(['flux', 'sd3'], 'flux', 'T5 without CLIP-G', '有 T5 而无 CLIP-G', 'likely');
  if (parts.has('te2'))
    return several(['sdxl', 'sd3'], 'sdxl', 'CLIP-G: SDXL and SD3 have it', 'CLIP-G：SDXL 与 SD3 都有', 'likely');
  return null;
}

/** What the text-encoder modules of a file tell. */
export function encoderHints(modules: readonly LoraModule[]): EncoderHints {
  const parts = new Set<string>();
  let width: number | null = null;
  let lastLayer = -1;
  let single = false;
  let plain = false;
  let t5 = false;
  let llm = false;
  for (const module of modules) {
    if (!module.part.startsWith('te')) continue;
    parts.add(module.part);
    t5 ||= /encoder[._]block[._]/.test(module.name);
    if (module.part !== 'te1') continue;
    const prefix = module.prefix.text;
    if (prefix === 'lora_te_' || prefix === 'oft_te_') single = true;
    if (prefix === 'text_encoder.') plain = true;
    llm ||= /^(?:model[._])?layers[._]/.test(module.name.slice(prefix.length));
    if (width === null && /(?:q_proj|fc1)$/.test(module.name)) width = module.width();
    const at = module.name.lastIndexOf('layers');
    if (at >= 0) lastLayer = Math.max(lastLayer, Number.parseInt(module.name.slice(at + 7), 10) || 0);
  }
  return { parts, width, lastLayer, single, plain, t5, llm };
}
