import type { FactMap, FactStore } from '../../facts/snapshot';
import { known, na, unknown } from '../../facts/value';
import type { DatasetConfig } from '../../formats/training/dataset-config';
import type { Setup } from '../../formats/training/given';
import { trainsLora } from '../../formats/training/options';
import { optimizerOf } from '../../formats/training/schedule';
import type { Options } from '../../formats/training/set-options';
import { GIB } from '../../vram/bytes';
import { machineCards } from '../../vram/machine-cards';
import type { Prediction } from '../../vram/predict';
import { predictRow } from '../../vram/predict';

/** The card that a training is judged by: named by its memory, or found in this machine. */
export interface Card {
  /** Null: only its memory was named. */
  readonly name: string | null;
  readonly gib: number;
}

/** The largest card of this machine that can train; null when none is known. */
export function ownCard(facts: FactStore): Card | null {
  return machineCards(facts).find(({ vendor }) => vendor === 'nvidia' || vendor === 'amd') ?? null;
}

/** What is known of a training beside its options. */
export interface Beside {
  readonly family: string | null;
  readonly dataset: DatasetConfig | null;
  /** Rank of the LoRA that is trained on, where it comes from a file. */
  readonly startRank: number | null;
}

type Row = { readonly [field: string]: string | number | boolean };

/**
 * Whether the training fits the card, by the estimator of `vram`. Nothing is guessed that decides: where the options that
 * count are not all told (a variable, a command that ends early, a size in no file), the answer is "not applicable".
 */
export function memoryFacts(setup: Setup, o: Options, beside: Beside, card: Card | null): FactMap {
  const told = rowOf(setup, o, beside);
  if (told === null) return FACTS_OF_NONE;
  if (card === null) return { ...FACTS_OF_NONE, 'training.memoryFits': unknown('not-stated', 'no card is known') };
  const row = onCard(told, card);
  const found = predictRow(row);
  // No file tells the size of the pictures: only that not even small ones fit can be said.
  const least = 'resolution' in told ? found : predictRow({ ...row, resolution: 512 });
  if (!('resolution' in told) && least.fits !== 'no')
    return { ...FACTS_OF_NONE, 'training.memoryFits': unknown('not-stated', 'the size is not told') };
  return {
    'training.memoryPeak': known(found.peak),
    'training.memoryLow': known(found.low),
    'training.memoryHigh': known(found.high),
    'training.memoryFits': known(found.fits),
    'training.memorySure': found.fits === 'no' ? known(least.low > card.gib * GIB) : na,
    'training.memoryCard': known(Math.round(card.gib * GIB)),
    'training.memoryCardName': known(card.name ?? '--vram'),
    'training.memoryChanges': known(found.changes.map(({ option, id }) => option ?? id)),
    'training.memoryAfter': found.after ? known(found.after.peak) : na,
  };
}

const onCard = (row: Row, { name, gib }: Card): Row => ({ ...row, gpu_vram_gb: gib, ...(name ? { gpu: name } : {}) });

/** The estimate for a command alone; without a size in it, for small pictures. Null: not all that counts is told. */
export function predictOn(setup: Setup, o: Options, beside: Beside, card: Card): Prediction | null {
  const told = rowOf(setup, o, beside);
  return told === null ? null : predictRow({ resolution: 512, ...onCard(told, card) });
}

const FACTS_OF_NONE: FactMap = Object.fromEntries(
  ['Peak', 'Low', 'High', 'Fits', 'Sure', 'Card', 'CardName', 'Changes', 'After'].map((name) => [`training.memory${name}`, na]),
);

/** The options that the prediction rests on. A variable of the shell in one of them leaves it open. */
const COUNTS = [
  'resolution',
  'train_batch_size',
  'network_dim',
  'optimizer_type',
  'mixed_precision',
  'blocks_to_swap',
  'network_args',
];

