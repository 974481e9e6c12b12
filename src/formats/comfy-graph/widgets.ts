/** Widget names by position in `widgets_values` of the UI format (webui-comfyui-and-others.md A4). */
const WIDGETS: { readonly [type: string]: readonly string[] } = {
  LoraLoader: ['lora_name', 'strength_model', 'strength_clip'],
  LoraLoaderBypass: ['lora_name', 'strength_model', 'strength_clip'],
  LoraLoaderModelOnly: ['lora_name', 'strength_model'],
  LoraLoaderBypassModelOnly: ['lora_name', 'strength_model'],
  CreateHookLora: ['lora_name', 'strength_model', 'strength_clip'],
  CreateHookLoraModelOnly: ['lora_name', 'strength_model'],
  NunchakuFluxLoraLoader: ['lora_name', 'lora_strength'],
  CheckpointLoaderSimple: ['ckpt_name'],
  CheckpointLoader: ['config_name', 'ckpt_name'],
  unCLIPCheckpointLoader: ['ckpt_name'],
  ImageOnlyCheckpointLoader: ['ckpt_name'],
  UNETLoader: ['unet_name', 'weight_dtype'],
  UnetLoaderGGUF: ['unet_name'],
  UnetLoaderGGUFAdvanced: ['unet_name', 'dequant_dtype', 'patch_dtype', 'patch_on_device'],
  CLIPLoader: ['clip_name', 'type'],
  CLIPLoaderGGUF: ['clip_name', 'type'],
  DualCLIPLoader: ['clip_name1', 'clip_name2', 'type'],
  DualCLIPLoaderGGUF: ['clip_name1', 'clip_name2', 'type'],
  TripleCLIPLoader: ['clip_name1', 'clip_name2', 'clip_name3'],
  VAELoader: ['vae_name'],
  KSampler: ['seed', 'control_after_generate', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
  KSamplerAdvanced: [
    'add_noise',
    'noise_seed',
    'control_after_generate',
    'steps',
    'cfg',
    'sampler_name',
    'scheduler',
    'start_at_step',
    'end_at_step',
    'return_with_leftover_noise',
  ],
  RandomNoise: ['noise_seed', 'control_after_generate'],
  KSamplerSelect: ['sampler_name'],
  BasicScheduler: ['scheduler', 'steps', 'denoise'],
  CFGGuider: ['cfg'],
  CLIPTextEncode: ['text'],
  EmptyLatentImage: ['width', 'height', 'batch_size'],
  EmptySD3LatentImage: ['width', 'height', 'batch_size'],
  CLIPSetLastLayer: ['stop_at_clip_layer'],
  ModelSamplingDiscrete: ['sampling', 'zsnr'],
};

/**
 * Names the values of one node. Newer front ends list every widget among the inputs, in order; a hidden control widget
 * follows each seed. Values without a name are called `#0`, `#1` …
 */
export function nameWidgets(type: string, raw: unknown, widgetInputs: readonly string[]): Map<string, unknown> {
  const out = new Map<string, unknown>();
  if (!Array.isArray(raw)) {
    if (typeof raw === 'object' && raw !== null) for (const [key, value] of Object.entries(raw)) out.set(key, value);
    return out;
  }
  const names = WIDGETS[type] ?? withControls(widgetInputs, raw.length);
  for (const [i, value] of raw.slice(0, 500).entries()) out.set(names[i] ?? `#${i}`, value);
  return out;
}

function withControls(names: readonly string[], length: number): string[] {
  const full = names.flatMap((name) => (/^(?:noise_)?seed$/.test(name) ? [name, 'control_after_generate'] : [name]));
  return full.length === length ? full : names.length === length ? [...names] : [];
}
