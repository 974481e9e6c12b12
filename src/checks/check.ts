import type { FactStore, Gathered } from '../facts/snapshot';
import type { Platform } from '../platform/platform';

export type Depth = 'quick' | 'normal' | 'deep';

/** What a check is given. It looks through `platform` only, stops when `signal` aborts, and never writes. */
export interface CheckContext {
  readonly platform: Platform;
  readonly signal: AbortSignal;
  readonly depth: Depth;
  /** The paths the user named (absolute), or the places where installs usually live. */
  readonly targets: readonly string[];
  /** True when the user named no path: a target that is no install is then no error. */
  readonly searching: boolean;
  /** Everything that the checks named in `needs` have found. */
  readonly facts: FactStore;
  /** For the screen: what is being looked at right now. */
  progress(message: { readonly done: number; readonly total?: number; readonly what: string }): void;
}

/**
 * Something we look at. It reports, never judges, never writes. A check that throws or runs past its limit makes the
 * facts it provides unknown; the others go on.
 */
export interface Check {
  readonly id: string;
  readonly title: { readonly en: string; readonly zh: string };
  /** Ids of checks that must have ended before. */
  readonly needs: readonly string[];
  /** Fact ids (`registry`) that this check produces; a fact outside of this list is refused. */
  readonly provides: readonly string[];
  /** The least depth at which it runs. */
  readonly depth: Depth;
  readonly timeoutMs: number;
  run(context: CheckContext): Promise<Gathered> | Gathered;
}
