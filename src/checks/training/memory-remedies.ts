import { AUGMENTATIONS, CAPTION_CHANGES } from '../../formats/training/exclusions';
import type { Setup } from '../../formats/training/given';
import type { Remedy } from '../../formats/training/remedies';
import { Options } from '../../formats/training/set-options';
import type { Change } from '../../vram/answer';
import { familyOf } from './doing';
import { predictOn } from './memory';

/** What a training that does not fit a card needs, bytes. `after` null: no set of options that is known makes it fit. */
export interface MemoryRemedies {
  readonly peak: number;
  readonly after: number | null;
  readonly remedies: readonly Remedy[];
}

/**
 * The cheapest options with which a command fits a card of `gib` GiB by the estimator of `vram`. Null: it fits, or what counts is
 * not told in the command (a data set file is not opened, so that size and batch in one are left alone).
 */
export function memoryRemedies(setup: Setup, gib: number): MemoryRemedies | null {
  const options = new Options(setup);
  const found = predictOn(setup, options, { family: familyOf(setup), dataset: null, startRank: null }, { name: null, gib });
  if (found === null || found.fits !== 'no') return null;
  const inFile = options.has('dataset_config');
  const usable = found.changes.every(
    ({ option }) => option !== null && !(inFile && /^--(?:resolution|train_batch_size) /.test(option)),
  );
  if (!found.after || !usable) return { peak: found.peak, after: null, remedies: [] };
  return { peak: found.peak, after: found.after.peak, remedies: found.changes.flatMap((change) => remediesOf(change, options)) };
}

function remediesOf({ option, what }: Change, options: Options): Remedy[] {
  const words = (option ?? '').split(/(?:^| )--/).filter((each) => each !== '');
  const set = words.map((each): Remedy => {
    const [name = '', value = ''] = each.split(' ');
    return { name, to: value, why: what };
  });
  return [...set, ...set.flatMap(({ name, to }) => [...excludedBy(name, options), ...sameShare(name, to, options)])];
}

/** Alpha ÷ rank is what the LoRA is multiplied by: a smaller rank takes a smaller alpha along. */
function sameShare(name: string, to: string | null, options: Options): Remedy[] {
  const [alpha, rank] = [options.number('network_alpha'), options.number('network_dim')];
  if (name !== 'network_dim' || alpha === null || !rank) return [];
  const why = { en: 'alpha ÷ rank as before', zh: 'alpha ÷ rank 保持不变' };
  return [{ name: 'network_alpha', to: String((alpha * Number(to)) / rank), why }];
}

/** What a cache cannot be had with: the trainer stops on it (kohya-training.md §1.3). */
const EXCLUDES: Readonly<Record<string, readonly string[]>> = {
  cache_latents: AUGMENTATIONS,
  cache_text_encoder_outputs: [...CAPTION_CHANGES, 'text_encoder_lr', 'network_train_text_encoder_only'],
};

function excludedBy(name: string, options: Options): Remedy[] {
  return (EXCLUDES[name] ?? [])
    .filter((each) => options.has(each))
    .map((each) => ({ name: each, to: null, why: { en: `does not go with --${name}`, zh: `与 --${name} 不能同用` } }));
}
