import type { FactMap } from '../../facts/snapshot';
import { type Fact, known, na, unknown } from '../../facts/value';
import type { BucketPlan } from '../../formats/training/buckets';
import type { BucketSettings } from '../../formats/training/dataset-config';
import type { Options } from '../../formats/training/set-options';
import type { Dataset } from './dataset';
import { batchesOf } from './tally';

/** How the pictures of a subset are cut; null where the resolution is not stated. Data set file before command. */
export function planOf(o: Options, settings: BucketSettings | null): BucketPlan | null {
  const [w = Number.NaN, h = w] = (o.text('resolution') ?? '').split(/[,x]/).map(Number);
  const [width, height] = settings?.resolution ?? [w, h];
  if (!(width > 0 && height > 0)) return null;
  const step = settings?.step ?? o.numberOr('bucket_reso_steps');
  return {
    width,
    height,
    bucket: settings?.bucket ?? o.has('enable_bucket'),
    noUpscale: settings?.noUpscale ?? o.has('bucket_no_upscale'),
    step: step > 0 ? step : 64,
    min: settings?.min ?? o.numberOr('min_bucket_reso'),
    max: settings?.max ?? o.numberOr('max_bucket_reso'),
  };
}

/** The same facts where they cannot be told. */
export const STEPS_OPEN: FactMap = Object.fromEntries(
  ['steps', 'exposures', 'warmupShare', 'warmupFixed'].map((name) => [`training.${name}`, unknown('not-stated')]),
);

/** Steps, how often each picture is shown, and the share of warm-up (kohya-training.md §1.5). Exact when all sizes are known. */
export function stepsFacts(o: Options, dataset: Dataset | null, batchOf: (dataset: number) => number): { [id: string]: Fact } {
  const batch = batchOf(0);
  const accumulation = Math.max(1, o.numberOr('gradient_accumulation_steps'));
  const epochs = o.number('max_train_epochs');
  const twice = o.has('reg_data_dir') ? 2 : 1;
  const counted = dataset === null ? 0 : [...dataset.buckets.values()].reduce((sum, n) => sum + n, 0);
  const exact = dataset !== null && counted === dataset.repeated && twice === 1;
  const batches = exact ? batchesOf(dataset.buckets, batchOf) : Math.ceil(((dataset?.repeated ?? 0) * twice) / batch);
  const steps = epochs === null ? o.numberOr('max_train_steps') : epochs * Math.ceil(batches / accumulation);
  const open = unknown('not-collected');
  const warm = o.or('lr_warmup_steps').trim();
  const count = warm.endsWith('%') ? Number(warm.slice(0, -1)) / 100 : Number(warm);
  const fixed = count >= 1 && !warm.endsWith('%');
  if ((epochs !== null && !dataset) || !Number.isFinite(steps + batch + accumulation))
    return {
      'training.steps': open,
      'training.exposures': open,
      'training.warmupShare': open,
      'training.warmupFixed': known(fixed ? count : 0),
    };
  const share = warm.endsWith('%') || count < 1 ? count : steps > 0 ? count / steps : 0;
  return {
    'training.steps': known(steps),
    'training.warmupFixed': na,
    'training.exposures':
      dataset && dataset.used > 0 ? known(Math.round((steps * batch * accumulation) / (dataset.used * twice))) : open,
    'training.warmupShare': Number.isFinite(share) ? known(share) : open,
  };
}
