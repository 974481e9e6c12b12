import type { Family } from '../../facts/families';
import { ADDED, type Architecture, CROSS, QKV, SELF } from './architectures';

/** Attention over `transformer_blocks` with a separate text side, in diffusers' spelling. */
function crossBlocks(depth: number, mlp: boolean, context: string): string[] {
  return [
    `transformer_blocks*${depth} ${SELF},attn2_to_q,attn2_to_out_0 h h`,
    `transformer_blocks*${depth} attn2_to_k,attn2_to_v h ${context}`,
    ...(mlp ? [`transformer_blocks*${depth} ff_net_0_proj 4h h`, `transformer_blocks*${depth} ff_net_2 h 4h`] : []),
  ];
}

function cosmos(variant: string, h: number, depth: number): Architecture[] {
  const native: readonly string[] = [
    `blocks*${depth} self_attn_q_proj,self_attn_k_proj,self_attn_v_proj,self_attn_output_proj h h`,
    `blocks*${depth} cross_attn_q_proj,cross_attn_output_proj h h`,
    `blocks*${depth} cross_attn_k_proj,cross_attn_v_proj h 1024`,
    `blocks*${depth} mlp_layer1 4h h`,
    `blocks*${depth} mlp_layer2 h 4h`,
    `blocks*${depth} adaln_modulation_self_attn_1,adaln_modulation_cross_attn_1,adaln_modulation_mlp_1 256 h`,
    `blocks*${depth} adaln_modulation_self_attn_2,adaln_modulation_cross_attn_2,adaln_modulation_mlp_2 3h 256`,
  ];
  const predict: Architecture = { family: 'cosmos-predict2', variant, sizes: { h }, lines: native };
  const diffusers = { ...predict, lines: crossBlocks(depth, true, '1024') };
  // Anima is the 2B model with an adapter for its own text encoder.
  return h === 2048 ? [predict, diffusers, { ...predict, family: 'anima', variant: null }] : [predict, diffusers];
}

function wan(variant: string, h: number, ffn: number, depth: number, vace: number): Architecture[] {
  const block = (stack: string): string[] => [
    `${stack} self_attn_q,self_attn_k,self_attn_v,self_attn_o h h`,
    `${stack} cross_attn_q,cross_attn_k,cross_attn_v,cross_attn_o h h`,
    `${stack} ${SELF},${CROSS} h h`,
    `${stack} ffn_0,ffn_net_0_proj f h`,
    `${stack} ffn_2,ffn_net_2 h f`,
  ];
  const image = [`blocks*${depth} cross_attn_k_img,cross_attn_v_img,attn2_add_k_proj,attn2_add_v_proj h h`];
  const control = [...block(`vace_blocks*${vace}`), `vace_blocks*${vace} before_proj,after_proj,proj_in,proj_out h h`];
  const root = ['- text_embedding_0 h 4096', '- text_embedding_2,time_embedding_2 h h', '- time_embedding_0 h 256'];
  const base: Architecture = {
    family: 'wan',
    variant,
    sizes: { h, f: ffn },
    lines: [...block(`blocks*${depth}`), '- time_projection_1 6h h', ...root],
  };
  if (vace === 0) return [base];
  return [
    base,
    { ...base, variant: `2.1-i2v-${variant}`, lines: [...base.lines, ...image] },
    { ...base, variant: `vace-${variant}`, lines: [...base.lines, ...control] },
  ];
}

const ltx = (family: Family, h: number, depth: number): Architecture => ({
  family,
  variant: null,
  sizes: { h },
  lines: [...crossBlocks(depth, true, 'h'), '- proj_in,patchify_proj h 128', '- proj_out ? h'],
});

const sana = (h: number, depth: number): Architecture => ({
  family: 'sana',
  variant: null,
  sizes: { h },
  lines: [...crossBlocks(depth, false, 'h'), `transformer_blocks*${depth} ff_conv_inverted,ff_conv_point,ff_conv_depth ? ?`],
});

const cogvideox = (variant: string, h: number, depth: number): Architecture => ({
  family: 'cogvideox',
  variant,
  sizes: { h },
  lines: [
    `transformer_blocks*${depth} ${SELF} h h`,
    `transformer_blocks*${depth} ff_net_0_proj 4h h`,
    `transformer_blocks*${depth} ff_net_2 h 4h`,
    `transformer_blocks*${depth} norm1_linear,norm2_linear 6h 512`,
  ],
});

