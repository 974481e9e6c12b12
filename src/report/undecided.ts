import type { Snapshot } from '../facts/snapshot';
import { clean } from './lines';
import type { Report } from './schema';

/** Rules that wait for the same thing. */
export interface Blocked {
  readonly fact: string;
  readonly reason: string;
  /** Ids of the rules, sorted, each once. */
  readonly rules: readonly string[];
}

/** What could not be decided, by what blocked it: the reason that blocks most rules first. */
export function blockedGroups(report: Report): Blocked[] {
  const groups = new Map<string, { fact: string; reason: string; rules: Set<string> }>();
  for (const entry of report.inconclusive) {
    for (const { title, reason } of entry.blockedBy) {
      const key = JSON.stringify([title, reason]);
      const group = groups.get(key) ?? { fact: clean(title), reason, rules: new Set<string>() };
      group.rules.add(entry.rule);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .map(({ fact, reason, rules }) => ({ fact, reason, rules: [...rules].sort() }))
    .sort((a, b) => b.rules.length - a.rules.length || (a.fact < b.fact ? -1 : 1));
}

/**
 * There was nothing to judge: no WebUI and no file, log, prompt or training, only this computer. A report on a log or a prompt
 * alone needs no WebUI.
 */
export function foundNothing(report: Report): boolean {
  if (report.installs.length > 0 || report.findings.length > 0 || report.summary.files > 0) return false;
  const subjects = (report.facts as Partial<Snapshot> | null)?.subjects ?? [];
  return subjects.every(({ kind }) => kind === 'machine' || kind === 'gpu');
}

/** How many different rules could not decide. */
export const undecidedRules = (report: Report): number => new Set(report.inconclusive.map((entry) => entry.rule)).size;
