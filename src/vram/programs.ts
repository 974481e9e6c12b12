import type { Card } from './cards';
import type { Placement } from './settings';

/**
 * Where half precision is refused by the card's name or a test of its own: all in fp32; fp32 as long as the weights have room, else
 * stored in fp16, text encoders on the processor; or stored in fp16 always (presets-6gb.md, precision by card; webui-comfyui-and-others.md A7).
 */
export type Single = 'all' | 'as-fits' | 'computing';

/** What a program does when it is told nothing (webui-*.md, kohya-training.md §1, presets-6gb.md, the trainers' own presets). */
export interface Program {
  readonly id: string;
  readonly title: string;
  readonly pattern: RegExp;
  readonly trains: boolean;
  /** Generating: how parts come and go. */
  readonly placement: Placement;
  readonly ggml?: boolean;
  readonly vaeSlicing?: boolean;
  readonly leavesPool?: boolean;
  readonly safetyChecker?: boolean;
  /** Cards on which it computes in fp32 by itself. */
  readonly single?: { readonly [card in Card]?: Single };
  /** Training. */
  readonly rank?: number;
  readonly batch?: number;
  readonly optimizer?: string;
  readonly checkpointing?: boolean;
  readonly cachesEncoders?: boolean;
  readonly cachesLatents?: boolean;
  /** Form of transformer weights, when the program quantises unasked. */
  readonly ditPrecision?: string;
  /** Trained values are bf16. */
  readonly halfTrained?: boolean;
}

const trainer = { trains: true, placement: 'resident' } as const;
const webui = { trains: false } as const;

/** The first whose pattern fits counts: front ends before what they run. */
const PROGRAMS: readonly Program[] = [
  {
    ...trainer,
    id: 'lora-scripts',
    title: 'lora-scripts',
    pattern: /lora[-_ ]scripts|akegarasu/,
    rank: 32,
    optimizer: 'AdamW8bit',
    checkpointing: true,
    cachesLatents: true,
  },
  {
    ...trainer,
    id: 'fluxgym',
    title: 'fluxgym',
    pattern: /flux-?gym/,
    rank: 4,
    optimizer: 'Adafactor',
    checkpointing: true,
    cachesEncoders: true,
    cachesLatents: true,
    ditPrecision: 'fp8',
  },
  {
    ...trainer,
    id: 'kohya-gui',
    title: 'kohya_ss GUI',
    pattern: /kohya[-_ ]?ss|kohya.*gui|bmaltais|easy.?training/,
    rank: 8,
    optimizer: 'AdamW8bit',
    cachesLatents: true,
  },
  {
    ...trainer,
    id: 'musubi-tuner',
    title: 'musubi-tuner',
    pattern: /musubi/,
    rank: 32,
    optimizer: 'AdamW8bit',
    checkpointing: true,
    cachesEncoders: true,
    cachesLatents: true,
  },
  { ...trainer, id: 'sd-scripts', title: 'sd-scripts', pattern: /sd[-_ ]?scripts|kohya/, rank: 4, optimizer: 'AdamW' },
  {
    ...trainer,
    id: 'onetrainer',
    title: 'OneTrainer',
    pattern: /one ?trainer/,
    rank: 16,
    batch: 4,
    optimizer: 'AdamW',
    checkpointing: true,
    cachesEncoders: true,
    cachesLatents: true,
  },
  {
    ...trainer,
    id: 'simpletuner',
    title: 'SimpleTuner',
    pattern: /simple ?tuner/,
    rank: 16,
    optimizer: 'AdamW_bf16',
    checkpointing: true,
    cachesEncoders: true,
    cachesLatents: true,
    halfTrained: true,
  },
  {
    ...trainer,
    id: 'ai-toolkit',
    title: 'ai-toolkit',
    pattern: /ai[- ]?toolkit|ostris/,
    rank: 16,
    optimizer: 'AdamW8bit',
    checkpointing: true,
    cachesLatents: true,
    ditPrecision: 'fp8',
  },
  {
    ...trainer,
    id: 'diffusion-pipe',
    title: 'diffusion-pipe',
    pattern: /diffusion-pipe/,
    rank: 32,
    optimizer: 'AdamW',
    checkpointing: true,
    cachesEncoders: true,
    cachesLatents: true,
  },
  {
    ...webui,
    id: 'forge',
    title: 'Forge',
    pattern: /forge/,
    placement: 'managed',
    single: { gtx16: 'as-fits', gtx10: 'computing' },
  },
  {
    ...webui,
    id: 'sdnext',
    title: 'SD.Next',
    pattern: /sd\.?next|vladmandic/,
    placement: 'managed',
    vaeSlicing: true,
    single: { gtx16: 'all' },
  },
  { ...webui, id: 'comfyui', title: 'ComfyUI', pattern: /comfy|swarm/, placement: 'managed', single: { gtx16: 'as-fits' } },
  { ...webui, id: 'fooocus', title: 'Fooocus', pattern: /foo?ocus/, placement: 'managed', single: { gtx16: 'as-fits' } },
  {
    ...webui,
    id: 'stable-diffusion.cpp',
    title: 'stable-diffusion.cpp',
    pattern: /stable-diffusion\.cpp|sd\.cpp|sdcpp|kobold/,
    placement: 'one-part',
    ggml: true,
  },
  { ...webui, id: 'nunchaku', title: 'nunchaku', pattern: /nunchaku/, placement: 'resident', leavesPool: true },
  { ...webui, id: 'optimizedsd', title: 'optimizedSD', pattern: /optimized ?sd|basujindal/, placement: 'one-part' },
  { ...webui, id: 'easydiffusion', title: 'Easy Diffusion', pattern: /easy ?diffusion|cmdr2/, placement: 'one-part' },
  { ...webui, id: 'invokeai', title: 'InvokeAI', pattern: /invoke/, placement: 'managed', single: { gtx16: 'all' } },
  {
    ...webui,
    id: 'a1111',
    title: 'A1111',
    pattern: /a1111|automatic|stable-diffusion-webui/,
    placement: 'resident',
    leavesPool: true,
  },
  {
    id: 'diffusers',
    title: 'diffusers',
    pattern: /diffusers|hugging ?face/,
    trains: true,
    placement: 'resident',
    leavesPool: true,
    safetyChecker: true,
    rank: 4,
    optimizer: 'AdamW',
    cachesLatents: false,
  },
];

const UNKNOWN_TRAINER: Program = {
  ...trainer,
  id: 'trainer',
  title: 'a trainer',
  pattern: /$^/,
  rank: 16,
  optimizer: 'AdamW8bit',
  checkpointing: true,
  cachesLatents: true,
};
const UNKNOWN_WEBUI: Program = { ...webui, id: 'program', title: 'a program', pattern: /$^/, placement: 'resident' };

/** The program that a text names; one of a usual kind when it names none that is known. */
export function programOf(text: string, trains: boolean): Program {
  const lower = text.toLowerCase();
  const found = PROGRAMS.find((program) => program.pattern.test(lower));
  return found ?? (trains ? UNKNOWN_TRAINER : UNKNOWN_WEBUI);
}

export const programById = (id: string): Program => PROGRAMS.find((program) => program.id === id) ?? UNKNOWN_WEBUI;
