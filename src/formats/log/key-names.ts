/** What the name of a LoRA tensor tells without the file: part, spelling, adapter kind, family. lora-files.md, ComfyUI A5. */
export interface KeyName {
  readonly part: 'te' | 'unet' | 'other';
  readonly style?: string;
  readonly adapter?: string;
  readonly family?: string;
}

const STYLES: readonly (readonly [RegExp, string])[] = [
  [/^transformer\.base_model\.model\.|^base_model\.model\.|^(?:unet|transformer)\.base_model\./, 'peft-prefixed'],
  [/^(?:lora_unet|lora_te\d?|lora_transformer|lora_prior|lora_llm)_/, 'kohya'],
  [/^lycoris_/, 'lycoris'],
  [/^(?:unet|transformer|text_encoder(?:_\d)?)\./, 'diffusers'],
  [/^diffusion_model\./, 'comfyui'],
  [/^(?:double_blocks|single_blocks)\./, 'bfl'],
  [/^lora_?[AB]?\b/, 'other'],
];

const ADAPTERS: readonly (readonly [RegExp, string])[] = [
  [/\.on_input$/, 'ia3'],
  [/\.(?:lora_mid|cp_mid)\b/, 'locon'],
  [/\.hada_/, 'loha'],
  [/\.lokr_/, 'lokr'],
  [/\.oft_|\.oft_diag/, 'oft'],
  [/\.(?:boft|oft_blocks)/, 'boft'],
  [/dora_scale$|lora_magnitude_vector/, 'dora'],
  [/\.(?:a1|a2|b1|b2)\.weight$/, 'glora'],
  [/\.diff(?:_b)?$/, 'full'],
  [/(?:conv\d?|downsamplers|upsamplers|resnets|conv_shortcut|time_emb_proj)[\w.]*\.lora_(?:up|down)/, 'locon'],
];

const TEXT_ENCODER = /^(?:lora_te|text_encoder|te\d?[._]|clip_[lgh]\.|lora_llm_|t5xxl\.)/;

/** SD 2.x has the very names of SD 1.x; `sd15` stands for both here. SDXL has attention in down 1–2 and up 0–1, SD in down 0–2 and up 1–3. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/double_blocks|single_blocks|single_transformer_blocks/, 'flux'],
  [/transformer_blocks[._]\d{1,3}[._](?:attn[._]add_|norm1_context|ff_context)/, 'sd3'],
  [/^lora_te2_|^text_encoder_2\.|label_emb|up_blocks[._]0[._]attentions/, 'sdxl'],
  [/(?:attentions|blocks|middle_block)[._]\d{1,2}[._](?:1[._])?transformer_blocks[._](?:[1-9]|1\d)[._]/, 'sdxl'],
  [/down_blocks[._]0[._]attentions|up_blocks[._][23][._]attentions|input_blocks[._][12][._]1[._]/, 'sd15'],
];

export function readKeyName(key: string): KeyName {
  const style = STYLES.find(([pattern]) => pattern.test(key))?.[1];
  const adapter = ADAPTERS.find(([pattern]) => pattern.test(key))?.[1];
  const family = FAMILIES.find(([pattern]) => pattern.test(key))?.[1];
  const known = style !== undefined || /unet|transformer|diffusion_model|_blocks/.test(key);
  const part = TEXT_ENCODER.test(key) ? 'te' : known ? 'unet' : 'other';
  return { part, ...(style ? { style } : {}), ...(adapter ? { adapter } : {}), ...(family ? { family } : {}) };
}

/** True for tensor names of a whole checkpoint, which no adapter has. */
export function isCheckpointKey(key: string): boolean {
  return /^(?:cond_stage_model|first_stage_model|model\.diffusion_model|conditioner\.embedders|model_ema)\./.test(key);
}
