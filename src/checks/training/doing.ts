import type { OPTIMIZER_FAULTS, OPTION_CONFLICTS } from '../../facts/registry/training';
import { type Fact, known, na, unknown } from '../../facts/value';
import { nearestName } from '../../formats/prompt/nearest';
import { AUGMENTATIONS, CAPTION_CHANGES } from '../../formats/training/exclusions';
import type { Setup } from '../../formats/training/given';
import { scriptOf, trainsLora } from '../../formats/training/options';
import { familyOfWord } from '../../formats/training/other-names';
import { isLowerCaseWord, optimizerOf, warmupFault } from '../../formats/training/schedule';
import { numberFact, Options } from '../../formats/training/set-options';
import { foreignFacts } from './foreign';

type Conflict = (typeof OPTION_CONFLICTS)[number];
type OptimizerFault = (typeof OPTIMIZER_FAULTS)[number];

/** Names that are matched in any letter case (kohya-training.md §1.3). */
const OPTIMIZERS =
  'adamw adamw8bit pagedadamw pagedadamw8bit pagedadamw32bit lion lion8bit pagedlion8bit sgdnesterov sgdnesterov8bit dadaptation dadaptadampreprint dadaptadagrad dadaptadam dadaptadan dadaptadanip dadaptlion dadaptsgd prodigy adafactor adamwschedulefree radamschedulefree sgdschedulefree'.split(
    ' ',
  );
/** Classes of `torch.optim`, which have to be written exactly. */
const TORCH = 'Adadelta Adagrad Adam AdamW SparseAdam Adamax ASGD LBFGS NAdam RAdam RMSprop Rprop SGD Adafactor'.split(' ');
const SCHEDULES =
  'linear cosine cosine_with_restarts polynomial constant constant_with_warmup inverse_sqrt reduce_lr_on_plateau cosine_with_min_lr warmup_stable_decay piecewise_constant adafactor'.split(
    ' ',
  );

/** Base model family of a script, as in the closed list; null for one we do not know. */
export function familyOf(setup: Setup): string | null {
  const word = setup.options.get('model_family')?.values[0];
  if (word !== undefined) return familyOfWord(word);
  if (setup.family) return setup.family;
  const family = scriptOf(setup.script ?? '')?.family ?? null;
  if (family === 'flux' && setup.options.get('model_type')?.values[0] === 'chroma') return 'chroma';
  if (family !== 'sd') return family;
  return setup.options.has('v2') ? 'sd21' : 'sd15';
}

/** Facts of what a command would do, as far as it can be told without looking at any file. */
export function doingFacts(setup: Setup): { readonly [id: string]: Fact } {
  const o = new Options(setup);
  const family = familyOf(setup);
  if (setup.trainer !== 'sd-scripts') return foreignFacts(setup, o, family, optimizerFaults);
  return {
    'training.script': setup.script === null ? unknown('not-stated') : known(setup.script),
    'training.scriptFamily': family === null ? unknown('not-stated') : known(family),
    ...moduleFacts(o, family, scriptOf(setup.script ?? '') !== null || setup.script === null),
    ...optimizerFacts(o),
    ...ratesFacts(o, trainsLora(setup.script)),
    ...pictureFacts(o, family),
    'training.rank': o.has('dim_from_weights') ? na : o.fact('network_dim'),
    'training.alpha': o.fact('network_alpha'),
    'training.batch': o.fact('train_batch_size'),
    'training.mixedPrecision': o.told(() => known(o.or('mixed_precision'))),
    'training.halfVae': o.told(() => known(!o.has('no_half_vae') && !o.has('vae'))),
    'training.captionStated': o.told(() =>
      known(o.has('caption_extension') || o.has('caption_extention') || o.has('dataset_config')),
    ),
    'training.savesHalf': o.told(() =>
      known(/^b?fp?16$|bf16/.test(o.or('save_precision')) || o.has('full_fp16') || o.has('full_bf16')),
    ),
    'training.asksXformers': o.told(() => known(o.has('xformers'))),
    'training.seedStated': o.told(() => known(o.has('seed'))),
    'training.missing': setup.open ? unknown('not-stated') : known(missing(o, setup)),
    'training.conflicts': known(conflicts(o, family)),
    'training.precisionFaults': known(precisionFaults(o)),
  };
}

