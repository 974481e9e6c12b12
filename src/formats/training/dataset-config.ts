import { nearestName } from '../prompt/nearest';
import { type TomlEntry, type TomlFile, type TomlValue, tomlProblems } from './toml';
import type { Place } from './types';

/** kohya-training.md §3 (TOML): what may stand where, and of what type. */
const NUMBER = [
  'batch_size',
  'bucket_reso_steps',
  'min_bucket_reso',
  'max_bucket_reso',
  'validation_split',
  'validation_seed',
  'network_multiplier',
];
const SWITCH = ['enable_bucket', 'bucket_no_upscale'];
const DATASET = new Set([...NUMBER, ...SWITCH, 'resolution', 'resize_interpolation', 'skip_image_resolution']);
const SUBSET_NUMBER = [
  'num_repeats',
  'keep_tokens',
  'caption_dropout_rate',
  'caption_dropout_every_n_epochs',
  'caption_tag_dropout_rate',
  'token_warmup_min',
  'token_warmup_step',
];
const SUBSET_SWITCH = [
  'is_reg',
  'cache_info',
  'alpha_mask',
  'shuffle_caption',
  'enable_wildcard',
  'color_aug',
  'flip_aug',
  'random_crop',
];
const SUBSET_TEXT = [
  'image_dir',
  'metadata_file',
  'conditioning_data_dir',
  'class_tokens',
  'caption_extension',
  'keep_tokens_separator',
  'secondary_separator',
  'caption_separator',
  'caption_prefix',
  'caption_suffix',
];
const SUBSET = new Set([
  ...SUBSET_NUMBER,
  ...SUBSET_SWITCH,
  ...SUBSET_TEXT,
  'face_crop_aug_range',
  'custom_attributes',
  'resize_interpolation',
]);

export interface DatasetFault extends Place {
  readonly kind: 'unknown-key' | 'wrong-type' | 'no-subset' | 'no-image-dir' | 'toml-escape' | 'toml-fault';
  readonly text: string;
  readonly nearest: string | null;
}

