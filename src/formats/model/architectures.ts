import type { Family } from '../../facts/families';

/**
 * Modules of one diffusion transformer in one spelling. Lines read `STACK*DEPTH names OUT IN`: the names in a stack of DEPTH blocks (`-`: at
 * the root), rows and columns of their weights, as multiples of the letters in `sizes` or as numbers; `?` = any.
 */
export interface Architecture {
  readonly family: Family;
  readonly variant: string | null;
  readonly sizes: { readonly [letter: string]: number };
  readonly lines: readonly string[];
  /** Spelling that another family's files have as a rule: asked only when nothing else fits. */
  readonly rare?: boolean;
}

export const QKV = 'attn_to_q,attn_to_k,attn_to_v';
export const ADDED = 'attn_add_q_proj,attn_add_k_proj,attn_add_v_proj';
export const SELF = 'attn1_to_q,attn1_to_k,attn1_to_v,attn1_to_out_0';
export const CROSS = 'attn2_to_q,attn2_to_k,attn2_to_v,attn2_to_out_0';

const sides = (name: string): string => `img_${name},txt_${name}`;

/** `double_blocks` and `single_blocks` in the spelling of Black Forest Labs. Widths: qkv 3, MLP `mlp`, modulation 6 and 3 times the hidden one. */
function bflBlocks(double: number, single: number, mlp: number, gated: boolean): string[] {
  const inner = gated ? mlp / 2 : mlp;
  return [
    `double_blocks*${double} ${sides('attn_qkv')} 3h h`,
    `double_blocks*${double} ${sides('attn_proj')} h h`,
    `double_blocks*${double} ${sides('mlp_0')} ${mlp}h h`,
    `double_blocks*${double} ${sides('mlp_2')} h ${inner}h`,
    `double_blocks*${double} ${sides('attn_norm_query_norm')},${sides('attn_norm_key_norm')} ? ?`,
    `single_blocks*${single} linear1 ${3 + mlp}h h`,
    `single_blocks*${single} linear2 h ${1 + inner}h`,
    `single_blocks*${single} norm_query_norm,norm_key_norm ? ?`,
    '- img_in h ?',
    '- final_layer_linear ? h',
  ];
}

/** The same blocks in diffusers' spelling, with an MLP of four times the width. */
function jointBlocks(double: number, single: number): string[] {
  const lines = [
    `transformer_blocks*${double} ${QKV},attn_to_out_0,${ADDED},attn_to_add_out h h`,
    `transformer_blocks*${double} ff_net_0_proj,ff_context_net_0_proj 4h h`,
    `transformer_blocks*${double} ff_net_2,ff_context_net_2 h 4h`,
    '- x_embedder h ?',
    '- proj_out ? h',
  ];
  if (single === 0) return lines;
  return [
    ...lines,
    `single_transformer_blocks*${single} ${QKV} h h`,
    `single_transformer_blocks*${single} proj_mlp 4h h`,
    `single_transformer_blocks*${single} proj_out h 5h`,
  ];
}

/** Modulation layers of `jointBlocks`; Chroma has none. */
const jointModulation = (double: number, single: number): string[] => [
  `transformer_blocks*${double} norm1_linear,norm1_context_linear 6h h`,
  ...(single > 0 ? [`single_transformer_blocks*${single} norm_linear 3h h`] : []),
  '- norm_out_linear 2h h',
  '- time_text_embed_timestep_embedder_linear_1,time_text_embed_guidance_embedder_linear_1 h 256',
  '- time_text_embed_timestep_embedder_linear_2,time_text_embed_guidance_embedder_linear_2,time_text_embed_text_embedder_linear_2 h h',
  '- time_text_embed_text_embedder_linear_1 h 768',
];

const FLUX_MODULATION = [
  `double_blocks*19 ${sides('mod_lin')} 6h h`,
  'double_blocks*19 processor_qkv 3h h',
  'double_blocks*19 processor_proj h h',
  'single_blocks*38 modulation_lin 3h h',
  'single_blocks*38 processor_qkv 3h h',
  'single_blocks*38 processor_proj h h',
  '- txt_in h 4096',
  '- vector_in_in_layer h 768',
  '- time_in_in_layer,guidance_in_in_layer h 256',
  '- vector_in_out_layer,time_in_out_layer,guidance_in_out_layer h h',
  '- final_layer_adaLN_modulation_1 2h h',
];

function flux2(variant: string, h: number, text: number, double: number, single: number): Architecture[] {
  const sizes = { h, t: text };
  return [
    {
      family: 'flux2',
      variant,
      sizes,
      lines: [
        ...bflBlocks(double, single, 6, true),
        '- txt_in h t',
        '- time_in_in_layer,guidance_in_in_layer h 256',
        '- time_in_out_layer,guidance_in_out_layer h h',
        '- double_stream_modulation_img_lin,double_stream_modulation_txt_lin 6h h',
        '- single_stream_modulation_lin 3h h',
      ],
    },
    {
      family: 'flux2',
      variant,
      sizes,
      lines: [
        `transformer_blocks*${double} ${QKV},attn_to_out_0,${ADDED},attn_to_add_out h h`,
        `transformer_blocks*${double} ff_linear_in,ff_context_linear_in 6h h`,
        `transformer_blocks*${double} ff_linear_out,ff_context_linear_out h 3h`,
        `single_transformer_blocks*${single} attn_to_qkv_mlp_proj 9h h`,
        `single_transformer_blocks*${single} attn_to_out h 4h`,
        '- x_embedder h 128',
        '- context_embedder h t',
        '- proj_out ? h',
        '- double_stream_modulation_img_linear,double_stream_modulation_txt_linear 6h h',
        '- single_stream_modulation_linear 3h h',
      ],
    },
  ];
}

