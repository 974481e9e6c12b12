import type { Family } from '../../facts/families';
import type { SafetensorsHeader, TensorInfo } from '../safetensors-header';
import { type Allowed, only, several } from './allowed';
import { transformerFamily } from './family-dit';
import { LoraModule } from './modules';
import { Names } from './names';
import { BARE } from './parts';

/** Tensors of a whole model by name, with the denoiser's prefix cut off (webui-comfyui-and-others.md A11). */
export class BaseModel {
  /** Denoiser tensors by inner name. */
  readonly denoiser = new Map<string, TensorInfo>();
  readonly encoders = new Set<string>();
  hasVae = false;
  readonly all = new Map<string, TensorInfo>();

  constructor(header: SafetensorsHeader) {
    for (const tensor of header.tensors) this.all.set(tensor.name, tensor);
    const prefix = denoiserPrefix(header);
    for (const tensor of header.tensors) this.place(tensor, prefix);
  }

  private place(tensor: TensorInfo, prefix: string): void {
    const name = tensor.name;
    if (prefix !== '' && name.startsWith(prefix)) {
      this.denoiser.set(name.slice(prefix.length), tensor);
      return;
    }
    if (name.startsWith('first_stage_model.') || name.startsWith('vae.')) {
      this.hasVae = true;
      return;
    }
    const encoder = encoderOf(name, tensor);
    if (encoder !== null) this.encoders.add(encoder);
    else if (prefix === '') this.denoiser.set(name, tensor);
  }

  has(name: string): boolean {
    return this.denoiser.has(name);
  }

  shape(name: string): readonly number[] | undefined {
    return this.denoiser.get(name)?.shape;
  }

  /** Shape of the first denoiser tensor whose inner name ends so. */
  find(ending: string): readonly number[] | undefined {
    for (const [name, tensor] of this.denoiser) if (name.endsWith(ending)) return tensor.shape;
    return undefined;
  }
}

function denoiserPrefix(header: SafetensorsHeader): string {
  for (const prefix of ['model.diffusion_model.', 'model.model.', 'net.']) {
    let count = 0;
    for (const tensor of header.tensors) if (tensor.name.startsWith(prefix) && ++count > 5) return prefix;
  }
  return '';
}

/** Which text encoder a tensor belongs to: clip_l, clip_g, openclip_h, t5xxl, or the name that ComfyUI saves it under. */
function encoderOf(name: string, tensor: TensorInfo): string | null {
  if (name.startsWith('cond_stage_model.')) return name.startsWith('cond_stage_model.model.') ? 'openclip_h' : 'clip_l';
  if (name.startsWith('conditioner.embedders.')) {
    return name.split('.', 4)[3] === 'model' ? 'clip_g' : 'clip_l';
  }
  if (name.startsWith('text_encoders.')) return name.slice(14).split('.', 1)[0] ?? null;
  return bareEncoder(name, tensor);
}

const CLIP_BY_WIDTH: { readonly [width: number]: string } = { 768: 'clip_l', 1024: 'openclip_h', 1280: 'clip_g' };

/** A text encoder saved on its own. */
function bareEncoder(name: string, tensor: TensorInfo): string | null {
  if (name === 'token_embedding.weight' || name.endsWith('text_model.embeddings.token_embedding.weight'))
    return CLIP_BY_WIDTH[tensor.shape[1] ?? 0] ?? 'clip';
  if (name.endsWith('block.0.layer.0.SelfAttention.q.weight')) return (tensor.shape[1] ?? 0) === 4096 ? 't5xxl' : 't5';
  if (/^(?:(?:language_)?model\.)*embed_tokens\.weight$/.test(name)) return LANGUAGE_MODELS[tensor.shape[1] ?? 0] ?? 'llm';
  return null;
}

/** Language models that serve as text encoders, by width; named as ComfyUI saves them. */
const LANGUAGE_MODELS: { readonly [width: number]: string } = {
  1024: 'qwen3_06b',
  2304: 'gemma2_2b',
  2560: 'qwen3_4b',
  3584: 'qwen25_7b',
  4096: 'llama3_8b',
};

const SIGNATURES: readonly [string, Family][] = [
  ['clf.1.weight', 'cascade'],
  ['double_layers.0.attn.w1q.weight', 'auraflow'],
  ['mlp_t5.0.weight', 'hunyuandit'],
  ['t5_yproj.weight', 'mochi'],
  ['t_block.1.weight', 'pixart'],
  ['blocks.0.norm1.linear.weight', 'cogvideox'],
  ['head.modulation', 'wan'],
  ['caption_projection.0.linear.weight', 'hidream-i1'],
  ['txt_norm.weight', 'qwen-image'],
  ['embed_image_indicator.weight', 'ideogram4'],
  ['txtfusion.projector.weight', 'krea2'],
  ['visual_transformer_blocks.0.cross_attention.key_norm.weight', 'kandinsky5'],
];

const told = (name: string): [string, string] => [`tensor ${name} is there`, `含张量 ${name}`];

/** Family of a whole model or a bare diffusion model. */
export function baseFamily(model: BaseModel): Allowed | null {
  return unet(model) ?? flux(model) ?? diffusersTransformer(model) ?? otherTransformer(model) ?? byMatrices(model.denoiser);
}

