import type { Bilingual } from '../facts/define';
import { isRecord } from '../formats/json';
import { GIB } from './bytes';
import { cardMemory, cardOf, isServerCard } from './cards';
import { INFERENCE_RESERVE } from './generate';
import type { Model } from './model-row';
import { modelOf } from './models';
import { optimizerBytes } from './optimizers';
import { bitsOf, type Precision, readPrecision } from './precision';
import { type Program, programOf, type Single } from './programs';
import { readModel } from './read-model';
import { Fields, readSize } from './read-values';
import type { Assumed, Placement, ReadRow, Task, VramSettings } from './settings';
import * as why from './why';

const GPU_LIMITS = [0.5, 1024] as const;

/** Of the card, less its reserve: what weights may take in fp32 before ComfyUI stores them in fp16 (webui-comfyui-and-others.md A10). */
const WEIGHTS_SHARE = 0.88;

/**
 * Reads one row: an object with the field names of the published figures (`kind`, `model_family`, `model_variant`, `task`,
 * `resolution`, `batch`, `rank`, `optimizer`, `gradient_checkpointing`, `cache_latents`, `cache_text_encoder`,
 * `text_encoder_trained`, `precision`, `fp8_base`, `blocks_to_swap`, `flags`, `tool`, `gpu`, `gpu_vram_gb`, and our own
 * `frames`). Any JSON value gives complete settings: what is missing, absurd or of the wrong kind is taken as the program
 * would take it, and stands in `assumed`.
 */
export function readRow(row: unknown): ReadRow {
  return new Reader(row).read();
}

class Reader {
  readonly #fields: Fields;
  readonly #assumed: Assumed[] = [];
  #doubt = 0;
  readonly #trains: boolean;
  readonly #program: Program;
  readonly #model: Model;
  readonly #flags: string;
  readonly #precision: Precision;
  readonly #card: number | null;
  readonly #gpu: string;

  constructor(row: unknown) {
    const record = isRecord(row) ? row : {};
    this.#fields = new Fields(record);
    const f = this.#fields;
    const tool = f.text('tool');
    this.#flags = [f.text('flags'), tool, f.text('task')].join(' ; ').toLowerCase();
    const words = `${f.text('task')} ${f.text('kind')}`.toLowerCase();
    const generates = /infer|generat|txt2|img2|t2[iv]|i2[iv]|video|speed|upscal|inpaint/.test(words);
    const trainer = programOf(tool, true);
    this.#trains = /train|lora|dreambooth|finetune|fine-tune|inversion|controlnet/.test(words)
      ? !/infer|speed/.test(f.text('kind').toLowerCase())
      : !generates && tool !== '' && trainer.trains && trainer.id !== 'trainer' && trainer.id !== 'diffusers';
    this.#program = programOf(tool, this.#trains);
    this.#model = this.#readModel();
    this.#precision = readPrecision(`${f.text('precision')} ; ${storageOf(this.#flags)}`);
    this.#gpu = f.text('gpu');
    const memory = f.number('gpu_vram_gb', ...GPU_LIMITS);
    this.#card = memory ?? (this.#gpu === '' ? null : cardMemory(this.#gpu));
  }