/** How pictures are cut to size, as far as the file says; null or left out: as the command says. */
export interface BucketSettings {
  /** Width, height. */
  readonly resolution: readonly [number, number] | null;
  /** Width and height whose area is trained, where the program has buckets of its own. */
  readonly area?: readonly [number, number] | null;
  readonly batch: number | null;
  readonly bucket: boolean | null;
  readonly noUpscale: boolean | null;
  readonly step: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface DatasetSubset extends Place {
  /** Number of the data set that it belongs to: batches are made within one. */
  readonly dataset: number;
  readonly settings: BucketSettings;
  readonly isReg: boolean;
  readonly imageDir: string;
  readonly repeats: number;
  readonly captionExtension: string | null;
  readonly classTokens: string | null;
}

/** What one data set hands to a training step: pixels, frames (1: pictures), samples; null: not told. */
export interface Fed {
  readonly area: readonly [number, number] | null;
  readonly frames: number;
  readonly batch: number | null;
}

export interface DatasetConfig {
  readonly faults: readonly DatasetFault[];
  readonly subsets: readonly DatasetSubset[];
  /** By data set, clips too, where the program trains those; left out: what the subsets say. */
  readonly fed?: readonly Fed[];
}

/** True when a TOML file describes a data set, not a training. */
export const isDatasetConfig = (file: TomlFile): boolean => file.tables.some((table) => table.startsWith('datasets.'));

/** True for a data set of musubi-tuner, whose folders stand in `[[datasets]]` itself. */
export const isMusubiDataset = (file: TomlFile): boolean =>
  file.entries.some(({ key, table }) => /^(?:image|video)_(?:directory|jsonl_file)$/.test(key) && !table.includes('.subsets.'));

/** Reads and judges a file for `--dataset_config` as strictly as the trainer does. */
export function readDatasetConfig(file: TomlFile): DatasetConfig {
  const faults: DatasetFault[] = tomlProblems(file);
  for (const entry of file.entries) {
    const fault = judge(entry);
    if (fault) faults.push(fault);
  }
  const tables = [...new Set(file.tables)].filter((table) => /^datasets\.\d+\.subsets\.\d+$/.test(table));
  const whole = (key: string): TomlEntry | undefined => file.entries.find((e) => e.table === 'general' && e.key === key);
  const of = (table: string, key: string): TomlValue | undefined =>
    file.entries.find((e) => e.table === table && e.key === key)?.value;
  const subsets = tables.map((table): DatasetSubset => {
    const own = file.entries.filter((e) => e.table === table);
    const text = (key: string): string | null => {
      const value = (own.find((e) => e.key === key) ?? whole(key))?.value;
      return typeof value === 'string' ? value : null;
    };
    const repeats = (own.find((e) => e.key === 'num_repeats') ?? whole('num_repeats'))?.value;
    const place = own.find((e) => e.key === 'image_dir') ?? own[0] ?? { line: 1, column: 1 };
    if (text('image_dir') === null && text('metadata_file') === null)
      faults.push({ kind: 'no-image-dir', line: place.line, column: place.column, text: 'image_dir', nearest: null });
    return {
      imageDir: text('image_dir') ?? '',
      repeats: typeof repeats === 'number' ? repeats : 1,
      captionExtension: text('caption_extension'),
      classTokens: text('class_tokens'),
      dataset: Number(table.split('.')[1]),
      settings: settingsOf((key) => of(table.split('.').slice(0, 2).join('.'), key) ?? whole(key)?.value),
      isReg: own.find((e) => e.key === 'is_reg')?.value === true,
      line: place.line,
      column: place.column,
    };
  });
  if (subsets.length === 0 && file.faults.length === 0)
    faults.push({ kind: 'no-subset', line: 1, column: 1, text: '[[datasets.subsets]]', nearest: null });
  return { faults, subsets };
}

function settingsOf(value: (key: string) => TomlValue | undefined): BucketSettings {
  const number = (key: string): number | null => {
    const found = value(key);
    return typeof found === 'number' && Number.isFinite(found) ? found : null;
  };
  const flag = (key: string): boolean | null => {
    const found = value(key);
    return typeof found === 'boolean' ? found : null;
  };
  return {
    resolution: pairOf(value('resolution')),
    batch: number('batch_size'),
    bucket: flag('enable_bucket'),
    noUpscale: flag('bucket_no_upscale'),
    step: number('bucket_reso_steps'),
    min: number('min_bucket_reso'),
    max: number('max_bucket_reso'),
  };
}

/** `1024` or `[1024, 768]` as width and height; null for anything else. */
export function pairOf(side: TomlValue | undefined): readonly [number, number] | null {
  const [width = Number.NaN, height = Number.NaN] = Array.isArray(side) ? side.map(Number) : [Number(side), Number(side)];
  return width > 0 && height > 0 ? [width, height] : null;
}

function judge(entry: TomlEntry): DatasetFault | null {
  const { table, key, value, line, column } = entry;
  const inSubset = table.includes('.subsets.');
  const known = inSubset
    ? SUBSET.has(key)
    : table === 'general'
      ? SUBSET.has(key) || DATASET.has(key)
      : DATASET.has(key) || SUBSET.has(key);
  const at = { line, column };
  if (!known) return { kind: 'unknown-key', ...at, text: key.slice(0, 80), nearest: nearestName(key, [...SUBSET, ...DATASET]) };
  return fits(key, value)
    ? null
    : { kind: 'wrong-type', ...at, text: `${key} = ${JSON.stringify(value)}`.slice(0, 120), nearest: null };
}

function fits(key: string, value: TomlEntry['value']): boolean {
  if (key === 'resolution')
    return typeof value === 'number' || (Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === 'number'));
  if (NUMBER.includes(key) || SUBSET_NUMBER.includes(key)) return typeof value === 'number';
  if (SWITCH.includes(key) || SUBSET_SWITCH.includes(key)) return typeof value === 'boolean';
  return !SUBSET_TEXT.includes(key) || typeof value === 'string' || (key.startsWith('caption_') && Array.isArray(value));
}