function unet(model: BaseModel): Allowed | null {
  const first = model.shape('input_blocks.0.0.weight') ?? model.shape('conv_in.weight');
  const context = model.find('attn2.to_k.weight')?.[1];
  if (!first || context === undefined) return null;
  const inputs = first[1] ?? 4;
  const variant = inputs === 9 ? 'inpainting' : inputs === 8 ? 'instruct-pix2pix' : null;
  const why: [string, string] = [
    `U-Net whose cross-attention reads ${context}-wide text`,
    `U-Net，交叉注意力的文本宽度为 ${context}`,
  ];
  if (context === 768) return only('sd15', ...why, variant);
  if (context === 1024) return only('sd21', ...why, variant);
  if (context === 1280) return only('sdxl-refiner', ...why, variant);
  if (context !== 2048) return null;
  let depth = -1;
  // The way down tells: SSD-1B keeps ten layers in one block of the way up.
  for (const name of model.denoiser.keys()) {
    const at = /^(?:input|down)_blocks/.test(name) ? name.lastIndexOf('transformer_blocks.') : -1;
    if (at >= 0) depth = Math.max(depth, Number.parseInt(name.slice(at + 19), 10) || 0);
  }
  return depth >= 4 ? only('sdxl', ...why, variant) : only('ssd-1b', why[0], why[1], variant);
}

function flux(model: BaseModel): Allowed | null {
  if (!model.find('double_blocks.0.img_attn.qkv.weight') && !model.has('double_blocks.0.img_attn.norm.key_norm.scale')) {
    return model.has('txt_in.individual_token_refiner.blocks.0.norm1.weight') ? hunyuan(model) : null;
  }
  if (model.has('txt_in.individual_token_refiner.blocks.0.norm1.weight')) return hunyuan(model);
  if (model.has('double_stream_modulation_img.lin.weight')) return only('flux2', ...told('double_stream_modulation_img'));
  for (const name of model.denoiser.keys()) {
    if (name.startsWith('distilled_guidance_layer.')) return only('chroma', ...told('distilled_guidance_layer'));
  }
  const inputs = model.shape('img_in.weight')?.[1] ?? 64;
  const guided = model.has('guidance_in.in_layer.weight');
  const variant = inputs === 384 ? 'fill' : inputs !== 64 ? 'control' : guided ? 'dev' : 'schnell';
  return only('flux', ...told('double_blocks.0.img_attn'), variant);
}

function hunyuan(model: BaseModel): Allowed {
  const width = model.find('img_attn_qkv.weight')?.[1] ?? model.find('img_attn.qkv.weight')?.[1];
  const family = width === 3584 ? 'hunyuan-image-2.1' : width === 2048 ? 'hunyuan-video-1.5' : 'hunyuan-video';
  return only(family, ...told('txt_in.individual_token_refiner'));
}

/** Bare transformers in diffusers names. */
function diffusersTransformer(model: BaseModel): Allowed | null {
  if (model.find('single_transformer_blocks.0.attn.to_qkv_mlp_proj.weight')) return only('flux2', ...told('to_qkv_mlp_proj'));
  const width = model.shape('single_transformer_blocks.0.attn.to_q.weight')?.[1];
  if (width === 3072) {
    if (model.find('single_transformer_blocks.38.attn.to_q.weight')) {
      return several(['hunyuan-video', 'framepack'], 'hunyuan-video', '40 single blocks', '40 个 single 块');
    }
    if (model.has('distilled_guidance_layer.in_proj.weight')) return only('chroma', ...told('distilled_guidance_layer'));
    const guided = model.has('time_text_embed.guidance_embedder.linear_1.weight');
    return only('flux', ...told('single_transformer_blocks'), guided ? 'dev' : 'schnell');
  }
  return null;
}

/**
 * Matrices of a whole model, or of a ControlNet cut from one, held against the architectures that LoRAs are told by. Language models and motion
 * modules are none of these.
 *
 * @param tensors by name, with a prefix cut off
 */
export function byMatrices(tensors: Iterable<readonly [string, TensorInfo]>): Allowed | null {
  const modules: LoraModule[] = [];
  for (const [name, { shape }] of tensors) {
    if (shape.length !== 2 || !name.endsWith('.weight')) continue;
    const module = new LoraModule(name.slice(0, -7), BARE);
    module.down = [1, shape[1] ?? 0];
    module.up = [shape[0] ?? 0, 1];
    modules.push(module);
  }
  const allowed = transformerFamily(new Names(modules));
  return allowed?.best && !/^(?:llm-adapter|animatediff)/.test(allowed.best) ? allowed : null;
}

function otherTransformer(model: BaseModel): Allowed | null {
  const joint = model.find('joint_blocks.0.context_block.attn.qkv.weight');
  if (joint) return only('sd3', ...told('joint_blocks.0.context_block'), joint[1] === 2432 ? '3.5-large' : null);
  for (const [name, family] of SIGNATURES) if (model.has(name)) return only(family, ...told(name));
  if (model.has('adaln_single.emb.timestep_embedder.linear_1.bias')) {
    if (model.has('pos_embed.proj.bias')) return only('pixart', ...told('pos_embed.proj'));
    return only(model.has('audio_adaln_single.linear.weight') ? 'ltx-2' : 'ltx-video', ...told('adaln_single'));
  }
  const caption = model.shape('cap_embedder.1.weight');
  if (caption && model.has('noise_refiner.0.attention.k_norm.weight')) {
    return only(
      caption[0] === 3840 ? 'z-image' : 'lumina2',
      `caption embedder of width ${caption[0]}`,
      `文本嵌入宽度 ${caption[0]}`,
    );
  }
  if (model.has('blocks.0.mlp.layer1.weight')) {
    for (const name of model.denoiser.keys()) if (name.startsWith('llm_adapter.')) return only('anima', ...told('llm_adapter'));
    return only('cosmos-predict2', ...told('blocks.0.mlp.layer1'));
  }
  return null;
}