/** Tencent's spelling: `mlp_fc1`, `mod_linear`; attention whole or split. */
function hunyuanBlocks(double: number, single: number): string[] {
  return [
    `double_blocks*${double} ${sides('attn_qkv')},${sides('attn_qkv_proj')} 3h h`,
    `double_blocks*${double} ${sides('attn_q')},${sides('attn_k')},${sides('attn_v')},${sides('attn_proj')} h h`,
    `double_blocks*${double} ${sides('mlp_fc1')} 4h h`,
    `double_blocks*${double} ${sides('mlp_fc2')} h 4h`,
    `double_blocks*${double} ${sides('mod_linear')} 6h h`,
    ...(single === 0
      ? []
      : [
          `single_blocks*${single} linear1 7h h`,
          `single_blocks*${single} linear2 h 5h`,
          `single_blocks*${single} modulation_linear 3h h`,
        ]),
  ];
}

function sd3(variant: string, h: number, depth: number, second: number): Architecture[] {
  const sides3 = (name: string): string => `x_block_${name},context_block_${name}`;
  const root = ['- context_embedder h 4096', '- final_layer_linear,proj_out ? h'];
  return [
    {
      family: 'sd3',
      variant,
      sizes: { h },
      lines: [
        `joint_blocks*${depth} ${sides3('attn_qkv')} 3h h`,
        `joint_blocks*${depth} ${sides3('attn_proj')} h h`,
        `joint_blocks*${depth} ${sides3('mlp_fc1')} 4h h`,
        `joint_blocks*${depth} ${sides3('mlp_fc2')} h 4h`,
        `joint_blocks*${depth} ${sides3('adaLN_modulation_1')} ? h`,
        ...(second ? [`joint_blocks*${second} x_block_attn2_qkv 3h h`, `joint_blocks*${second} x_block_attn2_proj h h`] : []),
        ...root,
      ],
    },
    {
      family: 'sd3',
      variant,
      sizes: { h },
      lines: [
        ...jointBlocks(depth, 0),
        `transformer_blocks*${depth} norm1_linear,norm1_context_linear ? h`,
        ...(second ? [`transformer_blocks*${second} ${CROSS} h h`] : []),
        ...root,
      ],
    },
  ];
}

/** Names of Flux.1, Chroma, Flux.2, SD3, Qwen-Image and the Hunyuan families (lora-files.md §3.2; their published configurations). */
export const JOINT: readonly Architecture[] = [
  { family: 'flux', variant: null, sizes: { h: 3072 }, lines: [...bflBlocks(19, 38, 4, false), ...FLUX_MODULATION] },
  {
    family: 'flux',
    variant: null,
    sizes: { h: 3072 },
    lines: [...jointBlocks(19, 38), ...jointModulation(19, 38), '- context_embedder h 4096'],
  },
  { family: 'chroma', variant: null, sizes: { h: 3072 }, lines: [...bflBlocks(19, 38, 4, false), '- txt_in h 4096'] },
  { family: 'chroma', variant: null, sizes: { h: 3072 }, lines: [...jointBlocks(19, 38), '- context_embedder h 4096'] },
  ...flux2('dev', 6144, 15360, 8, 48),
  ...flux2('klein-9b', 4096, 12288, 8, 24),
  ...flux2('klein-4b', 3072, 7680, 5, 20),
  ...sd3('medium', 1536, 24, 0),
  ...sd3('3.5-medium', 1536, 24, 13),
  ...sd3('3.5-large', 2432, 38, 0),
  {
    family: 'qwen-image',
    variant: null,
    sizes: { h: 3072 },
    lines: [
      `transformer_blocks*60 ${QKV},attn_to_out_0,${ADDED},attn_to_add_out h h`,
      `transformer_blocks*60 ${sides('mlp_net_0_proj')} 4h h`,
      `transformer_blocks*60 ${sides('mlp_net_2')} h 4h`,
      `transformer_blocks*60 ${sides('mod_1')} 6h h`,
      '- img_in h 64',
      '- txt_in h 3584',
      '- proj_out ? h',
      '- norm_out_linear 2h h',
      '- time_text_embed_timestep_embedder_linear_1 h 256',
      '- time_text_embed_timestep_embedder_linear_2 h h',
    ],
  },
  { family: 'hunyuan-video', variant: null, sizes: { h: 3072 }, lines: hunyuanBlocks(20, 40) },
  { family: 'hunyuan-video', variant: null, sizes: { h: 3072 }, lines: [...jointBlocks(20, 40), ...jointModulation(20, 40)] },
  {
    family: 'hunyuan-video',
    variant: null,
    sizes: { h: 3072 },
    rare: true,
    lines: [...bflBlocks(20, 40, 4, false), `double_blocks*20 ${sides('mod_lin')} 6h h`, 'single_blocks*40 modulation_lin 3h h'],
  },
  { family: 'framepack', variant: null, sizes: { h: 3072 }, lines: [...jointBlocks(20, 40), ...jointModulation(20, 40)] },
  { family: 'hunyuan-video-1.5', variant: null, sizes: { h: 2048 }, lines: hunyuanBlocks(54, 0) },
  { family: 'hunyuan-video-1.5', variant: null, sizes: { h: 2048 }, lines: [...jointBlocks(54, 0), ...jointModulation(54, 0)] },
  { family: 'hunyuan-image-2.1', variant: null, sizes: { h: 3584 }, lines: hunyuanBlocks(20, 40) },
  { family: 'hunyuan-image-2.1', variant: null, sizes: { h: 3584 }, lines: [...jointBlocks(20, 40), ...jointModulation(20, 40)] },
];
