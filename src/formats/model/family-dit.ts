import { type Allowed, only, pick, several } from './allowed';
import type { Names } from './names';

/**
 * Families of diffusion transformers from module names and widths: the decisive-keys table (corpus/lora/README.md, lora-files.md §3.2).
 * First match wins. Null: not one of these.
 */
export function transformerFamily(names: Names): Allowed | null {
  return (
    ownNames(names) ?? doubleSingle(names) ?? diffusersDouble(names) ?? layers(names) ?? blocks(names) ?? transformerBlocks(names)
  );
}

const OWN: readonly [RegExp, Parameters<typeof only>[0], string][] = [
  [/motion_modules/, 'animatediff-sd15', 'motion_modules'],
  [/^model_layers_#_self_attn_[qkvo]_proj/, 'llm-adapter', 'model.layers.N.self_attn'],
  [/distilled_guidance_layer/, 'chroma', 'distilled_guidance_layer'],
  [/visual_transformer_blocks|^text_transformer_blocks/, 'kandinsky5', 'visual_transformer_blocks'],
  [/txtfusion|^blocks_#_attn_(?:gate|wq|wo)/, 'krea2', 'txtfusion / attn.wq'],
  [/double_stream_blocks|single_stream_blocks/, 'hidream-i1', 'double_stream_blocks'],
  [/llm_adapter/, 'anima', 'llm_adapter'],
  [/joint_transformer_blocks|^double_layers_#_attn_w1/, 'auraflow', 'joint_transformer_blocks'],
  [/audio_attn|audio_to_video/, 'ltx-2', 'audio_attn'],
];

/** Names that only one family has. */
function ownNames(names: Names): Allowed | null {
  for (const [pattern, family, quoted] of OWN) {
    if (names.has(pattern))
      return only(family, `only this family has modules named ${quoted}`, `只有该系列有名为 ${quoted} 的模块`);
  }
  if (names.has(/joint_blocks_#_(?:x|context)_block/)) {
    const large = names.widths(/attn_(?:qkv|proj)$|to_[qkv]$/).has(2432);
    const second = names.has(/x_block_attn2/);
    const variant = large ? '3.5-large' : second ? '3.5-medium' : null;
    return only(
      'sd3',
      'modules named joint_blocks.N.x_block / context_block',
      '模块名为 joint_blocks.N.x_block / context_block',
      variant,
    );
  }
  if (names.has(/(?:img_mlp|txt_mlp)_net|transformer_blocks_#_(?:img|txt)_mod_1$/)) {
    return only('qwen-image', 'modules named img_mlp.net / txt_mlp.net', '模块名为 img_mlp.net / txt_mlp.net');
  }
  if (names.has(/double_stream_modulation|to_qkv_mlp_proj/)) {
    const widths = names.widths(/./);
    return only(
      'flux2',
      'modules named to_qkv_mlp_proj / double_stream_modulation',
      '模块名为 to_qkv_mlp_proj / double_stream_modulation',
      flux2Variant(widths),
    );
  }
  return null;
}

function flux2Variant(widths: ReadonlySet<number>): string | null {
  if (widths.has(6144)) return 'dev';
  if (widths.has(4096)) return 'klein-9b';
  return widths.has(3072) ? 'klein-4b' : null;
}

const HUNYUAN =
  /double_blocks_#_(?:img|txt)_mlp_fc|double_blocks_#_(?:img|txt)_attn_[qkv]$|_(?:img|txt)_mod_linear|single_blocks_#_modulation_linear|attn_qkv_proj/;

/** `double_blocks` / `single_blocks`: Flux.1, Chroma, Flux.2 and the Hunyuan family in original names. */
function doubleSingle(names: Names): Allowed | null {
  if (!names.has(/^(?:double|single)_blocks_#/)) return null;
  if (names.has(HUNYUAN)) {
    const widths = names.widths(/attn_(?:qkv|q|proj)$|linear1$|mlp_fc1$/);
    const [family, width] = widths.has(3584)
      ? (['hunyuan-image-2.1', 3584] as const)
      : widths.has(2048)
        ? (['hunyuan-video-1.5', 2048] as const)
        : (['hunyuan-video', 3072] as const);
    return only(family, `Hunyuan block names, width ${width}`, `混元模块命名，宽度 ${width}`);
  }
  const wide = names.widths(/attn_qkv$|linear1$|attn_proj$|mlp_0$/);
  const large = pick(wide, 6144, 4096);
  if (large) return only('flux2', `attention width ${large}`, `注意力宽度 ${large}`, flux2Variant(wide));
  if (names.has(/mod_lin$|modulation_lin$|processor|norm_|^guidance_in|^vector_in|img_in/)) {
    const control = names.widths(/^img_in$/).has(128);
    return only(
      'flux',
      'Flux block names with modulation, guidance, vector or processor modules',
      'Flux 模块命名，且含调制、引导、向量或 processor 模块',
      control ? 'control' : null,
    );
  }
  const linear1 = names.heights(/single_blocks_#_linear1$/);
  const mlp0 = names.heights(/mlp_0$/);
  const mlp2 = names.widths(/mlp_2$/);
  if (linear1.has(27648) || mlp0.has(18432) || mlp2.has(9216)) {
    return only('flux2', 'MLP widths of Flux.2 klein 4B', 'MLP 宽度为 Flux.2 klein 4B', 'klein-4b');
  }
  const flux1Mlp =
    linear1.has(21504) || names.widths(/single_blocks_#_linear2$/).has(15360) || mlp0.has(12288) || mlp2.has(12288);
  if (names.greatest('double_blocks') > 18 || names.greatest('single_blocks') > 37) {
    return only('hunyuan-video', 'more blocks than Flux.1 has (19 + 38)', '模块数多于 Flux.1（19 + 38）');
  }
  if (flux1Mlp) {
    return several(
      ['flux', 'chroma'],
      'flux',
      'Flux.1 and Chroma have the same names and shapes when no modulation layer was trained',
      '未训练调制层时，Flux.1 与 Chroma 的名称和形状完全相同',
    );
  }
  return several(
    ['flux', 'chroma', 'flux2', 'hunyuan-video'],
    'flux',
    'attention layers of width 3072 only: several families have them',
    '只有宽度 3072 的注意力层：多个系列都有',
  );
}

/** `transformer_blocks` beside `single_transformer_blocks`: diffusers names. */
function diffusersDouble(names: Names): Allowed | null {
  if (!names.has(/^single_transformer_blocks/)) return null;
  const widths = names.widths(/attn_to_[qkv]$|attn_add_[qkv]_proj$|proj_mlp$/);
  const large = pick(widths, 6144, 4096);
  if (large) return only('flux2', `attention width ${large}`, `注意力宽度 ${large}`, flux2Variant(widths));
  const fused = names.heights(/ff_linear_in$|ff_context_linear_in$/);
  if (names.widths(/context_embedder/).has(7680) || pick(fused, 18432, 36864, 24576)) {
    return only('flux2', 'context or feed-forward widths of Flux.2', '上下文或前馈宽度为 Flux.2', flux2Variant(widths));
  }
  if (names.greatest('transformer_blocks') > 18 || names.greatest('single_transformer_blocks') > 37) {
    return several(
      ['hunyuan-video', 'framepack'],
      'hunyuan-video',
      'more blocks than Flux.1 has (19 + 38); HunyuanVideo and FramePack are equal by tensors',
      '模块数多于 Flux.1（19 + 38）；混元视频与 FramePack 从张量上无法区分',
    );
  }
  if (names.widths(/^x_embedder$/).has(128) && widths.has(3072)) {
    return only('flux', 'x_embedder with 128 inputs (Flux control)', 'x_embedder 输入为 128（Flux 控制）', 'control');
  }
  const shared = 'HunyuanVideo shares the diffusers names and widths of Flux.1 up to block 18';
  const sharedZh = '第 18 块以内，混元视频与 Flux.1 的 diffusers 名称和宽度相同';
  if (names.has(/norm1_linear|norm1_context_linear|single_transformer_blocks_#_norm_linear|time_text_embed_guidance_embedder/)) {
    return several(['flux', 'hunyuan-video', 'framepack'], 'flux', shared, sharedZh);
  }
  if (names.has(/single_transformer_blocks_#_(?:attn_to_[qkv]|proj_mlp|proj_out)$/)) {
    return several(['flux', 'chroma', 'hunyuan-video', 'framepack'], 'flux', shared, sharedZh);
  }
  return several(['flux', 'chroma', 'flux2', 'hunyuan-video', 'framepack'], 'flux', shared, sharedZh);
}

/** `layers.N`: Lumina 2, Z-Image, Ideogram 4. */
function layers(names: Names): Allowed | null {
  if (!names.has(/^(?:layers|noise_refiner|context_refiner)_#/)) return null;
  const attention = /attention_(?:qkv|to_[qkv]|out|o)$|attn_to_[qkv]$|attention_to_out_0$/;
  const inner = names.widths(attention);
  const widths = inner.size > 0 ? inner : names.heights(attention);
  const width = (value: number): [string, string] => [`layers.N with width ${value}`, `layers.N，宽度 ${value}`];
  if (widths.has(4608)) return only('ideogram4', ...width(4608));
  if (widths.has(3840) || widths.has(11520)) return only('z-image', ...width(3840));
  if (widths.has(2304)) return only('lumina2', ...width(2304));
  if (names.has(/attention_to_out_0/)) return only('z-image', 'modules named attention.to_out.0', '模块名为 attention.to_out.0');
  const any = names.widths(/./);
  if (any.has(3840)) return only('z-image', ...width(3840));
  if (any.has(2304)) return only('lumina2', ...width(2304));
  return several(['lumina2', 'z-image'], null, 'layers.N without a telling width', 'layers.N，无可区分的宽度');
}

/** `blocks.N`: Wan, Cosmos-Predict2, Anima, HunyuanDiT. */
function blocks(names: Names): Allowed | null {
  if (!names.has(/^blocks_#_/)) return null;
  if (names.has(/_(?:self|cross)_attn_(?:q|k|v|output)_proj|blocks_#_mlp_layer[12]/)) {
    return several(
      ['anima', 'cosmos-predict2'],
      null,
      'Anima is a Cosmos-Predict2 model: equal names unless llm_adapter is trained',
      'Anima 基于 Cosmos-Predict2：未训练 llm_adapter 时名称相同',
    );
  }
  if (names.has(/_(?:self|cross)_attn_(?:q|k|v|o)$|_ffn_[02]$|_[kv]_img$/)) {
    const widths = names.widths(/attn_[qkvo]$|ffn_0$/);
    const size = widths.has(1536) ? '1.3b' : widths.has(5120) ? '14b' : widths.has(3072) ? '2.2-5b' : null;
    const image = names.has(/_[kv]_img$/) ? '2.1-i2v-' : '';
    return only(
      'wan',
      'blocks.N.self_attn / cross_attn / ffn',
      'blocks.N.self_attn / cross_attn / ffn',
      size ? `${image}${size}` : null,
    );
  }
  if (names.has(/attn[12]_to_|attn[12]_Wqkv|attn2_(?:q|kv)_proj/)) {
    const widths = names.widths(/attn1_(?:to_[qkv]|Wqkv)$/);
    if (widths.has(1408)) return only('hunyuandit', 'blocks.N.attn1 with width 1408', 'blocks.N.attn1，宽度 1408');
    const wan = pick(widths, 5120, 3072, 1536);
    const size = wan === 1536 ? '1.3b' : wan === 5120 ? '14b' : '2.2-5b';
    if (wan)
      return only(
        'wan',
        `blocks.N.attn1 with width ${wan} (diffusers names)`,
        `blocks.N.attn1，宽度 ${wan}（diffusers 命名）`,
        size,
      );
  }
  return null;
}

/** `transformer_blocks.N` at the root, without single blocks: diffusers names of many families. */
function transformerBlocks(names: Names): Allowed | null {
  if (names.has(/^transformer_blocks_#_attn_/)) {
    const widths = names.widths(/attn_to_[qkv]$|attn_add_[qkv]_proj$/);
    const sd3 = pick(widths, 1536, 2432);
    if (sd3) return only('sd3', `joint attention of width ${sd3}`, `联合注意力宽度 ${sd3}`, sd3 === 2432 ? '3.5-large' : null);
    if (names.has(/_ff_net|_ff_context|norm1_linear/)) {
      return several(
        ['flux', 'hunyuan-video', 'framepack', 'chroma'],
        'flux',
        'double blocks only, diffusers names',
        '只有 double 块，diffusers 命名',
      );
    }
    const depth = names.greatest('transformer_blocks');
    if (depth > 19) return only('qwen-image', `joint attention in block ${depth}`, `第 ${depth} 块有联合注意力`);
    if (widths.has(3072)) {
      const flux = depth <= 18 ? (['flux', 'chroma', 'flux2'] as const) : [];
      return several(
        [...flux, 'qwen-image', 'hunyuan-video', 'framepack'],
        null,
        'joint attention of width 3072 only',
        '只有宽度 3072 的联合注意力',
      );
    }
  }
  if (!names.has(/^transformer_blocks_#_attn[12]_/)) return null;
  const widths = names.widths(/attn1_to_[qkv]$/);
  const context = names.widths(/attn2_to_[kv]$/);
  if (names.has(/attn1_add_[qkv]_proj|pooler/))
    return only('mochi', 'attn1 with add_q_proj, or a pooler', 'attn1 含 add_q_proj，或有 pooler');
  const width = (value: number): [string, string] => [
    `transformer_blocks.N.attn1 with width ${value}`,
    `transformer_blocks.N.attn1，宽度 ${value}`,
  ];
  if (widths.has(1152)) return only('pixart', ...width(1152));
  if (widths.has(2240)) return only('sana', ...width(2240));
  if (widths.has(4096)) return several(['ltx-2', 'ltx-video'], 'ltx-2', ...width(4096));
  if (widths.has(2048)) return only(context.has(1024) ? 'cosmos-predict2' : 'ltx-video', ...width(2048));
  if (widths.has(3072)) return only('cogvideox', ...width(3072));
  return null;
}
