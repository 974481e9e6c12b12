import type { Subject, SubjectKind } from './subject';
import type { Fact, Json } from './value';

/** Facts of one subject by fact id. A fact that is missing here is unknown (`not-collected`). */
export type FactMap = { readonly [factId: string]: Fact };

/** Something that went wrong while looking, for people: file, reason, and that the rest went on. */
export interface Note {
  readonly check: string;
  readonly code: string;
  readonly path?: string;
  /** What an outside voice said: an error of the system, the output of a tool. Never a sentence of ours. */
  readonly detail?: string;
  /** The numbers of its sentence by name (`n`, `bytes`, `seconds`), worded in the reader's language. */
  readonly counts?: { readonly [name: string]: number };
}

/** How a check ended. `failed` and `timed-out` leave its facts unknown. */
export interface CheckRun {
  readonly id: string;
  readonly status: 'ok' | 'failed' | 'timed-out' | 'skipped';
  readonly ms: number;
  readonly detail?: string;
}

/** The document between looking and judging: all that a rule may know. Plain JSON; replayable on another machine. */
export interface Snapshot {
  readonly schema: 'lora-doctor/facts@1';
  readonly takenAt: string;
  readonly subjects: readonly (Subject & { readonly facts: FactMap })[];
  readonly notes: readonly Note[];
  readonly checks: readonly CheckRun[];
}

/** What one check hands in. */
export interface Gathered {
  readonly subjects: readonly Subject[];
  /** Facts for these or for subjects of checks that ran before: subject id → fact id → fact. */
  readonly facts: { readonly [subjectId: string]: FactMap };
  readonly notes: readonly Note[];
}

/** Read access to what was gathered so far, for checks that build on others, and for the diagnosis. */
export interface FactStore {
  subjects(kind: SubjectKind): readonly Subject[];
  subject(id: string): Subject | undefined;
  /** The fact, or unknown/not-collected. */
  get(subjectId: string, factId: string): Fact;
  /** The value when known, else undefined. The caller vouches for the type, which the registry has validated. */
  value<T extends Json = Json>(subjectId: string, factId: string): T | undefined;
}
