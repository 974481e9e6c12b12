import type { Finding } from '../report/schema';

/** A finding that is open, and how many evaluations in a row no longer had it. */
interface Open {
  readonly finding: Finding;
  readonly quiet: number;
}

/** Findings by fingerprint. */
export type OpenFindings = ReadonlyMap<string, Open>;

export interface FindingChange {
  readonly event: 'opened' | 'updated' | 'resolved';
  readonly finding: Finding;
}

/** A finding counts as resolved when this many evaluations in a row did not have it: one that flaps is held back. */
const QUIET_TO_RESOLVE = 2;

export const noFindings: OpenFindings = new Map();

/**
 * Compares one evaluation with what is open. A new fingerprint is `opened` at once; a known one whose content differs is
 * `updated`; a missing one is `resolved` only after `QUIET_TO_RESOLVE` evaluations, and silent when it returns before.
 */
export function evaluate(open: OpenFindings, findings: readonly Finding[]): { open: OpenFindings; changes: FindingChange[] } {
  const next = new Map<string, Open>();
  const changes: FindingChange[] = [];
  for (const finding of findings) {
    const known = open.get(finding.fingerprint);
    if (!known) changes.push({ event: 'opened', finding });
    else if (JSON.stringify(known.finding) !== JSON.stringify(finding)) changes.push({ event: 'updated', finding });
    next.set(finding.fingerprint, { finding, quiet: 0 });
  }
  for (const [fingerprint, known] of open) {
    if (next.has(fingerprint)) continue;
    const quiet = known.quiet + 1;
    if (quiet >= QUIET_TO_RESOLVE) changes.push({ event: 'resolved', finding: known.finding });
    else next.set(fingerprint, { finding: known.finding, quiet });
  }
  return { open: next, changes };
}

/** True while a finding is missing but not yet resolved: one more evaluation is needed to say. */
export const hasQuiet = (open: OpenFindings): boolean => [...open.values()].some((entry) => entry.quiet > 0);
