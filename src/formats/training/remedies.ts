import type { Bilingual } from '../../facts/define';
import { isOpen, type Setup } from './given';
import { MOVED_MODELS } from './hub-models';
import { scriptOf } from './options';
import { isLowerCaseWord, warmupFault } from './schedule';
import { Options } from './set-options';

/** One option to be set, added or taken off. `to` null: take it off; an empty text: the option as a flag; `\0` parts a list. */
export interface Remedy {
  readonly name: string;
  readonly to: string | null;
  readonly why: Bilingual;
}

const optionsOf = (setup: Setup): Options => new Options({ options: setup.options, open: isOpen(setup) });

/** Options that stop the training as they stand, each with its one cure (kohya-training.md §1.3, §1.4, §3, §7). */
export function neededRemedies(setup: Setup): Remedy[] {
  const out: Remedy[] = [];
  const options = optionsOf(setup);
  const base = options.text('pretrained_model_name_or_path') ?? '';
  const moved = MOVED_MODELS.get(base);
  if (moved)
    out.push({
      name: 'pretrained_model_name_or_path',
      to: moved,
      why: { en: `${base} was removed from the hub; this is its copy`, zh: `${base} 已从 Hugging Face 移除，这是它的副本` },
    });
  if (setup.trainer !== 'sd-scripts') return out;
  const warmup = options.sure(() => warmupFault(options));
  if (warmup) out.push(WARMUP[warmup]);
  const args = options.all('optimizer_args');
  if (args.some(isLowerCaseWord))
    out.push({
      name: 'optimizer_args',
      to: args.map((arg) => arg.replace(/true$/, 'True').replace(/false$/, 'False')).join('\0'),
      why: { en: 'values are Python: True and False', zh: '值用 Python 写法：True、False' },
    });
  const full = options.has('full_bf16') ? 'bf16' : options.has('full_fp16') ? 'fp16' : null;
  if (full && options.sure(() => options.or('mixed_precision') !== full))
    out.push({
      name: 'mixed_precision',
      to: full,
      why: { en: `--full_${full} needs the same mixed precision`, zh: `--full_${full} 需要相同的混合精度` },
    });
  const ending = options.text('caption_extension');
  if (ending !== null && /^[a-z]+$/i.test(ending))
    out.push({ name: 'caption_extension', to: `.${ending}`, why: { en: 'the ending needs its dot', zh: '扩展名需要点' } });
  if (scriptOf(setup.script ?? '')?.family === 'sdxl' && options.has('v2'))
    out.push({ name: 'v2', to: null, why: { en: '--v2 is for SD2 only', zh: '--v2 只用于 SD2' } });
  return out;
}

/** Warm-up where the schedule takes none. */
const WARMUP: Readonly<Record<NonNullable<ReturnType<typeof warmupFault>>, Remedy>> = {
  'adafactor-warmup': {
    name: 'lr_warmup_steps',
    to: '0',
    why: { en: 'AdaFactor makes its own schedule and takes no warm-up', zh: 'AdaFactor 自带调度，不接受预热' },
  },
  'constant-warmup': {
    name: 'lr_scheduler',
    to: 'constant_with_warmup',
    why: { en: 'the constant schedule takes no warm-up', zh: 'constant 调度不接受预热' },
  },
};

/** What makes the result better and is no matter of running or not (kohya-training.md §7 rows 3, 4, 6, 10, 11, 13, 15, 16). */
export function advisedRemedies(setup: Setup): Remedy[] {
  const out: Remedy[] = [];
  const options = optionsOf(setup);
  const family = scriptOf(setup.script ?? '')?.family ?? null;
  // What is left out here may stand in the file that the command names.
  if (setup.trainer !== 'sd-scripts' || family === null || isOpen(setup)) return out;
  const add = (name: string, to: string | null, en: string, zh: string): void => void out.push({ name, to, why: { en, zh } });
  const dataset = options.has('dataset_config');
  if (!dataset && !options.has('caption_extension') && !options.has('caption_extention'))
    add('caption_extension', '.txt', 'left out, only .caption files are read', '不写则只读取 .caption 文件');
  if (!dataset && options.has('cache_latents') && !options.has('enable_bucket'))
    add('enable_bucket', '', 'without it pictures are cropped to the square', '不加则图片会被裁成方形');
  if (!options.has('save_precision') && !options.has('full_fp16') && !options.has('full_bf16'))
    add('save_precision', 'fp16', 'half the size, as good in use', '体积减半，效果相同');
  if (options.has('xformers')) {
    add('xformers', null, 'needs a package that fits PyTorch', '需要与 PyTorch 匹配的包');
    if (!options.has('sdpa')) add('sdpa', '', 'does the same without a package', '作用相同，无需额外的包');
  }
  const ownSchedule = /^(?:adafactor|prodigy|dadapt)/i.test(options.text('optimizer_type') ?? '');
  if (options.text('lr_scheduler') === 'cosine_with_restarts' && !options.has('lr_scheduler_num_cycles'))
    add('lr_scheduler', 'cosine', 'one cycle is a plain cosine', '只有一个周期时就是普通 cosine');
  if (Number(options.text('lr_warmup_steps') ?? 0) >= 100 && options.has('max_train_epochs') && !ownSchedule)
    add('lr_warmup_steps', '0.05', 'a share of the steps, whatever their number', '按总步数的比例，与步数多少无关');
  const rate = Number(options.text('learning_rate') ?? Number.NaN);
  const own = ['text_encoder_lr', 'network_train_unet_only'].some((name) => options.has(name));
  if (!own && ['sd', 'sdxl'].includes(family) && rate >= 1e-4 && rate <= 1e-3 && !ownSchedule)
    add('text_encoder_lr', String(rate / 2), 'half of the rate is usual', '常用学习率的一半');
  if (!options.has('seed')) add('seed', '42', 'the training can then be repeated', '便于复现训练');
  return out;
}
