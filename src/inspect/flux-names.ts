/** Which part of a fused weight a module of the diffusers library is. */
export type FluxPart = 'whole' | 'third' | 'hidden' | 'mlp';

export interface FluxPlace {
  /** Name in Black Forest Labs' code, dots made equal to underscores. */
  readonly name: string;
  readonly part: FluxPart;
}

const DOUBLE: { readonly [rest: string]: readonly [string, FluxPart] } = {
  attn_to_q: ['img_attn_qkv', 'third'],
  attn_to_k: ['img_attn_qkv', 'third'],
  attn_to_v: ['img_attn_qkv', 'third'],
  attn_add_q_proj: ['txt_attn_qkv', 'third'],
  attn_add_k_proj: ['txt_attn_qkv', 'third'],
  attn_add_v_proj: ['txt_attn_qkv', 'third'],
  attn_to_out_0: ['img_attn_proj', 'whole'],
  attn_to_add_out: ['txt_attn_proj', 'whole'],
  ff_net_0_proj: ['img_mlp_0', 'whole'],
  ff_net_2: ['img_mlp_2', 'whole'],
  ff_context_net_0_proj: ['txt_mlp_0', 'whole'],
  ff_context_net_2: ['txt_mlp_2', 'whole'],
  norm1_linear: ['img_mod_lin', 'whole'],
  norm1_context_linear: ['txt_mod_lin', 'whole'],
};

const SINGLE: { readonly [rest: string]: readonly [string, FluxPart] } = {
  attn_to_q: ['linear1', 'hidden'],
  attn_to_k: ['linear1', 'hidden'],
  attn_to_v: ['linear1', 'hidden'],
  proj_mlp: ['linear1', 'mlp'],
  proj_out: ['linear2', 'whole'],
  norm_linear: ['modulation_lin', 'whole'],
};

const TOP: { readonly [path: string]: string } = {
  x_embedder: 'img_in',
  context_embedder: 'txt_in',
  time_text_embed_timestep_embedder_linear_1: 'time_in_in_layer',
  time_text_embed_timestep_embedder_linear_2: 'time_in_out_layer',
  time_text_embed_text_embedder_linear_1: 'vector_in_in_layer',
  time_text_embed_text_embedder_linear_2: 'vector_in_out_layer',
  time_text_embed_guidance_embedder_linear_1: 'guidance_in_in_layer',
  time_text_embed_guidance_embedder_linear_2: 'guidance_in_out_layer',
  norm_out_linear: 'final_layer_adaLN_modulation_1',
  proj_out: 'final_layer_linear',
};

/** Where a diffusers name of Flux.1 lies in the original layout; null when it is none (lora-files.md §3.2). */
export function fluxPlace(path: string): FluxPlace | null {
  const top = TOP[path];
  if (top !== undefined) return { name: top, part: 'whole' };
  const block = /^(single_)?transformer_blocks_(\d{1,3})_(.+)$/.exec(path);
  if (!block) return null;
  const [, single, index, rest = ''] = block;
  const place = (single ? SINGLE : DOUBLE)[rest];
  return place ? { name: `${single ? 'single' : 'double'}_blocks_${index}_${place[0]}`, part: place[1] } : null;
}

/** Shape of that part of the fused weight. */
export function cutShape(shape: readonly number[], part: FluxPart): readonly number[] {
  const [rows = 0, columns = 0] = shape;
  if (part === 'third') return [rows / 3, columns];
  if (part === 'hidden') return [columns, columns];
  return part === 'mlp' ? [rows - 3 * columns, columns] : shape;
}