/** Modules that come with the trainer or are commonly added (kohya-training.md §1.2). A `networks.` name outside of them is a slip. */
const MODULES = [
  ...'lora lora_flux lora_sd3 lora_lumina lora_hunyuan_image lora_anima loha lokr dylora oft oft_flux lora_fa'
    .split(' ')
    .map((name) => `networks.${name}`),
  'lycoris.kohya',
];

/** Families whose modules are named after them; SD1.x, SD2.x and SDXL share the plain ones. */
const MODULE_FAMILY: Readonly<Record<string, string>> = {
  'networks.lora_flux': 'flux',
  'networks.oft_flux': 'flux',
  'networks.lora_sd3': 'sd3',
  'networks.lora_lumina': 'lumina2',
  'networks.lora_hunyuan_image': 'hunyuan-image-2.1',
  'networks.lora_anima': 'anima',
};
const PLAIN = ['networks.lora', 'networks.dylora', 'networks.oft', 'networks.lora_fa'];

/** False for a module of another family than the script's. */
function moduleFits(module: string, family: string | null): Fact {
  if (family === null) return na;
  const own = family === 'chroma' ? 'flux' : family;
  if (PLAIN.includes(module)) return known(['sd15', 'sd21', 'sdxl'].includes(own));
  const wanted = MODULE_FAMILY[module];
  return wanted === undefined ? na : known(wanted === own);
}

/** `complete`: the script is one of the trainer's own, not of a fork, which may have modules of its own. */
function moduleFacts(o: Options, family: string | null, complete: boolean): { [id: string]: Fact } {
  const module = o.text('network_module');
  if (module === null || /[$%]/.test(module))
    return { 'training.module': unknown('not-stated'), 'training.moduleKnown': na, 'training.moduleFits': na };
  const nearest = nearestName(module, MODULES);
  const own = complete && (/^(?:networks?|lycoris)\b/.test(module) || nearest !== null);
  return {
    'training.module': known(module),
    'training.moduleKnown': own ? known(MODULES.includes(module)) : na,
    'training.moduleFits': moduleFits(module, family),
    'training.moduleNearest': nearest === null ? na : known(nearest),
  };
}

function optimizerFacts(o: Options): { [id: string]: Fact } {
  const name = o.sure(() => optimizerOf(o));
  const folded = name?.toLowerCase() ?? '';
  const adaptive = /^(?:dadapt|prodigy)/.test(folded);
  const ordinary = /^(?:paged)?(?:adamw?|lion)(?:8bit|32bit)?$|^adafactor$|^r?adamw?schedulefree$/.test(folded);
  const open = unknown('not-stated');
  return {
    'training.optimizer': name === null ? open : known(name),
    'training.optimizerKind': name === null ? open : known(adaptive ? 'adaptive' : ordinary ? 'ordinary' : 'other'),
    'training.eightBit': name === null ? open : known(/8bit|paged/.test(folded)),
    'training.scheduler': o.told(() => known(o.or('lr_scheduler'))),
    'training.cycles': o.fact('lr_scheduler_num_cycles'),
    'training.optimizerFaults': known(optimizerFaults(o, name ?? 'AdamW', adaptive)),
  };
}

