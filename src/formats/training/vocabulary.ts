/**
 * Programs whose commands or configurations are read. kohya_ss, lora-scripts and LoRA Easy Training Scripts run sd-scripts.
 * `other`: one whose options are not known.
 */
export const TRAINERS = ['sd-scripts', 'musubi-tuner', 'diffusers', 'ai-toolkit', 'onetrainer', 'simpletuner', 'other'] as const;
export type Trainer = (typeof TRAINERS)[number];

/** What may be wrong with the settings of accelerate. */
export const ACCELERATE_FAULTS = [
  'cpu-only',
  'several-machines',
  'several-cards',
  'one-process-distributed',
  'no-process',
  'unknown-precision',
  'unknown-key',
  'xla',
] as const;
export type AccelerateFault = (typeof ACCELERATE_FAULTS)[number];

/** What may be wrong with a line of sample prompts. */
export const SAMPLE_FAULTS = [
  'not-read',
  'joined-size',
  'unknown-switch',
  'odd-size',
  'empty',
  'not-a-number',
  'key-twice',
  'unknown-ending',
  'not-utf8',
] as const;

/** What may be wrong with the commands that set a trainer up. */
export const INSTALL_FAULTS = [
  'torch-build-without-index',
  'torch-too-old',
  'requirements-skipped',
  'unpinned-beside-torch',
] as const;
export type InstallFault = (typeof INSTALL_FAULTS)[number];

/** How a training run in a log ended; `open`: the log ends in the middle of it. */
export const RUN_ENDS = ['finished', 'error', 'interrupted', 'killed', 'open'] as const;

/** What the loss of a training run does. */
export const LOSS_SHAPES = ['nan', 'zero', 'exploding', 'collapsed', 'rising', 'falling', 'level', 'short'] as const;
export type LossShape = (typeof LOSS_SHAPES)[number];
