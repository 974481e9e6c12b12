import type { SignalHit } from '../facts/signal';
import type { Subject } from '../facts/subject';
import type { Verdict } from '../report/schema';
import type { Scope } from './resolve';
import type { Rule } from './rule';
import type { Missing, WeighedEvidence } from './weigh';

/** A rule that fired, before it is put into words. */
export interface Suspicion {
  readonly rule: Rule;
  readonly scope: Scope;
  /** Whom the finding is about. */
  readonly about: Subject;
  readonly fingerprint: string;
  readonly verdict: Verdict;
  readonly score: number;
  readonly share: number;
  readonly evidence: readonly WeighedEvidence[];
  readonly missing: readonly Missing[];
  /** The log line that opened the gate, for `{hit.…}` in texts. */
  readonly hit?: SignalHit;
  /** How many subjects it stands for. */
  readonly count: number;
  readonly explainedBy: string | null;
}

/** A rule that could not be decided. */
export interface Open {
  readonly rule: Rule;
  readonly about: Subject;
  readonly blockedBy: readonly Missing[];
  readonly count: number;
}