/** What is wrong with optimizer and schedule, as the trainers that share sd-scripts' code judge it. */
function optimizerFaults(o: Options, name: string, adaptive: boolean): OptimizerFault[] {
  const out: OptimizerFault[] = [];
  const folded = name.toLowerCase();
  const args = o.all('optimizer_args');
  const warmup = o.sure(() => warmupFault(o));
  if (warmup) out.push(warmup);
  if (!/[.$%]/.test(name) && !OPTIMIZERS.includes(folded) && !TORCH.includes(name)) out.push('unknown-optimizer');
  const schedule = o.or('lr_scheduler');
  if (!/[.:$%]/.test(schedule) && !SCHEDULES.includes(schedule) && !o.has('lr_scheduler_type')) out.push('unknown-schedule');
  if ([...args, ...o.all('network_args')].some((arg) => arg !== '' && !/[=$%]/.test(arg))) out.push('argument-without-equals');
  if (args.some(isLowerCaseWord)) out.push('argument-lower-case');
  const rates = o.sure(() => ratesOf(o)) ?? [];
  if (rates.length > 0 && rates.every((rate) => rate === 0)) out.push('all-rates-zero');
  if (adaptive && rates.length > 0 && Math.max(...rates) <= 0.1 && Math.max(...rates) > 0) out.push('adaptive-rate-low');
  return out;
}

/** The rates that take effect: U-Net and text encoders fall back to the common one. */
function ratesOf(o: Options): number[] {
  const common = o.numberOr('learning_rate');
  const unet = o.has('network_train_text_encoder_only') ? [] : [o.number('unet_lr') ?? common];
  const encoders = o.all('text_encoder_lr').map(Number).filter(Number.isFinite);
  const encoder = o.has('network_train_unet_only') ? [] : encoders.length > 0 ? encoders : [common];
  return [...unet, ...encoder];
}

/** `lora`: a rate of 2e-6, which is what is taken when none is given, suits the training of a whole model. */
function ratesFacts(o: Options, lora: boolean): { [id: string]: Fact } {
  const variable = ['learning_rate', 'unet_lr', 'text_encoder_lr'].some((name) => o.has(name) && o.number(name) === null);
  const encoder = (): number => o.number('text_encoder_lr') ?? o.numberOr('learning_rate');
  return {
    'training.learningRate': variable ? unknown('not-stated') : o.told(() => known(Math.max(...ratesOf(o), 0))),
    'training.textEncoderRate': o.has('network_train_unet_only') ? na : o.told(() => numberFact(encoder())),
    'training.rateStated': lora
      ? o.told(() => known(['learning_rate', 'unet_lr', 'text_encoder_lr'].some((name) => o.has(name))))
      : na,
  };
}

function pictureFacts(o: Options, family: string | null): { [id: string]: Fact } {
  const divisor = family === 'sd15' || family === 'sd21' ? 64 : 32;
  const stepFits = (): Fact => {
    const step = o.numberOr('bucket_reso_steps');
    return family === null || !o.has('enable_bucket') || Number.isNaN(step) ? na : known(step > 0 && step % divisor === 0);
  };
  return {
    'training.bucketStep': o.fact('bucket_reso_steps'),
    'training.bucketStepFits': o.told(stepFits),
    'training.cropsSilently': o.told(() => known(o.has('cache_latents') && !o.has('enable_bucket') && !o.has('dataset_config'))),
    'training.captionDot': o.has('caption_extension') ? known(/^[.$%]/.test(o.or('caption_extension'))) : na,
    'training.bucketLimitsFit': o.told(() => bucketLimits(o)),
    'training.captionExtension': o.told(() => known(o.text('caption_extension') ?? o.text('caption_extention') ?? '.caption')),
  };
}

/** The limits of the buckets must lie on both sides of the resolution. */
function bucketLimits(o: Options): Fact {
  const sides = o.or('resolution').split(',').map(Number);
  const [least, most] = [o.numberOr('min_bucket_reso'), o.numberOr('max_bucket_reso')];
  if (!o.has('enable_bucket') || [...sides, least + most].some((side) => !(side > 0))) return na;
  return known(least <= Math.min(...sides) && most >= Math.max(...sides));
}

