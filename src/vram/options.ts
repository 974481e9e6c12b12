/** Options of `vram` whose value is a field of a row. */
export const VALUE_OPTIONS: Readonly<Record<string, string>> = {
  family: 'model_family',
  resolution: 'resolution',
  frames: 'frames',
  batch: 'batch',
  rank: 'rank',
  optimizer: 'optimizer',
  precision: 'precision',
  'blocks-to-swap': 'blocks_to_swap',
  flags: 'flags',
  tool: 'tool',
  gpu: 'gpu',
  vram: 'gpu_vram_gb',
};
/** Options that switch a field on. */
export const SWITCH_OPTIONS: Readonly<Record<string, string>> = {
  'gradient-checkpointing': 'gradient_checkpointing',
  'cache-latents': 'cache_latents',
  'cache-text-encoder': 'cache_text_encoder',
  'fp8-base': 'fp8_base',
};
