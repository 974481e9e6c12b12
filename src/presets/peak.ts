import { GIB } from '../vram/bytes';
import { predictRow } from '../vram/predict';
import { certain, type FittingPreset, type PresetQuery } from './find';
import type { Setting } from './schema';

/** What the estimator says of a preset (docs/vram.md): no published figure. Bytes. */
export interface PresetPeak {
  readonly family: string;
  readonly peak: number;
  readonly low: number;
  readonly high: number;
  /** Of training only: programs that make pictures move weights away as they need. What someone published for a size is never called too large while the interval reaches down to it. */
  readonly fits: 'yes' | 'tight' | 'no' | null;
}

/** The peak of each family of a preset that the query leaves open, with the settings that hold without a condition. */
export function peaksOf(fitting: FittingPreset, query: PresetQuery): PresetPeak[] {
  const { preset } = fitting;
  const sure = certain(fitting, query);
  const families = preset.families.filter((family) => query.family === null || family === query.family);
  const card = { gpu_vram_gb: query.vramGib };
  return families.map((family) => {
    const row = preset.task === 'train' ? training(sure) : generating(sure, preset.ui[0] ?? '');
    const { peak, low, high, fits } = predictRow({ model_family: family, ...row, ...card });
    const told = fits === 'no' && low <= query.vramGib * GIB ? 'tight' : fits;
    return { family, peak, low, high, fits: preset.task === 'train' && told !== 'unknown' ? told : null };
  });
}

function training(settings: readonly Setting[]): object {
  const value = (name: string): Setting['value'] => settings.findLast((one) => one.name === name)?.value;
  const on = (name: string): boolean => value(name) === true;
  const precision = value('mixed_precision');
  return {
    kind: 'train',
    task: 'lora',
    tool: 'sd-scripts',
    resolution: value('resolution') ?? null,
    batch: value('train_batch_size') ?? 1,
    rank: value('network_dim') ?? null,
    optimizer: value('optimizer_type') ?? null,
    precision: precision === 'no' ? 'fp32' : (precision ?? null),
    gradient_checkpointing: on('gradient_checkpointing') || null,
    cache_latents: on('cache_latents') || null,
    cache_text_encoder: on('cache_text_encoder_outputs') || null,
    text_encoder_trained: on('network_train_unet_only') ? false : null,
    fp8_base: on('fp8_base'),
    blocks_to_swap: value('blocks_to_swap') ?? null,
  };
}

function generating(settings: readonly Setting[], ui: string): object {
  const flags = settings.filter(({ kind }) => kind === 'flag').map(({ name }) => name);
  const format = settings.find(({ name }) => name === 'checkpoint format' || name === 'model format')?.value;
  return {
    kind: 'inference',
    task: 'txt2img',
    tool: ui,
    flags: flags.length > 0 ? flags.join(' ') : null,
    precision: format ?? null,
  };
}

/** `4.6 GiB (3.6 – 5.7)`. */
export const peakText = ({ peak, low, high }: PresetPeak): string =>
  `${(peak / GIB).toFixed(1)} GiB (${(low / GIB).toFixed(1)} - ${(high / GIB).toFixed(1)})`;