  read(): ReadRow {
    const size = this.#size();
    const batch = this.#count('batch', 4096, this.#trains ? (this.#program.batch ?? 1) : 1, why.BATCH);
    const settings: VramSettings = {
      model: this.#model.id,
      weightsOnly: /^weights/.test(this.#fields.text('kind').toLowerCase()),
      ...size,
      batch,
      ...(this.#trains ? this.#training() : this.#generating()),
      gpu: this.#gpu === '' ? null : this.#gpu,
      cardGib: this.#card,
      hasDesktop: this.#card !== null && !isServerCard(this.#gpu) && this.#card < 40,
      program: this.#program.id,
    };
    for (const field of this.#fields.refused) this.#note(field, 'not used', why.REFUSED, 0.5);
    return { settings, assumed: this.#assumed, doubt: this.#doubt };
  }

  #note(field: string, value: Assumed['value'], reason: Bilingual, doubt: number): void {
    if (!this.#assumed.some((one) => one.field === field)) this.#assumed.push({ field, value, why: reason });
    this.#doubt += doubt;
  }

  #readModel(): Model {
    const family = this.#fields.text('model_family', 'family');
    const id = readModel(family, this.#fields.text('model_variant'));
    if (id !== null) return modelOf(id);
    // A model that no one names is, by the program's age and most of its users, SD 1.x; Flux where only Flux is trained.
    const fallback = this.#program.id === 'fluxgym' || this.#program.id === 'nunchaku' ? 'flux' : 'sd15';
    this.#note('model_family', modelOf(fallback).title, why.FAMILY, 2);
    return modelOf(fallback);
  }

  #size(): Pick<VramSettings, 'width' | 'height' | 'frames'> {
    const text = this.#fields.text('resolution');
    const size = readSize(text);
    const [width, height] = this.#model.resolution;
    const framesOf = this.#fields.number('frames', 1, 2000) ?? size?.frames ?? null;
    const frames = framesOf ?? (this.#trains ? 1 : this.#model.frames);
    if (framesOf === null && this.#model.frames > 1)
      this.#note('frames', frames, this.#trains ? why.FRAMES_TRAIN : why.FRAMES, 1);
    if (size) return { width: size.width, height: size.height, frames };
    this.#note('resolution', `${width}x${height}`, why.RESOLUTION, 1);
    return { width, height, frames };
  }

  #count(name: string, most: number, fallback: number, reason: Bilingual, doubt = 0): number {
    const told = this.#fields.number(name, 1, most);
    if (told !== null) return Math.round(told);
    this.#note(name, fallback, reason, doubt);
    return fallback;
  }

  #flag(name: string, fallback: boolean, reason: Bilingual, doubt = 0.5): boolean {
    const told = this.#fields.flag(name);
    if (told !== null) return told;
    this.#note(name, fallback, reason, doubt);
    return fallback;
  }

  /** Bits of the base model's weights; `usual` when the row tells none. */
  #coreBits(usual: number): number {
    if (this.#fields.flag('fp8_base') === true) return Math.min(8, this.#precision.core ?? 8);
    if (this.#precision.core !== undefined) return this.#precision.core;
    if (/gguf/.test(this.#fields.text('precision').toLowerCase())) {
      const bits = this.#card !== null && this.#card > 8 ? 8.5 : 4.6;
      this.#note('precision', bits > 8 ? 'Q8_0' : 'Q4_K', why.GGUF, 1);
      return bits;
    }
    this.#note('precision', usual === 32 ? 'fp32' : usual === 16 ? 'fp16/bf16' : 'fp8', why.PRECISION, 0.5);
    return usual;
  }

  /** How the program goes about a card on which it refuses half precision; null where it does not. */
  #single(): Single | null {
    const card = cardOf(this.#gpu);
    return (card === null ? null : this.#program.single?.[card]) ?? null;
  }

  /** Bits that weights of pictures have when the row tells none. */
  #usualBits(): number {
    const single = this.#single();
    const room = (this.#card ?? 6) * GIB * WEIGHTS_SHARE - INFERENCE_RESERVE;
    return single === 'all' || (single === 'as-fits' && this.#model.millions * 4e6 <= room) ? 32 : 16;
  }

  #common(coreBits: number, computesSingle = false) {
    const f = this.#flags;
    const single = coreBits === 32 || computesSingle;
    return {
      coreBits,
      computeBits: single ? (32 as const) : (16 as const),
      vaeBits: this.#precision.vae ?? (single ? 32 : 16),
      vaeSlicing: /vae[- _]?slic|slicing.*vae/.test(f) || this.#program.vaeSlicing === true,
      vaeTiling: /vae[- _]?til|tiled|tiling/.test(f),
      tinyVae: /taesd|tiny ?(?:auto)?(?:vae|encoder|ae)|tae\b/.test(f),
      convolutionsHalf: this.#program.ggml === true,
      passesApart: this.#program.ggml === true,
    };
  }

  #generating(): Trained & GeneratingSettings {
    const f = this.#flags;
    const bits = this.#coreBits(this.#usualBits());
    const single = this.#single();
    const computesSingle = single !== null && this.#precision.core !== 16;
    const ggml = this.#program.ggml === true;
    const encoderBits = this.#precision.encoder ?? (ggml || bits === 32 ? bits : 16);
    const away =
      (single === 'as-fits' && computesSingle) ||
      /(?:text enc\w*|t5|te|clip)s? (?:in|on|to) (?:ram|cpu|system)|precomput/.test(f);
    const placement = this.#placement();
    const plain = ggml ? !/flash|fa\b/.test(f) : /no[- ](?:sdpa|xformers|flash)|plain attention|split[- ]attention/.test(f);
    return {
      ...this.#common(bits, computesSingle),
      ...UNTRAINED,
      task: 'generate',
      encoderBits,
      placement,
      leavesPool: this.#program.leavesPool === true,
      encodersAway: away,
      vaeAway: false,
      plainAttention: plain,
      extraMillions: this.#program.safetyChecker === true && this.#model.family === 'sd15' && !/no safety/.test(f) ? 304 : 0,
    };
  }

  /** Where parts wait. The last resort in the flags counts. */
  #placement(): Placement {
    const f = this.#flags;
    if (
      /sequential|per[- ]layer|layer[- ]?wise(?! ?(?:up)?cast)|group off|--?lowvram|low[- ]vram|\blow\b|novram|always-offload/.test(
        f,
      )
    )
      return 'stream';
    if (/model (?:cpu )?off|cpu off|medvram|balanced|enable_model/.test(f)) return 'one-part';
    if (/highvram|always[- ]gpu|gpu-only/.test(f)) return 'resident';
    // Front ends that keep all: on a card that holds less than all they are only used with the flag that makes them fit.
    return this.#program.id === 'a1111' && this.#card !== null ? 'fills' : this.#program.placement;
  }

  #training(): Trained & GeneratingSettings {
    const { task, adapter } = this.#task();
    const dit = this.#model.kind === 'dit';
    const usual = dit && this.#program.ditPrecision ? (bitsOf(this.#program.ditPrecision) ?? 16) : 16;
    const bits = this.#coreBits(this.#precision.single ? 32 : usual);
    const optimizer = this.#optimizer(task);
    const rank = adapter ? this.#count('rank', 4096, this.#program.rank ?? 16, why.RANK, 0.5) : 0;
    const swapped = this.#fields.number('blocks_to_swap', 0, 500) ?? 0;
    const split = /split_mode/.test(this.#flags);
    const share = Number(/offload[_ ]fraction[ =:]*(0?\.\d+|1(?:\.0)?)/.exec(this.#flags)?.[1] ?? 0);
    // Someone who takes these has an eye on memory, and the recipes that name them name the caches too.
    const roomy = this.#card !== null && this.#card >= 40 && rank > 8;
    const thrifty =
      bits <= 8.5 || swapped > 0 || share > 0 || split || (!roomy && (rank <= 8 || /adafactor|8 ?bit/i.test(optimizer.text)));
    const checkpointing = this.#flag(
      'gradient_checkpointing',
      this.#program.checkpointing ??
        (dit || this.#model.unet === null || this.#model.unet.pixels > 512 * 512 || /economical|low/.test(this.#flags)),
      why.CHECKPOINTING,
      1,
    );
    const cachesLatents = this.#flag('cache_latents', this.#program.cachesLatents ?? true, why.CACHE_LATENTS, 0.2);
    const sd = this.#small();
    const cachesEncoders = this.#flag(
      'cache_text_encoder',
      this.#program.cachesEncoders ?? (dit && thrifty),
      why.CACHE_ENCODERS,
      dit ? 1 : 0.3,
    );
    const unetOnly = /unet[_-]only|train_blocks/.test(this.#flags);
    const trainsEncoders =
      !cachesEncoders &&
      !unetOnly &&
      adapter &&
      this.#flag('text_encoder_trained', sd && this.#program.id !== 'diffusers', why.ENCODERS_TRAINED, 0.2);
    // A whole transformer is only ever trained in bf16 with the backward pass fused (kohya-training.md §4.3).
    const recipe = task === 'finetune' && dit && this.#precision.core === undefined;
    const zero = /deepspeed|zero[-_ ]?(?:\d|off)/.test(this.#flags);
    const half = this.#precision.full || recipe || zero || this.#program.halfTrained === true || this.#precision.lora === 16;
    const fused = recipe || /fused[_ ]backward/.test(this.#flags);
    return {
      ...this.#common(bits),
      task,
      encoderBits: this.#precision.encoder ?? (bits === 32 ? 32 : dit && bits < 16 && this.#program.id === 'ai-toolkit' ? 8 : 16),
      placement: 'resident',
      leavesPool: false,
      encodersAway: cachesEncoders,
      vaeAway: cachesLatents,
      plainAttention: /no[- ](?:sdpa|xformers)|plain attention/.test(this.#flags),
      extraMillions: 0,
      rank,
      trainsEncoders,
      checkpointing,
      offloadsCheckpoints: /cpu_offload_checkpointing|offload(?:ed)? checkpoint|activation off/.test(this.#flags),
      swappedBlocks: Math.round(swapped),
      offloadShare: split ? 0.5 : Math.min(1, share),
      trainedBytes: half ? 2 : 4,
      gradientBytes: fused ? 0 : half ? 2 : 4,
      // States of plain torch optimizers have the type of what is trained.
      optimizerBytes: zero ? 0 : half && optimizer.bytes === 8 ? 4 : optimizer.bytes,
      optimizer: optimizer.text,
    };
  }

  #task(): { readonly task: Task; readonly adapter: boolean } {
    const words = `${this.#fields.text('task')} ${this.#flags}`.toLowerCase();
    if (/inversion|embedding/.test(words)) return { task: 'textual-inversion', adapter: false };
    if (/controlnet/.test(words)) return { task: 'controlnet', adapter: false };
    if (/lora|locon|lycoris|loha|lokr|dora|network/.test(this.#fields.text('task').toLowerCase()))
      return { task: 'lora', adapter: true };
    if (/dreambooth|finetun|fine-tun|\bfull\b|checkpoint train/.test(words)) return { task: 'finetune', adapter: false };
    return { task: 'lora', adapter: true };
  }

  /** Training the whole model: the recipes for SD 1.x and 2.x take 8-bit Adam, for all that is larger Adafactor (kohya-training.md §4.4). */
  #wholeOptimizer(): string {
    return this.#small() ? 'AdamW8bit' : 'Adafactor';
  }

  #small(): boolean {
    return this.#model.family === 'sd15' || this.#model.family === 'sd21';
  }

  #optimizer(task: Task): { readonly text: string; readonly bytes: number } {
    const told = this.#fields.text('optimizer');
    const bytes = optimizerBytes(told);
    if (bytes !== null) return { text: told, bytes };
    const text =
      task === 'finetune' && this.#program.id !== 'diffusers' ? this.#wholeOptimizer() : (this.#program.optimizer ?? 'AdamW8bit');
    this.#note('optimizer', text, why.OPTIMIZER, 0.2);
    return { text, bytes: optimizerBytes(text) ?? 8 };
  }
}

type TrainedKeys =
  | 'rank'
  | 'trainsEncoders'
  | 'checkpointing'
  | 'offloadsCheckpoints'
  | 'swappedBlocks'
  | 'offloadShare'
  | 'trainedBytes'
  | 'gradientBytes'
  | 'optimizerBytes'
  | 'optimizer';
type Trained = Pick<VramSettings, TrainedKeys>;
type GeneratingSettings = Omit<
  VramSettings,
  TrainedKeys | 'model' | 'weightsOnly' | 'width' | 'height' | 'frames' | 'batch' | 'gpu' | 'cardGib' | 'hasDesktop' | 'program'
>;

const UNTRAINED: Trained = {
  rank: 0,
  trainsEncoders: false,
  checkpointing: false,
  offloadsCheckpoints: false,
  swappedBlocks: 0,
  offloadShare: 0,
  trainedBytes: 0,
  gradientBytes: 0,
  optimizerBytes: 0,
  optimizer: '',
};

/** Forms of weights that stand among the flags: `fp16 + SDPA`, `fp8 storage`; not those of other parts (`4-bit T5`, `fp16 VAE`). */
const storageOf = (flags: string): string => flags.replace(/8[- ]?bit adam\w*|--?no-half-vae/g, '').replace(/adamw?8bit/g, '');
