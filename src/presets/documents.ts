import { z } from 'zod';
import { CARDS } from '../vram/cards';
import { limit, preset, recipeRow, setting, speed, TASKS } from './schema';

/** The documents of `preset`, as zod schemas: published as JSON Schema in `schema/`, and what tests hold output against. */

const time = z.object({
  classes: z.tuple([z.string(), z.string()]).nullable(),
  /** Fastest and slowest: of one picture, or of a training of 1600 steps. */
  seconds: z.tuple([z.number(), z.number()]).nullable(),
  ground: z.enum(['card', 'series', 'other', 'none']),
  rows: z.array(z.object(speed.shape)),
});

/** One program and family; sizes in bytes. `vram`: the words of the call that repeats the estimate. */
const predicted = z.object({
  ui: z.string(),
  family: z.string(),
  peak: z.number().int(),
  low: z.number().int(),
  high: z.number().int(),
  need: z.number().int(),
  fits: z.enum(['yes', 'tight', 'no', 'unknown']),
  vram: z.array(z.string()),
  time,
});

/** `preset --json`. */
export const presetDocument = z.object({
  schema: z.literal('lora-doctor/preset@1'),
  query: z.object({
    vramGib: z.number(),
    gpu: z.string().nullable(),
    generation: z.enum(CARDS).nullable(),
    family: z.string().nullable(),
    task: z.enum(TASKS).nullable(),
    ui: z.string().nullable(),
  }),
  presets: z.array(z.object({ ...preset.shape, settings: z.array(z.object(setting.shape)), predicted: z.array(predicted) })),
  limits: z.array(z.object(limit.shape)),
  /** Published for the size, but by our estimate more than the card has. */
  tooLarge: z.array(z.object({ preset: z.string(), ui: z.string(), family: z.string(), need: z.number().int() })),
  /** Id of a preset, when none fits. */
  nearest: z.string().nullable(),
});

/** `preset --plan --json`: one answer a family. */
export const presetPlanDocument = z.object({ schema: z.literal('lora-doctor/preset-plan@1'), plans: z.array(presetDocument) });

/** `preset --recipe --json`, in the language asked for. */
export const presetRecipeDocument = z.object({
  schema: z.literal('lora-doctor/preset-recipe@1'),
  recipe: z.array(
    z.object({
      said: z.string(),
      verdict: recipeRow.shape.verdict,
      correct: z.string(),
      page: z.string().nullable(),
      /** No source says it in so many words. */
      own: z.boolean(),
      sources: z.array(z.string()),
    }),
  ),
});
