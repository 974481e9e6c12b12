import { z } from 'zod';
import { FAMILIES, UIS } from '../facts/families';
import { CARDS } from '../vram/cards';

export const TASKS = ['generate', 'train'] as const;
export type Task = (typeof TASKS)[number];

const bilingual = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
const sources = z.array(z.url({ protocol: /^https$/ })).min(1);

const setting = z.strictObject({
  /** The flag with its dashes, the parameter of the trainer, or the words of the option on screen. */
  name: z.string().min(1),
  kind: z.enum(['flag', 'parameter', 'option', 'driver']),
  /** Left out: a flag without value. */
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Only for these cards; left out: for all. */
  cards: z.array(z.enum(CARDS)).min(1).optional(),
  /** Only in this case. Such a setting is advice, never part of a command line. */
  when: bilingual.optional(),
  note: bilingual.optional(),
  sources,
});

const preset = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    task: z.enum(TASKS),
    ui: z.array(z.enum(UIS)).min(1),
    families: z.array(z.enum(FAMILIES)).min(1),
    /** GiB, both ends included. */
    vram: z.strictObject({ from: z.number().positive(), to: z.number().positive() }),
    cards: z.array(z.enum(CARDS)).min(1).optional(),
    /** When the sources were read. */
    collected: z.iso.date(),
    settings: z.array(z.union([setting, z.array(setting)])).transform((list) => list.flat()),
    notes: z.array(z.strictObject({ ...bilingual.shape, sources })),
  })
  .refine((value) => value.vram.from <= value.vram.to, { message: 'vram: from is above to', path: ['vram'] });

/** One file of `rules/presets/`. Other top-level keys hold anchors for reuse. */
export const presetFile = z.looseObject({ presets: z.array(preset).min(1) });
export const presetBook = z.array(preset);

export type Preset = z.infer<typeof preset>;
export type Setting = z.infer<typeof setting>;
