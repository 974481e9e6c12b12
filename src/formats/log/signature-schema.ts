import { z } from 'zod';
import { UIS } from '../../facts/families';

const kebab = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be kebab-case');
const anchor = z.string().regex(/^[ -~]{4,}$/, 'must be at least four printable ASCII characters');

/**
 * One wording of one signal. `anchor` (or one of `anchors`) is a literal that must be in the line: all are looked for in one
 * pass, and only then the pattern (RE2 syntax, named groups become captures) is tried, unanchored unless it says `^`.
 */
const signatureSchema = z
  .strictObject({
    id: kebab,
    /** The meaning. `session-…` fills in what is known of the session, `noise-…` is harmless; rules ask for the rest. */
    signal: kebab,
    /** Programs it can appear in; absent: any. One alone also tells which program wrote the log. */
    ui: z.array(z.enum(UIS)).min(1).optional(),
    anchor: anchor.optional(),
    anchors: z.array(anchor).min(1).optional(),
    pattern: z.string().min(4),
    /** May come thousands of times with other keys: hits are grouped by what is derived from the key, not by the key. */
    flood: z.boolean().optional(),
    /** `info`: a step of normal work, not a failure. */
    kind: z.enum(['failure', 'info']).optional(),
    says: z.string().min(10),
    samples: z.strictObject({
      match: z.array(z.strictObject({ line: z.string(), captures: z.record(z.string(), z.string()).optional() })).min(3),
      miss: z.array(z.string()).min(3),
    }),
  })
  .refine(
    (signature) => (signature.anchor === undefined) !== (signature.anchors === undefined),
    'needs anchor or anchors, not both',
  );

export const signatureFileSchema = z.strictObject({ schema: z.literal(1), signatures: z.array(signatureSchema).min(1) });

export type SignatureFile = z.infer<typeof signatureFileSchema>;
export type Signature = z.infer<typeof signatureSchema>;