/** Options without which the script stops, at once or at the end (kohya-training.md §1, §7 row 19). */
function missing(o: Options, setup: Setup): string[] {
  const out: string[] = [];
  if (scriptOf(setup.script ?? '') === null) return out;
  if (!o.has('pretrained_model_name_or_path')) out.push('--pretrained_model_name_or_path');
  if (!o.has('train_data_dir') && !o.has('dataset_config') && !o.has('in_json') && !o.has('dataset_class'))
    out.push('--train_data_dir');
  if (!o.has('resolution') && !o.has('dataset_config') && !o.has('dataset_class')) out.push('--resolution');
  if (!o.has('output_dir')) out.push('--output_dir');
  if (!o.has('network_module')) out.push('--network_module');
  // Rank and alpha are to come from a file that is not named.
  if (o.has('dim_from_weights') && !o.has('network_weights')) out.push('--network_weights');
  if (setup.script === 'flux_train_network.py')
    for (const name of ['clip_l', 't5xxl', 'ae'])
      if (!o.has(name) && !(name === 'clip_l' && o.text('model_type') === 'chroma')) out.push(`--${name}`);
  return out;
}

function conflicts(o: Options, family: string | null): Conflict[] {
  const out: Conflict[] = [];
  const check = (conflict: Conflict, is: () => boolean): void => {
    if (o.sure(is)) out.push(conflict);
  };
  const has = (...names: readonly string[]): boolean => names.some((name) => o.has(name));
  const flux = family === 'flux' || family === 'chroma';
  const swaps = o.number('blocks_to_swap') ?? 0;
  const cachesText = has('cache_text_encoder_outputs', 'cache_text_encoder_outputs_to_disk');
  const changesText = CAPTION_CHANGES.some((name) => o.has(name) && o.number(name) !== 0);
  const accumulates = (o.number('gradient_accumulation_steps') ?? 1) > 1;
  check('text-encoder-cache-needs-unet-only', () => cachesText && family === 'sdxl' && !o.has('network_train_unet_only'));
  check('text-encoder-cache-and-captions', () => cachesText && changesText);
  const cachesLatents = has('cache_latents', 'cache_latents_to_disk');
  const augments = has(...AUGMENTATIONS);
  check('latent-cache-and-augmentation', () => cachesLatents && augments);
  check('swap-and-offload', () => swaps > 0 && o.has('cpu_offload_checkpointing'));
  check('eight-bit-and-type', () => o.has('use_8bit_adam') && o.has('optimizer_type'));
  check('v2-and-sdxl', () => family === 'sdxl' && o.has('v2'));
  check('too-many-blocks', () => flux && swaps > 35);
  check('chroma-needs-mask', () => family === 'chroma' && !o.has('apply_t5_attn_mask'));
  check('adaptive-noise-alone', () => o.has('adaptive_noise_scale') && !o.has('noise_offset'));
  check('fused-backward', () => o.has('fused_backward_pass') && (accumulates || !/^adafactor$/i.test(o.or('optimizer_type'))));
  const resolution = o.text('resolution');
  check(
    'resolution-format',
    () => resolution !== null && !/[$%]/.test(resolution) && !/^\s*\d+\s*(?:,\s*\d+\s*)?$/.test(resolution),
  );
  return out;
}

function precisionFaults(o: Options): string[] {
  const mode = o.sure(() => o.or('mixed_precision'));
  const out: string[] = [];
  if (mode === null) return out;
  if (o.has('full_fp16') && mode !== 'fp16') out.push(`--full_fp16, --mixed_precision ${mode}`);
  if (o.has('full_bf16') && mode !== 'bf16') out.push(`--full_bf16, --mixed_precision ${mode}`);
  if ((o.has('fp8_base') || o.has('fp8_base_unet')) && mode === 'no') out.push(`--fp8_base, --mixed_precision ${mode}`);
  return out;
}
