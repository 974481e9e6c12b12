import { z } from 'zod';
import { FAMILIES, UIS } from '../facts/families';
import { finding } from './schema';

/** The documents beside the report, as zod schemas: published as JSON Schema in `schema/`, and what tests hold output against. */

/** Exit status 2 and 3 under `--json`. */
export const errorDocument = z.object({
  schema: z.literal('lora-doctor/error@1'),
  error: z.object({ code: z.string().min(1), message: z.string().min(1), remedy: z.string().min(1) }),
});

const range = <T extends z.ZodType>(value: T) => ({ min: value, max: value, typical: value });
const alphaValue = z.union([z.number(), z.enum(['nan', 'inf', '-inf'])]);

const container = z.object({
  kind: z.string(),
  ok: z.boolean(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      offset: z.number(),
      have: z.number().nullable(),
      need: z.number().nullable(),
    })
    .nullable(),
});

const family = z.object({
  id: z.enum([...FAMILIES, 'unknown']),
  confidence: z.enum(['certain', 'likely', 'guess']),
  candidates: z.array(z.string()),
  variant: z.string().nullable(),
  why: z.array(z.string()),
  lineage: z.object({ id: z.string(), trust: z.string() }).nullable(),
});

const weights = z.object({
  tensors: z.number().int(),
  nan: z.number().int(),
  inf: z.number().int(),
  zeroModules: z.number().int(),
  deadModules: z.array(z.string()),
  norm: z.object({ total: z.number(), median: z.number(), max: z.number() }).nullable(),
  modules: z.array(
    z.object({
      name: z.string(),
      rank: z.number().nullable(),
      alpha: z.number().nullable(),
      scale: z.number(),
      norm: z.number(),
      spectral: z.number().nullable(),
      effectiveRank: z.number().nullable(),
    }),
  ),
  verdict: z.enum(['sound', 'nan', 'inf', 'dead', 'partly-dead', 'overcooked', 'suspicious']),
});

const trouble = z.object({
  module: z.string(),
  lora: z.tuple([z.number().nullable(), z.number().nullable()]),
  base: z.tuple([z.number(), z.number()]).nullable(),
});

/** `--against CHECKPOINT`. */
const against = z.object({
  path: z.string().nullable(),
  loads: z.enum(['all', 'part', 'none']),
  families: z.object({ lora: z.array(z.string()), checkpoint: z.array(z.string()) }),
  modules: z.number().int(),
  fitting: z.number().int(),
  mismatched: z.array(trouble),
  missing: z.array(trouble),
  mismatchedCount: z.number().int(),
  missingCount: z.number().int(),
  withoutEncoder: z.number().int(),
  /** How far a DoRA moves the weights of this checkpoint; null for what is no DoRA, and in a list. */
  dora: z
    .object({
      modules: z.number().int(),
      computed: z.array(z.object({ name: z.string(), norm: z.number(), relative: z.number() })),
      median: z.number().nullable(),
    })
    .nullable(),
});

/** Two LoRAs, named one by one. */
const comparison = z.object({
  a: z.string(),
  b: z.string(),
  sameRun: z.boolean(),
  modules: z.object({ both: z.number().int(), onlyA: z.number().int(), onlyB: z.number().int() }),
  differences: z.array(
    z.object({
      what: z.string(),
      a: z.union([z.string(), z.number()]).nullable(),
      b: z.union([z.string(), z.number()]).nullable(),
    }),
  ),
  tryFirst: z.object({ path: z.string(), estimate: z.literal(true), why: z.array(z.string()) }).nullable(),
});

const inspected = z.object({
  path: z.string(),
  size: z.number(),
  sha256: z.string().nullable(),
  autov2: z.string().nullable(),
  autov3: z.string().nullable(),
  legacyHash: z.string().nullable(),
  /** The 12 digits that A1111 shows. */
  a1111Hash: z.string().nullable(),
  /** Whether the hash stored in the file is that of its tensors. */
  storedHash: z.enum(['matches', 'stale']).nullable(),
  container,
  kind: z.string(),
  parts: z.object({ vae: z.boolean(), textEncoders: z.array(z.string()) }).nullable(),
  adapter: z.string().nullable(),
  features: z.array(z.string()),
  keyStyle: z.string().nullable(),
  family: family.nullable(),
  rank: z.object({ ...range(z.number()), perModule: z.record(z.string(), z.number().nullable()).optional() }).nullable(),
  alpha: z.looseObject(range(alphaValue)).nullable(),
  modules: z.record(z.string(), z.number().int()),
  halfPairs: z.number().int(),
  dtype: z.string().nullable(),
  prediction: z.object({ type: z.enum(['v', 'epsilon']), zeroTerminalSnr: z.boolean(), from: z.string() }).nullable(),
  pickle: z.object({ verdict: z.string(), globals: z.array(z.string()) }).nullable(),
  metadata: z.looseObject({ triggerWords: z.array(z.string()), contradictions: z.array(z.string()) }).nullable(),
  weights: weights.nullable(),
  fits: z.array(
    z.object({
      ui: z.enum(UIS),
      versions: z.string().nullable(),
      loads: z.enum(['yes', 'converted', 'part', 'no', 'unknown']),
      why: z.string(),
    }),
  ),
  triggers: z.array(
    z.object({
      word: z.string(),
      count: z.number().int(),
      source: z.enum(['phrase', 'sidecar', 'tags', 'folder']),
      likely: z.boolean(),
    }),
  ),
  against: against.optional(),
  verdict: z.string(),
  findings: z.array(finding),
});

const vramEstimate = {
  peak: z.number().int(),
  low: z.number().int(),
  high: z.number().int(),
  fits: z.enum(['yes', 'tight', 'no', 'unknown']),
};

/** `vram --json`: one for each row in. Sizes in bytes; `peak` is the sum of `parts`. */
export const vramDocument = z.object({
  schema: z.literal('lora-doctor/vram@1'),
  id: z.union([z.string(), z.number()]).nullable(),
  ...vramEstimate,
  /** The least with which a program works that fills free memory on purpose; else `peak`. */
  need: z.number().int(),
  parts: z.array(z.object({ name: z.string(), bytes: z.number().int() })),
  assumed: z.array(
    z.object({ field: z.string(), value: z.union([z.string(), z.number(), z.boolean()]), why: z.string().min(1) }),
  ),
  model: z.string(),
  task: z.string(),
  /** `own`: read from this machine. */
  card: z.object({ name: z.string().nullable(), gib: z.number(), own: z.boolean() }).nullable(),
  /** The cheapest changes that make it fit, in quality, then in time; empty when it fits or nothing helps. */
  changes: z.array(z.object({ id: z.string(), what: z.string(), option: z.string().nullable(), saves: z.number().int() })),
  after: z.object(vramEstimate).nullable(),
  remedy: z.string().nullable(),
});

/** `inspect --json`. */
export const inspectDocument = z.object({
  schema: z.literal('lora-doctor/inspect@1'),
  files: z.array(inspected),
  notes: z.array(z.object({ path: z.string(), code: z.string() })),
  /** Of a list of files: those that hold the same, and names that mean more than one of them. */
  duplicates: z
    .array(z.object({ same: z.enum(['file', 'tensors']), confirmed: z.boolean(), paths: z.array(z.string()) }))
    .optional(),
  clashes: z
    .array(z.object({ uis: z.array(z.enum(UIS)), name: z.string(), paths: z.array(z.string()), what: z.string() }))
    .optional(),
  comparison: comparison.optional(),
});