/** Models whose blocks read the text by cross-attention or beside the picture in one stack. */
export const CROSSED: readonly Architecture[] = [
  ...wan('1.3b', 1536, 8960, 30, 15),
  ...wan('14b', 5120, 13824, 40, 8),
  ...wan('2.2-5b', 3072, 14336, 30, 0),
  ...cosmos('2b', 2048, 28),
  ...cosmos('14b', 5120, 36),
  { family: 'unknown', variant: 'cosmos-1', sizes: { h: 4096 }, lines: crossBlocks(28, true, '1024') },
  ltx('ltx-video', 2048, 28),
  ltx('ltx-video', 4096, 48),
  ltx('ltx-2', 4096, 48),
  {
    family: 'pixart',
    variant: null,
    sizes: { h: 1152 },
    lines: [...crossBlocks(28, true, 'h'), '- caption_projection_linear_1 h 4096'],
  },
  {
    family: 'pixart',
    variant: null,
    sizes: { h: 1152 },
    lines: [
      'blocks*28 attn_qkv 3h h',
      'blocks*28 attn_proj,cross_attn_q_linear,cross_attn_proj h h',
      'blocks*28 cross_attn_kv_linear 2h h',
      'blocks*28 mlp_fc1 4h h',
      'blocks*28 mlp_fc2 h 4h',
    ],
  },
  sana(2240, 20),
  sana(2240, 60),
  sana(1152, 28),
  cogvideox('2b', 1920, 30),
  cogvideox('5b', 3072, 42),
  {
    family: 'mochi',
    variant: null,
    sizes: { h: 3072, y: 1536 },
    lines: [
      `transformer_blocks*48 ${SELF} h h`,
      'transformer_blocks*48 attn1_add_q_proj,attn1_add_k_proj,attn1_add_v_proj h y',
      'transformer_blocks*48 attn1_to_add_out y h',
      'transformer_blocks*48 ff_net_0_proj 16384 h',
      'transformer_blocks*48 ff_net_2 h 8192',
      'transformer_blocks*48 ff_context_net_0_proj 8192 y',
      'transformer_blocks*48 ff_context_net_2 y 4096',
    ],
  },
  {
    family: 'mochi',
    variant: null,
    sizes: { h: 3072, y: 1536 },
    lines: [
      'blocks*48 attn_qkv_x 3h h',
      'blocks*48 attn_qkv_y 3h y',
      'blocks*48 attn_proj_x h h',
      'blocks*48 attn_proj_y y h',
      'blocks*48 mod_x,mod_y,mlp_x_w1,mlp_x_w2,mlp_y_w1,mlp_y_w2 ? ?',
    ],
  },
  {
    family: 'auraflow',
    variant: null,
    sizes: { h: 3072 },
    lines: [
      `joint_transformer_blocks*4 ${QKV},attn_to_out_0,${ADDED},attn_to_add_out h h`,
      `single_transformer_blocks*32 ${QKV},attn_to_out_0 h h`,
      'joint_transformer_blocks*4 ff_linear_1,ff_linear_2,ff_context_linear_1,ff_context_linear_2 8192 h',
      'joint_transformer_blocks*4 ff_out_projection,ff_context_out_projection h 8192',
      'single_transformer_blocks*32 ff_linear_1,ff_linear_2 8192 h',
      'single_transformer_blocks*32 ff_out_projection h 8192',
    ],
  },
  {
    family: 'auraflow',
    variant: null,
    sizes: { h: 3072 },
    lines: [
      'double_layers*4 attn_w1q,attn_w1k,attn_w1v,attn_w1o,attn_w2q,attn_w2k,attn_w2v,attn_w2o h h',
      'single_layers*32 attn_w1q,attn_w1k,attn_w1v,attn_w1o h h',
      'single_layers*32 mlp_c_fc1,mlp_c_fc2 8192 h',
      'single_layers*32 mlp_c_proj h 8192',
    ],
  },
  {
    family: 'hunyuandit',
    variant: null,
    sizes: { h: 1408 },
    lines: [
      `blocks*40 ${SELF},attn2_to_q,attn2_to_out_0 h h`,
      'blocks*40 attn2_to_k,attn2_to_v h 1024',
      'blocks*40 attn1_Wqkv 3h h',
      'blocks*40 attn1_out_proj,attn2_q_proj,attn2_out_proj h h',
      'blocks*40 attn2_kv_proj 2h 1024',
      'blocks*40 mlp_fc1,ff_net_0_proj,mlp_fc2,ff_net_2,skip_linear,default_modulation_1 ? ?',
    ],
  },
  {
    family: 'krea2',
    variant: null,
    sizes: { h: 6144, k: 1536, f: 16384 },
    lines: [
      'blocks*28 attn_wq,attn_gate,attn_wo h h',
      'blocks*28 attn_wk,attn_wv k h',
      'blocks*28 mlp_gate,mlp_up f h',
      'blocks*28 mlp_down h f',
      'transformer_blocks*28 attn_to_q,attn_to_gate,attn_to_out_0 h h',
      'transformer_blocks*28 attn_to_k,attn_to_v k h',
      'transformer_blocks*28 ff_gate,ff_up f h',
      'transformer_blocks*28 ff_down h f',
      '- first,img_in h 64',
    ],
  },
];

/** `layers.N` beside two small refiners: fused or split attention, gated feed-forward. */
function layered(
  family: Family,
  sizes: { readonly h: number; readonly k: number; readonly f: number },
  depth: number,
): Architecture {
  const { h, k } = sizes;
  const lines: string[] = [];
  for (const stack of [`layers*${depth}`, 'noise_refiner*2', 'context_refiner*2']) {
    lines.push(
      `${stack} attention_qkv ${h + 2 * k} h`,
      `${stack} attention_out,attention_o,attention_to_q,attention_to_out_0,attn_to_q,attn_to_out_0 h h`,
      `${stack} attention_to_k,attention_to_v,attn_to_k,attn_to_v k h`,
      `${stack} feed_forward_w1,feed_forward_w3,feed_forward_linear_1,feed_forward_linear_3 f h`,
      `${stack} feed_forward_w2,feed_forward_linear_2 h f`,
    );
  }
  return { family, variant: null, sizes, lines };
}

export const LAYERED: readonly Architecture[] = [
  layered('z-image', { h: 3840, k: 3840, f: 10240 }, 30),
  layered('lumina2', { h: 2304, k: 768, f: 9216 }, 26),
  layered('ideogram4', { h: 4608, k: 4608, f: 12288 }, 34),
];
