import { z } from 'zod';
import { SUBJECT_KINDS } from './subject';
import { UNKNOWN_REASONS } from './value';

const source = z.object({
  path: z.string().optional(),
  line: z.number().int().optional(),
  byte: z.number().int().optional(),
  text: z.string().optional(),
});

const fact = z.discriminatedUnion('state', [
  z.object({ state: z.literal('known'), value: z.json(), source: source.optional() }),
  z.object({
    state: z.literal('unknown'),
    reason: z.enum(UNKNOWN_REASONS),
    detail: z.string().optional(),
    source: source.optional(),
  }),
  z.object({ state: z.literal('na') }),
]);

/** The snapshot as it stands in a report (`facts`), for reading one that another machine took. */
export const snapshotSchema = z.object({
  schema: z.literal('lora-doctor/facts@1'),
  takenAt: z.string(),
  subjects: z.array(
    z.object({
      kind: z.enum(SUBJECT_KINDS),
      id: z.string(),
      label: z.string(),
      path: z.string().optional(),
      links: z.partialRecord(z.enum(SUBJECT_KINDS), z.string()).optional(),
      facts: z.record(z.string(), fact),
    }),
  ),
  notes: z.array(
    z.object({
      check: z.string(),
      code: z.string(),
      path: z.string().optional(),
      detail: z.string().optional(),
      counts: z.record(z.string(), z.number()).optional(),
    }),
  ),
  checks: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['ok', 'failed', 'timed-out', 'skipped']),
      ms: z.number(),
      detail: z.string().optional(),
    }),
  ),
});
