import { z } from 'zod';
import { snapshotSchema } from '../facts/snapshot-schema';
import { SUBJECT_KINDS } from '../facts/subject';
import { LANGUAGES } from '../i18n/language';
import { SEVERITIES, VERDICTS, WEIGHTS } from './levels';

const json: z.ZodType<unknown> = z.unknown();

const source = z.object({
  path: z.string().optional(),
  line: z.number().int().optional(),
  byte: z.number().int().optional(),
  text: z.string().optional(),
});

const subject = z.object({
  kind: z.union([z.enum(SUBJECT_KINDS), z.string()]),
  id: z.string(),
  label: z.string(),
  path: z.string().optional(),
});

const evidence = z.object({
  fact: z.string(),
  value: json,
  direction: z.enum(['for', 'against']),
  weight: z.enum(WEIGHTS),
  /** One sentence for people, in the report's language. */
  text: z.string(),
  source: source.optional(),
});

const fix = z.object({
  id: z.string(),
  title: z.string(),
  steps: z.array(z.string()),
  safety: z.enum(['auto', 'confirm', 'manual']),
  effort: z.enum(['low', 'medium', 'high']),
  action: json.optional(),
});

const missing = z.object({ fact: z.string(), title: z.string(), reason: z.string(), wouldMatter: z.boolean() });

export const finding = z.object({
  rule: z.string(),
  cause: z.string(),
  subject,
  fingerprint: z.string(),
  severity: z.enum(SEVERITIES),
  verdict: z.enum(VERDICTS),
  /** Share among the candidates of its symptom, 0 to 1. */
  share: z.number(),
  title: z.string(),
  message: z.string(),
  evidence: z.array(evidence),
  missing: z.array(missing),
  fixes: z.array(fix),
  symptoms: z.array(z.string()),
  /** Fingerprint of the finding that this one is a consequence of. */
  explainedBy: z.string().nullable(),
  references: z.array(z.string()),
  /** How many subjects say the same thing (one finding stands for them). */
  count: z.number().int(),
});

const settle = z.object({ fact: z.string(), title: z.string(), how: z.string() });

/**
 * The report: one object that everything renders (text, JSON, screen, Markdown). Keys and meanings are a contract with
 * other programs: add freely, never rename. Published as JSON Schema in `schema/`.
 */
export const report = z.object({
  schema: z.literal('lora-doctor/report@1'),
  tool: z.object({ name: z.literal('lora-doctor'), version: z.string(), rules: z.string() }),
  generatedAt: z.string(),
  lang: z.enum(LANGUAGES),
  redacted: z.boolean(),
  summary: z.object({
    verdict: z.enum(['problems', 'suspicions', 'clear', 'undecided']),
    errors: z.number().int(),
    warnings: z.number().int(),
    notes: z.number().int(),
    inconclusive: z.number().int(),
    files: z.number().int(),
    ms: z.number(),
  }),
  installs: z.array(
    z.object({
      id: z.string(),
      ui: z.string(),
      path: z.string(),
      version: z.string().nullable(),
      commit: z.string().nullable(),
      loraFolders: z.array(z.string()),
      args: z.array(z.string()),
    }),
  ),
  findings: z.array(finding),
  differentials: z.array(
    z.object({
      symptom: z.string(),
      title: z.string(),
      candidates: z.array(z.object({ cause: z.string(), title: z.string(), share: z.number(), finding: z.string().nullable() })),
      settledBy: settle.nullable(),
    }),
  ),
  inconclusive: z.array(
    z.object({
      rule: z.string(),
      subject,
      blockedBy: z.array(z.object({ fact: z.string(), title: z.string(), reason: z.string() })),
    }),
  ),
  /** What could not be looked at: a budget hit, an unreadable file, a check that failed. */
  notes: z.array(z.object({ check: z.string(), code: z.string(), message: z.string(), path: z.string().optional() })),
  redactions: z.record(z.string(), z.number()).optional(),
  /** The whole snapshot: judging it again needs nothing else. */
  facts: snapshotSchema as z.ZodType<unknown>,
});

export type Report = z.infer<typeof report>;
export type Finding = z.infer<typeof finding>;
export type Evidence = z.infer<typeof evidence>;
export type FindingFix = z.infer<typeof fix>;
export type Severity = (typeof SEVERITIES)[number];
export type Verdict = (typeof VERDICTS)[number];
export type Weight = (typeof WEIGHTS)[number];
