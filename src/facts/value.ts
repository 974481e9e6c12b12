/** A value that survives JSON: what facts, captures and report fields are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a fact was read. `line` is 1-based and counted by `\n`; `byte` is an offset from the start of the file. */
export interface Source {
  readonly path?: string;
  readonly line?: number;
  readonly byte?: number;
  /** The quoted piece of the source itself (never translated). */
  readonly text?: string;
}

/** Why a fact is not known. A closed list, because the report explains each of them. */
export const UNKNOWN_REASONS = [
  'not-collected', // not looked at in this run (depth, command, `--only`)
  'unreadable', // permission, vanished, broken
  'too-large', // a budget was hit
  'timed-out',
  'check-failed',
  'unsupported', // this platform or version cannot tell
  'ambiguous', // the evidence allows several values
  'not-stated', // the source is silent about it
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

/**
 * What we know of one thing. Never a bare value: a log that could not be read is `unknown`, not empty, and a fact that
 * makes no sense for a subject is `na`.
 */
export type Fact<T extends Json = Json> =
  | { readonly state: 'known'; readonly value: T; readonly source?: Source }
  | { readonly state: 'unknown'; readonly reason: UnknownReason; readonly detail?: string; readonly source?: Source }
  | { readonly state: 'na' };

export const known = <T extends Json>(value: T, source?: Source): Fact<T> =>
  source ? { state: 'known', value, source } : { state: 'known', value };

export const unknown = (reason: UnknownReason, detail?: string): Fact<never> =>
  detail === undefined ? { state: 'unknown', reason } : { state: 'unknown', reason, detail };

export const na: Fact<never> = { state: 'na' };
