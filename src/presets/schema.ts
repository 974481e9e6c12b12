import { z } from 'zod';
import { FAMILIES, UIS } from '../facts/families';
import { CARDS } from '../vram/cards';

export const TASKS = ['generate', 'train'] as const;
export type Task = (typeof TASKS)[number];

const bilingual = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
const sources = z.array(z.url({ protocol: /^https$/ })).min(1);
const id = z.string().regex(/^[a-z0-9.-]+$/);
const cards = z.array(z.enum(CARDS)).min(1);
/** GiB, both ends included. */
const memory = z
  .strictObject({ from: z.number().positive(), to: z.number().positive() })
  .refine(({ from, to }) => from <= to, { message: 'from is above to' });

export const setting = z.strictObject({
  /** The flag with its dashes, the parameter of the trainer, or the words of the option on screen. */
  name: z.string().min(1),
  /** `file`: a parameter that names something of the reader's own; the value is an example. */
  kind: z.enum(['flag', 'parameter', 'file', 'option', 'driver']),
  /** Left out: a flag without value. */
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  /** Only for these cards; left out: for all. */
  cards: cards.optional(),
  /** Of settings that depend on the card: the one that holds when none is named. */
  unnamed: z.literal(true).optional(),
  /** Only in this case. Such a setting is advice, never part of a command line. */
  when: bilingual.optional(),
  note: bilingual.optional(),
  /** Our own choice within what the sources allow. */
  own: z.literal(true).optional(),
  sources,
});

/** Lists in the list, as anchors give them, are laid out flat. */
const settingList = z.preprocess((value: unknown) => (Array.isArray(value) ? value.flat(9) : value), z.array(setting));

export const preset = z.strictObject({
  id,
  task: z.enum(TASKS),
  ui: z.array(z.enum(UIS)).min(1),
  families: z.array(z.enum(FAMILIES)).min(1),
  vram: memory,
  cards: cards.optional(),
  /** Training: the trainer as the estimator knows it, and the script that is started. */
  trainer: z.enum(['sd-scripts', 'musubi-tuner']).optional(),
  script: z.string().optional(),
  /** Pixels of an edge that the sources speak of, where no setting names them. */
  size: z.string().optional(),
  /** When the sources were read. */
  collected: z.iso.date(),
  settings: settingList,
  notes: z.array(z.strictObject({ ...bilingual.shape, sources })),
});

/** What does not go, or is not to be had. Fields that are left out hold for all. */
export const limit = z.strictObject({
  id,
  /** impossible: shown by a source or by arithmetic; unsafe: reports of success and of failure; elsewhere: in a program that has no presets here. */
  kind: z.enum(['impossible', 'unsafe', 'elsewhere']),
  task: z.enum(TASKS).optional(),
  ui: z.array(z.enum(UIS)).optional(),
  families: z.array(z.enum(FAMILIES)).optional(),
  cards: cards.optional(),
  vram: memory.optional(),
  ...bilingual.shape,
  sources,
});

/** One published time: seconds of a picture (generate) or of a step (train). */
export const speed = z.strictObject({
  gpu: z.string().min(1),
  gib: z.number().positive(),
  /** Left out where the source does not name the card. */
  card: z.enum(CARDS).optional(),
  task: z.enum(TASKS),
  family: z.enum(FAMILIES),
  seconds: z.number().positive(),
  what: bilingual,
  source: z.url({ protocol: /^https$/ }),
});

/** One line of the source text's recipe. */
export const recipeRow = z.strictObject({
  said: bilingual,
  verdict: z.enum(['true', 'depends', 'folklore']),
  correct: bilingual,
  /** A page of `explain`. */
  page: z.string().optional(),
  /** What is right is our own reading: no source says it in so many words. */
  own: z.literal(true).optional(),
  sources: z.array(z.url({ protocol: /^https$/ })).default([]),
});

/** How a program is started with flags, and where its settings stand. `{args}` is what the presets say. */
const program = z.strictObject({
  ui: z.array(z.enum(UIS)).min(1),
  shell: z.string().optional(),
  cmd: z.string().optional(),
  powershell: z.string().optional(),
  where: bilingual,
  /** Parameters by their words on screen. */
  labels: z.record(z.string(), z.string()).default({}),
  /** Values by their words on screen, where they differ. */
  values: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  sources,
});

/** One file of `rules/presets/`; `shared` holds anchors for reuse. */
export const presetFile = z.strictObject({
  shared: z.unknown().optional(),
  presets: z.array(preset).default([]),
  limits: z.array(limit).default([]),
  speeds: z.array(speed).default([]),
  recipe: z.array(recipeRow).default([]),
  programs: z.array(program).default([]),
});

export const presetBook = z.strictObject({
  presets: z.array(preset),
  limits: z.array(limit),
  speeds: z.array(speed),
  recipe: z.array(recipeRow),
  programs: z.array(program),
});

export type Preset = z.infer<typeof preset>;
export type Setting = z.infer<typeof setting>;
export type Limit = z.infer<typeof limit>;
export type Speed = z.infer<typeof speed>;
export type RecipeRow = z.infer<typeof recipeRow>;
export type Program = z.infer<typeof program>;
export type Book = z.infer<typeof presetBook>;