function rowOf(setup: Setup, o: Options, { family, dataset, startRank }: Beside): Row | null {
  const model = family === null ? null : modelWords(family, o);
  const open = COUNTS.some((name) => o.all(name).some((value) => /[$%]/.test(value)));
  // What stands behind the place where a command ends cannot be known, nor what other processes take over.
  const cut = setup.problems.some(({ kind }) => /^(?:ends-early|line-cut|toml-fault|dash-option)$/.test(kind));
  const shared = ELSEWHERE.some((name) => o.has(name));
  const size = sizeOf(o, dataset);
  const own = setup.open || !trainsLora(setup.script) ? null : ROWS[setup.trainer](o, family ?? '');
  if (model === null || open || cut || shared || own === null) return null;
  const batches =
    dataset?.fed?.flatMap(({ batch }) => batch ?? []) ?? dataset?.subsets.flatMap((s) => s.settings.batch ?? []) ?? [];
  const one = /^(?:sd-scripts|musubi-tuner)$/.test(setup.trainer) ? 1 : null;
  const batch = batches.length > 0 ? Math.max(...batches) : (o.number('train_batch_size') ?? one);
  const rank = rankOf(o, startRank);
  return {
    kind: 'train',
    task: 'lora',
    ...model,
    ...(size === null ? {} : { resolution: `${size.width}x${size.height}` }),
    ...(size === null || size.frames === 1 ? {} : { frames: family === 'framepack' ? FRAMEPACK_SECTION : size.frames }),
    ...(batch === null ? {} : { batch }),
    ...(rank === null ? {} : { rank }),
    ...own,
  };
}

/** With these other processes or the system's memory hold parts of it, or two base models take turns. */
const ELSEWHERE = ['deepspeed', 'fsdp', 'ramtorch', 'layer_offloading', 'blockwise_fused_optimizers', 'dit_high_noise'];

/** FramePack learns clips in sections of nine latent frames. */
const FRAMEPACK_SECTION = 33;

type Size = { readonly width: number; readonly height: number; readonly frames: number };

/** Largest size that is trained, pixels and frames: of the data set file, else of the options; null when neither tells. */
function sizeOf(o: Options, dataset: DatasetConfig | null): Size | null {
  const fed = dataset?.fed?.flatMap(({ area, frames }): Size[] => (area ? [{ width: area[0], height: area[1], frames }] : []));
  const told = dataset?.subsets.flatMap(({ settings }) => settings.resolution ?? settings.area ?? []) ?? [];
  const pairs = told.length > 0 ? pairsOf(told) : o.all('resolution').flatMap(sizeOfText);
  const sizes = fed && fed.length > 0 ? fed : pairs.map(([width, height]): Size => ({ width, height, frames: 1 }));
  return sizes.reduce<Size | null>((most, size) => (most === null || volume(size) > volume(most) ? size : most), null);
}

const volume = ({ width, height, frames }: Size): number => width * height * frames;

function pairsOf(sides: readonly number[]): (readonly [number, number])[] {
  return Array.from({ length: Math.floor(sides.length / 2) }, (_, i) => [sides[2 * i] ?? 0, sides[2 * i + 1] ?? 0] as const);
}

/** `512`, `512,768`, `1024x1024`; SimpleTuner also writes megapixels (`1.0`). */
function sizeOfText(text: string): (readonly [number, number])[] {
  const sides = text.split(/[,x×]/).map(Number);
  if (sides.some((side) => !(side > 0))) return [];
  const [width = 0, height = width] = sides;
  const side = width <= 8 ? Math.round(Math.sqrt(width) * 1024) : width;
  return [[side, width <= 8 ? side : height]];
}

/** A rank that the module turns into that many parameters; the least where it makes fewer (LoKr, (IA)³). */
function rankOf(o: Options, startRank: number | null): number | null {
  if (o.all('network_args').some((arg) => /^algo=(?:lokr|ia3|glora|diag-oft|boft|full|dylora)$/.test(arg))) return 1;
  return o.has('dim_from_weights') ? startRank : o.number('network_dim');
}

/** Families that are one architecture, in the words of the estimator; others need the variant. */
function modelWords(family: string, o: Options): Row | null {
  const variant = [o.text('task'), o.text('model_version'), o.text('pretrained_model_name_or_path'), o.text('dit')].join(' ');
  if (family === 'sd3')
    return /large|medium/i.test(variant) ? { model_family: `sd3.5 ${/medium/i.test(variant) ? 'medium' : ''}` } : null;
  if (family === 'flux2') {
    const klein = /klein\D{0,6}(\d)b/i.exec(variant)?.[1];
    return klein
      ? { model_family: `flux2 klein ${klein}b` }
      : o.text('model_version') === 'dev'
        ? { model_family: 'flux2' }
        : null;
  }
  // wan_train_network.py: without `--task` it is t2v-14B.
  if (family === 'wan') return { model_family: /1\.3b/i.test(o.text('task') ?? '') ? 'wan 1.3b' : 'wan 14b' };
  return ONE_ARCHITECTURE.includes(family) ? { model_family: family } : null;
}

