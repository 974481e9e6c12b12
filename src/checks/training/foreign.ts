import { type Fact, known, na, unknown } from '../../facts/value';
import type { Setup } from '../../formats/training/given';
import { scriptOf } from '../../formats/training/options';
import type { Options } from '../../formats/training/set-options';

type Faults = (o: Options, name: string, adaptive: boolean) => string[];

/** A number that is written; unknown when it is left out, because other programs have other defaults. */
function stated(o: Options, name: string): Fact {
  const value = o.number(name);
  return value === null ? unknown('not-stated') : known(value);
}

/** What can be told of a set-up for a trainer that is not of the sd-scripts kind. Silent where we do not know its ways. */
export function foreignFacts(setup: Setup, o: Options, family: string | null, faults: Faults): { readonly [id: string]: Fact } {
  const name = o.text('optimizer_type') ?? (o.has('use_8bit_adam') ? 'AdamW8bit' : null);
  const folded = (name ?? '').toLowerCase();
  const adaptive = /^(?:dadapt|prodigy)/.test(folded);
  const precision = o.text('mixed_precision');
  // musubi-tuner has the optimizer code of sd-scripts; of others only what holds for every program is told.
  const all = setup.trainer === 'musubi-tuner' ? faults(o, name ?? 'AdamW', adaptive) : [];
  const tooLow = name !== null && adaptive && (o.number('learning_rate') ?? 1) <= 0.1 && (o.number('learning_rate') ?? 0) > 0;
  return {
    'training.script': setup.script === null ? unknown('not-stated') : known(setup.script),
    'training.scriptFamily': family === null ? unknown('not-stated') : known(family),
    'training.module': na,
    'training.moduleKnown': na,
    'training.moduleFits': na,
    'training.moduleNearest': na,
    'training.optimizer': name === null ? unknown('not-stated') : known(name),
    'training.optimizerKind': name === null ? na : known(adaptive ? 'adaptive' : 'other'),
    'training.eightBit': known(/8bit|8_bit|paged/.test(folded)),
    'training.scheduler': na,
    'training.cycles': na,
    'training.optimizerFaults': known(setup.trainer === 'musubi-tuner' ? all : tooLow ? ['adaptive-rate-low'] : []),
    'training.learningRate': stated(o, 'learning_rate'),
    'training.textEncoderRate': na,
    'training.rateStated': na,
    'training.rank': stated(o, 'network_dim'),
    'training.alpha': stated(o, 'network_alpha'),
    'training.batch': stated(o, 'train_batch_size'),
    'training.mixedPrecision': precision === null ? na : known(precision),
    'training.halfVae': na,
    'training.captionStated': na,
    'training.captionDot': na,
    'training.captionExtension': na,
    'training.savesHalf': na,
    'training.asksXformers': o.told(() => known(o.has('xformers'))),
    'training.seedStated': na,
    'training.bucketStep': na,
    'training.bucketStepFits': na,
    'training.bucketLimitsFit': na,
    'training.cropsSilently': na,
    'training.missing': setup.open ? unknown('not-stated') : known(missing(o, setup)),
    'training.conflicts': known(
      setup.trainer === 'musubi-tuner' && o.sure(() => o.has('fp8_scaled') && !o.has('fp8_base')) ? ['fp8-scaled-alone'] : [],
    ),
    'training.precisionFaults': known([]),
  };
}

const ATTENTION = ['sdpa', 'flash_attn', 'flash3', 'sage_attn', 'xformers'];

/** Options without which a script stops (musubi-tuner, diffusers; their own checks and required options). */
function missing(o: Options, setup: Setup): string[] {
  const script = scriptOf(setup.script ?? '');
  if (!script) return [];
  const out: string[] = [];
  if (setup.trainer === 'musubi-tuner') {
    for (const name of ['dataset_config', 'dit', 'network_module', 'output_dir', 'output_name']) {
      const has = script.options.some((option) => option.name === name);
      if (has && !o.has(name)) out.push(`--${name}`);
    }
    const own = script.options.filter((option) => ATTENTION.includes(option.name));
    if (own.length > 0 && !/hidream/.test(setup.script ?? '') && !own.some((option) => o.has(option.name))) out.push('--sdpa');
  } else if (setup.trainer === 'diffusers') {
    // Some examples have names of their own for both (`pretrained_prior_model_name_or_path`, `data_df_path`).
    const names = [...setup.options.keys()];
    if (!names.some((name) => name.endsWith('model_name_or_path'))) out.push('--pretrained_model_name_or_path');
    if (!names.some((name) => /data(?!loader)/.test(name))) out.push('--instance_data_dir');
  }
  return out;
}
