/**
 * Which component of the picture model a module belongs to, and which program's spelling its name is (lora-files.md §2.2).
 * `denoiser` is the U-Net or the diffusion transformer: the prefix does not tell which.
 */
export type Part = 'denoiser' | 'te1' | 'te2' | 'te3' | 'te4' | 'prior' | 'embedding';

export interface Prefix {
  readonly text: string;
  readonly part: Part;
  readonly style: string;
}

const denoiser = (text: string, style: string): Prefix => ({ text, part: 'denoiser', style });
const encoder = (text: string, part: Part, style: string): Prefix => ({ text, part, style });

/** Longer ones first where one begins another. */
const PREFIXES: readonly Prefix[] = [
  denoiser('lora_unet__', 'kohya'),
  denoiser('lora_unet_', 'kohya'),
  encoder('lora_te_', 'te1', 'kohya'),
  encoder('lora_te1_', 'te1', 'kohya'),
  encoder('lora_te2_', 'te2', 'kohya'),
  encoder('lora_te3_', 'te3', 'kohya'),
  encoder('lora_te4_', 'te4', 'kohya'),
  denoiser('lora_transformer_', 'onetrainer'),
  { text: 'lora_prior_unet_', part: 'prior', style: 'onetrainer' },
  encoder('lora_prior_te_', 'te1', 'onetrainer'),
  denoiser('lycoris_', 'lycoris'),
  denoiser('oft_unet_', 'kohya'),
  encoder('oft_te_', 'te1', 'kohya'),
  denoiser('unet.base_model.model.', 'peft'),
  denoiser('transformer.base_model.model.', 'peft'),
  denoiser('unet.', 'diffusers'),
  denoiser('transformer.', 'diffusers'),
  // The second expert of Wan 2.2.
  denoiser('transformer_2.', 'diffusers'),
  denoiser('pipe.dit.', 'diffsynth'),
  denoiser('pipe.dit2.', 'diffsynth'),
  encoder('text_encoder.', 'te1', 'diffusers'),
  encoder('text_encoder_2.', 'te2', 'diffusers'),
  encoder('text_encoder_3.', 'te3', 'diffusers'),
  encoder('text_encoder_4.', 'te4', 'diffusers'),
  encoder('text_encoders.clip_g.', 'te2', 'comfyui'),
  encoder('text_encoders.t5xxl.', 'te3', 'comfyui'),
  encoder('text_encoders.', 'te1', 'comfyui'),
  denoiser('diffusion_model.', 'comfyui'),
  denoiser('model.diffusion_model.', 'comfyui'),
  denoiser('base_model.model.unet.', 'peft'),
  denoiser('base_model.model.transformer.', 'peft'),
  denoiser('base_model.model.diffusion_model.', 'peft'),
  encoder('base_model.model.text_encoder.', 'te1', 'peft'),
  encoder('base_model.model.text_encoder_2.', 'te2', 'peft'),
  encoder('base_model.model.text_model.', 'te1', 'peft'),
  denoiser('base_model.model.', 'peft'),
  { text: 'bundle_emb.', part: 'embedding', style: 'kohya' },
];

const BY_FIRST_LETTER = new Map<number, Prefix[]>();
for (const prefix of PREFIXES) {
  const list = BY_FIRST_LETTER.get(prefix.text.charCodeAt(0)) ?? [];
  list.push(prefix);
  BY_FIRST_LETTER.set(prefix.text.charCodeAt(0), list);
}

/** Module names without a known prefix: BFL, DiffSynth, XLabs and AnimateDiff files. */
export const BARE: Prefix = denoiser('', 'bare');

export function prefixOf(name: string): Prefix {
  const list = BY_FIRST_LETTER.get(name.charCodeAt(0));
  if (list) for (const prefix of list) if (name.startsWith(prefix.text)) return prefix;
  return BARE;
}
