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

/** What a field of a record holds: text, a number, one of some words, or texts by name. No schema library: this is loaded at every start. */
export type Field = 'text' | 'number' | 'texts by name' | readonly string[];
export type Fields = { readonly [name: string]: Field };

export type CodeList = 'container' | 'container-fault' | 'weights-verdict';

export interface FactSpec {
  readonly id: string;
  readonly kind: SubjectKind;
  /** The check that produces it. */
  readonly check: string;
  readonly type: FactType;
  /** For `record`, `records` and `signals`: what each must hold. */
  readonly fields?: Fields;
  readonly unit?: Unit;
  /** For `enum` (and lists of enum words). */
  readonly words?: readonly string[];
  /** The list of codes a text is from; people see what the code means. */
  readonly coded?: CodeList;
  readonly title: Bilingual;
  readonly description: Bilingual;
  readonly sensitivity: Sensitivity;
}

type Draft = Pick<FactSpec, 'type' | 'fields' | 'unit' | 'words' | 'coded'>;
type Words = { en: string; zh: string; about?: Bilingual; sensitivity?: Sensitivity };

export const bool = (): Draft => ({ type: 'boolean' });
export const num = (unit: Unit = 'count'): Draft => ({ type: 'number', unit });
export const text = (): Draft => ({ type: 'string' });
export const code = (coded: CodeList): Draft => ({ type: 'string', coded });
export const oneOf = (words: readonly string[]): Draft => ({ type: 'enum', words });
/** A dotted version with any suffix (`2.1.2+cu121`, `v1.10.1-12-gabc`); compared by its numbers. */
export const version = (): Draft => ({ type: 'version' });
export const texts = (words?: readonly string[]): Draft => (words ? { type: 'strings', words } : { type: 'strings' });
export const records = (fields: Fields): Draft => ({ type: 'records', fields });
export const signalHits = (fields: Fields): Draft => ({ type: 'signals', fields });

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
