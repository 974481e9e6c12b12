import { z } from 'zod';
import type { SubjectKind } from './subject';

/** Text in the two languages that we speak. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** How far a value may travel: `path` gets its home folder folded, `personal` and `secret` become stand-ins in a redacted report. */
export type Sensitivity = 'public' | 'path' | 'personal' | 'secret';

/** Units a number may have; a rule may write `8GiB` only for a fact in bytes. */
export type Unit = 'bytes' | 'count' | 'ratio' | 'pixels' | 'seconds' | 'ms';

/** Which operators a fact takes follows from its type. */
export type FactType =
  | 'boolean'
  | 'number'
  | 'string'
  | 'enum'
  | 'version'
  | 'strings'
  | 'numbers'
  | 'signals'
  | 'record'
  | 'records';

export interface FactSpec {
  readonly id: string;
  readonly kind: SubjectKind;
  /** The check that produces it. */
  readonly check: string;
  readonly type: FactType;
  readonly schema: z.ZodType;
  readonly unit?: Unit;
  /** For `enum` (and lists of enum words). */
  readonly words?: readonly string[];
  readonly title: Bilingual;
  readonly description: Bilingual;
  readonly sensitivity: Sensitivity;
}

type Draft = Pick<FactSpec, 'type' | 'schema' | 'unit' | 'words'>;
type Words = { en: string; zh: string; about?: Bilingual; sensitivity?: Sensitivity };

export const bool = (): Draft => ({ type: 'boolean', schema: z.boolean() });
export const num = (unit: Unit = 'count'): Draft => ({ type: 'number', schema: z.number(), unit });
export const text = (): Draft => ({ type: 'string', schema: z.string() });
export const oneOf = (words: readonly string[]): Draft => ({
  type: 'enum',
  schema: z.enum(words as [string, ...string[]]),
  words,
});
/** A dotted version with any suffix (`2.1.2+cu121`, `v1.10.1-12-gabc`); compared by its numbers. */
export const version = (): Draft => ({ type: 'version', schema: z.string() });
export const texts = (words?: readonly string[]): Draft => {
  const schema = z.array(words ? z.enum(words as [string, ...string[]]) : z.string());
  return words ? { type: 'strings', schema, words } : { type: 'strings', schema };
};
export const records = (shape: Record<string, z.ZodType>): Draft => ({ type: 'records', schema: z.array(z.object(shape)) });

/**
 * Declares the facts of one subject kind that one check produces. Ids are `<kind>.<name>`.
 * `en`/`zh` is the title; `about` the description (the title again when left out).
 */
export function defineFacts(kind: SubjectKind, check: string, drafts: Record<string, readonly [Draft, Words]>): FactSpec[] {
  return Object.entries(drafts).map(([name, [draft, words]]) => ({
    id: `${kind}.${name}`,
    kind,
    check,
    ...draft,
    title: { en: words.en, zh: words.zh },
    description: words.about ?? { en: words.en, zh: words.zh },
    sensitivity: words.sensitivity ?? 'public',
  }));
}