const ONE_ARCHITECTURE =
  'sd15 sd21 sdxl flux chroma lumina2 hunyuan-image-2.1 qwen-image z-image hunyuan-video hunyuan-video-1.5 framepack'.split(' ');

const given = (name: string, value: string | number | null): Row => (value === null ? {} : { [name]: value });

/** Fields of a row by trainer. Left out means: what the program does when it is told nothing. Null: its ways are not known well enough. */
const ROWS: { readonly [trainer in Setup['trainer']]: (o: Options, family: string) => Row | null } = {
  'sd-scripts': (o, family) => {
    const unet = /^sd/.test(family) && family !== 'sd3';
    const single = o.or('mixed_precision') === 'no';
    // A transformer in fp32 is never meant, and what is loaded follows the file.
    if (single && !unet) return null;
    const caches = o.has('cache_text_encoder_outputs') || o.has('cache_text_encoder_outputs_to_disk');
    const unetOnly = o.has('network_train_unet_only');
    const plain = unet && !['sdpa', 'xformers', 'mem_eff_attn'].some((name) => o.has(name));
    const full = o.has('full_bf16') ? ' full_bf16' : o.has('full_fp16') ? ' full_fp16' : '';
    const switches = ['split_mode', 'cpu_offload_checkpointing', 'fused_backward_pass'].filter((name) => o.has(name));
    return {
      tool: 'sd-scripts',
      precision: single ? 'fp32' : `${o.or('mixed_precision')}${full}`,
      fp8_base: o.has('fp8_base') || o.has('fp8_base_unet'),
      optimizer: optimizerOf(o),
      gradient_checkpointing: o.has('gradient_checkpointing'),
      cache_latents: o.has('cache_latents') || o.has('cache_latents_to_disk'),
      cache_text_encoder: caches,
      text_encoder_trained: !caches && !unetOnly,
      ...given('blocks_to_swap', o.number('blocks_to_swap')),
      flags: [...switches, unetOnly ? 'unet_only' : '', plain ? 'plain attention' : ''].join(' ; '),
    };
  },
  'musubi-tuner': (o) => ({
    tool: 'musubi-tuner',
    precision: o.text('mixed_precision') ?? 'bf16',
    fp8_base: o.has('fp8_base') || o.has('fp8_scaled'),
    ...given('optimizer', o.text('optimizer_type') ?? 'AdamW'),
    gradient_checkpointing: o.has('gradient_checkpointing'),
    ...given('blocks_to_swap', o.number('blocks_to_swap')),
    flags: o.has('gradient_checkpointing_cpu_offload') ? 'cpu_offload_checkpointing' : '',
  }),
  diffusers: (o, family) => {
    // Left out it is what `accelerate config` wrote.
    if (!o.has('mixed_precision') || !o.has('train_batch_size') || o.has('offload')) return null;
    const single = o.text('mixed_precision') === 'no';
    return {
      tool: 'diffusers',
      precision: single ? 'fp32' : o.or('mixed_precision'),
      optimizer: o.has('use_8bit_adam') ? 'AdamW8bit' : (o.text('optimizer_type') ?? 'AdamW'),
      gradient_checkpointing: o.has('gradient_checkpointing'),
      cache_latents: o.has('cache_latents'),
      text_encoder_trained: o.has('train_text_encoder'),
      // The examples of the transformer families encode all captions first and drop the encoders.
      ...(/^sd(?:15|21|xl)$/.test(family) ? {} : { cache_text_encoder: !o.has('train_text_encoder') }),
    };
  },
  'ai-toolkit': (o) => otherRow('ai-toolkit', o),
  onetrainer: (o) => otherRow('OneTrainer', o),
  simpletuner: (o) => otherRow('SimpleTuner', o),
  other: () => null,
};

/** Programs with many switches of their own: only where the form of the base model's weights is told. */
function otherRow(tool: string, o: Options): Row | null {
  const precision = o.text('base_model_precision');
  if (precision === null || !o.has('train_batch_size')) return null;
  const checkpointing = o.text('gradient_checkpointing')?.toLowerCase();
  return {
    tool,
    precision: `${precision === 'no_change' ? 'bf16' : precision} base`,
    ...given('optimizer', o.text('optimizer_type')),
    gradient_checkpointing: o.has('gradient_checkpointing') && checkpointing !== 'off' && checkpointing !== 'false',
    ...(checkpointing === 'cpu_offloaded' ? { flags: 'cpu_offload_checkpointing' } : {}),
    ...(o.has('offload_fraction') ? { flags: `offload_fraction ${o.text('offload_fraction')}` } : {}),
  };
}
