import type { Estimate } from '../vram/answer';
import { SWITCH_OPTIONS, VALUE_OPTIONS } from '../vram/options';
import { estimate } from '../vram/predict';
import { readRow } from '../vram/read';
import { certain, type PresetQuery } from './query';
import type { Preset, Setting } from './schema';

/** A row as `vram` takes it: only fields that have an option there. */
export type VramRow = { readonly [field: string]: string | number | true };

/** What the estimator says of a preset for one program and family: no published figure. */
export interface Estimated {
  readonly preset: string;
  readonly ui: string;
  readonly family: string;
  readonly row: VramRow;
  readonly estimate: Estimate;
}

/** The peak of the settings that hold without a condition, on the query's card. */
export function estimateOf(
  preset: Preset,
  settings: readonly Setting[],
  query: PresetQuery,
  ui: string,
  family: string,
): Estimated {
  const sure = certain(settings, query);
  const named = query.gpu === null ? {} : { gpu: query.gpu };
  const own = preset.task === 'train' ? training(preset, sure) : generating(sure, ui);
  const row = { model_family: family, ...own, ...named, gpu_vram_gb: query.vramGib };
  const read = readRow(row);
  return { preset: preset.id, ui, family, row, estimate: estimate(read.settings, read.doubt) };
}

function training(preset: Preset, settings: readonly Setting[]): VramRow {
  const given = new Map(settings.map(({ name, value }) => [name, value]));
  const text = (name: string, field: string): VramRow => {
    const value = given.get(name);
    return typeof value === 'string' || typeof value === 'number' ? { [field]: value } : {};
  };
  const on = (name: string, field: string): VramRow => (given.get(name) === true ? { [field]: true } : {});
  const off = given.get('mixed_precision') === 'no';
  const unetOnly = given.get('network_train_unet_only') === true && given.get('cache_text_encoder_outputs') !== true;
  return {
    kind: 'train',
    task: 'lora',
    tool: preset.trainer ?? 'sd-scripts',
    ...(preset.size === undefined ? {} : { resolution: preset.size }),
    ...text('resolution', 'resolution'),
    batch: 1,
    ...text('train_batch_size', 'batch'),
    ...text('network_dim', 'rank'),
    ...text('optimizer_type', 'optimizer'),
    ...(off ? { precision: 'fp32' } : text('mixed_precision', 'precision')),
    ...text('blocks_to_swap', 'blocks_to_swap'),
    ...on('fp8_base', 'fp8_base'),
    ...on('fp8_scaled', 'fp8_base'),
    ...on('gradient_checkpointing', 'gradient_checkpointing'),
    ...on('cache_latents', 'cache_latents'),
    ...on('cache_text_encoder_outputs', 'cache_text_encoder'),
    ...(unetOnly ? { flags: 'unet_only' } : {}),
  };
}

/** Words of options on screen that the estimator knows as flags. */
const OPTION_FLAGS: { readonly [option: string]: { readonly [value: string]: string } } = {
  'GPU Memory Usage': { Low: 'low', Balanced: 'balanced' },
};

function generating(settings: readonly Setting[], ui: string): VramRow {
  const flags = settings.flatMap(({ name, kind, value }) =>
    kind === 'flag' ? [name] : [OPTION_FLAGS[name]?.[String(value)]].filter((flag) => flag !== undefined),
  );
  const format = settings.find(({ name }) => name === 'checkpoint format' || name === 'model format')?.value;
  return {
    kind: 'inference',
    task: 'txt2img',
    tool: ui,
    ...(flags.length === 0 ? {} : { flags: flags.join(' ') }),
    ...(format === undefined ? {} : { precision: String(format) }),
  };
}

const OPTION_OF = new Map(
  [...Object.entries(VALUE_OPTIONS), ...Object.entries(SWITCH_OPTIONS)].map(([option, field]) => [field, option]),
);

/** The words of a call of `vram` that gives the same answer; the program's own words, to be quoted by whoever prints them. */
export function vramCall(row: VramRow): string[] {
  const options = Object.entries(row).flatMap(([field, value]) => {
    const option = OPTION_OF.get(field);
    if (option === undefined) return [];
    return [value === true ? `--${option}` : `--${option}=${value}`];
  });
  return ['lora-doctor', 'vram', `--for=${row.kind === 'train' ? 'train' : 'generate'}`, ...options];
}
