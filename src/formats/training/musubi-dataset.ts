import { isSlip, nearestName } from '../prompt/nearest';
import {
  type BucketSettings,
  type DatasetConfig,
  type DatasetFault,
  type DatasetSubset,
  type Fed,
  pairOf,
} from './dataset-config';
import { type TomlEntry, type TomlFile, tomlProblems } from './toml';

/** Names that musubi-tuner (30c658c) reads, in `[general]` and `[[datasets]]`. Others stop it; newer versions have more. */
const NAMES =
  'caption_extension batch_size num_repeats resolution enable_bucket bucket_no_upscale image_directory image_jsonl_file cache_directory control_directory multiple_target fp_latent_window_size fp_1f_clean_indices fp_1f_target_index fp_1f_no_post no_resize_control control_resolution video_directory video_jsonl_file target_frames frame_extraction frame_stride frame_sample max_frames source_fps flux_kontext_no_resize_control qwen_image_edit_no_resize_control qwen_image_edit_control_resolution'.split(
    ' ',
  );

/** Reads a data set file of musubi-tuner: folders in `[[datasets]]`, captions beside the pictures, `.txt` only when it says so. */
export function readMusubiDataset(file: TomlFile): DatasetConfig {
  const faults: DatasetFault[] = tomlProblems(file);
  for (const entry of file.entries) {
    if (NAMES.includes(entry.key)) continue;
    const near = nearestName(entry.key, NAMES);
    if (isSlip(entry.key, near))
      faults.push({ kind: 'unknown-key', line: entry.line, column: entry.column, text: entry.key.slice(0, 80), nearest: near });
  }
  const tables = [...new Set(file.tables)].filter((table) => /^datasets\.\d+$/.test(table));
  const finder =
    (table: string): Find =>
    (key) =>
      file.entries.find((e) => e.table === table && e.key === key) ??
      file.entries.find((e) => e.table === 'general' && e.key === key);
  const subsets = tables.flatMap((table): DatasetSubset[] => {
    const find = finder(table);
    const text = (key: string): string | null => {
      const value = find(key)?.value;
      return typeof value === 'string' ? value : null;
    };
    const folder = find('image_directory');
    if (typeof folder?.value !== 'string') return [];
    const repeats = find('num_repeats')?.value;
    return [
      {
        imageDir: folder.value,
        repeats: typeof repeats === 'number' ? repeats : 1,
        captionExtension: text('caption_extension') ?? '.txt',
        classTokens: null,
        dataset: Number(table.split('.')[1]),
        settings: settings(find),
        isReg: false,
        line: folder.line,
        column: folder.column,
      },
    ];
  });
  return { faults, subsets, fed: tables.map((table) => fedBy(finder(table))) };
}

type Find = (key: string) => TomlEntry | undefined;

/** A clip is cut to one of the lengths, a multiple of four and one more; whole ones end at `max_frames` (dataset/image_video_dataset.py). */
function fedBy(find: Find): Fed {
  const clips = find('video_directory') !== undefined || find('video_jsonl_file') !== undefined;
  const whole = find('frame_extraction')?.value === 'full';
  const told = find(whole ? 'max_frames' : 'target_frames')?.value;
  const lengths = (Array.isArray(told) ? told : [told]).filter((each) => typeof each === 'number' && each >= 1) as number[];
  const longest = Math.max(...(lengths.length > 0 ? lengths : [whole ? 129 : 1]));
  const { area, batch } = settings(find);
  return { area: area ?? null, frames: clips ? Math.floor((longest - 1) / 4) * 4 + 1 : 1, batch };
}

/** Buckets of musubi-tuner follow the model: only batch and resolution are taken over. */
function settings(find: Find): BucketSettings {
  const batch = find('batch_size')?.value;
  return {
    resolution: null,
    area: pairOf(find('resolution')?.value),
    batch: typeof batch === 'number' ? batch : null,
    bucket: null,
    noUpscale: null,
    step: null,
    min: null,
    max: null,
  };
}
