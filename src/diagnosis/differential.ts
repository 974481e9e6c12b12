import type { FactStore } from '../facts/snapshot';
import { costOf } from './cost';
import type { RuleBase } from './rule';
import type { Open, Suspicion } from './suspicion';
import { LOG_WEIGHT, type Missing, PRIOR, SOMETHING_ELSE } from './weigh';

export interface Differential {
  readonly symptom: string;
  /** By share; `something-else` is always among them. Shares sum to 1. */
  readonly candidates: readonly { readonly cause: string; readonly share: number; readonly finding: string | null }[];
  /** The unknown fact that would move the order most for its cost. */
  readonly settledBy: Missing | null;
}

/**
 * For each symptom that someone reported or several causes would explain: the causes in order, and what would settle it.
 * A root stands for what it explains, with the symptoms of that.
 */
export function differentials(
  fired: readonly Suspicion[],
  open: readonly Open[],
  store: FactStore,
  base: RuleBase,
): Differential[] {
  const said = new Set(
    store.subjects('machine').flatMap((s) => (store.value<readonly string[]>(s.id, 'machine.symptoms') ?? []) as string[]),
  );
  const symptomsOf = symptomsOfRoots(fired);
  const roots = fired.filter((s) => s.explainedBy === null);
  const result: Differential[] = [];
  for (const symptom of Object.keys(base.symptoms)) {
    const candidates = roots.filter((s) => symptomsOf.get(s.fingerprint)?.has(symptom));
    const causes = new Set(candidates.map((s) => s.rule.cause));
    if (!said.has(symptom) && causes.size < 2) continue;
    result.push(
      differential(
        symptom,
        candidates,
        open.filter((o) => o.rule.symptoms.includes(symptom)),
      ),
    );
  }
  return result;
}

/** By fingerprint of a root: its own symptoms and those of all that it explains. */
function symptomsOfRoots(fired: readonly Suspicion[]): Map<string, Set<string>> {
  const by = new Map(fired.map((s) => [s.fingerprint, s]));
  const rootOf = (s: Suspicion): Suspicion => {
    const above = s.explainedBy === null ? undefined : by.get(s.explainedBy);
    return above ? rootOf(above) : s;
  };
  const result = new Map<string, Set<string>>();
  for (const s of fired) {
    const root = rootOf(s).fingerprint;
    result.set(root, new Set([...(result.get(root) ?? []), ...s.rule.symptoms]));
  }
  return result;
}

function differential(symptom: string, fired: readonly Suspicion[], open: readonly Open[]): Differential {
  const best = new Map<string, { weight: number; finding: string | null }>();
  const offer = (cause: string, weight: number, finding: string | null): void => {
    if (weight > (best.get(cause)?.weight ?? 0)) best.set(cause, { weight, finding });
  };
  for (const s of fired) offer(s.rule.cause, Math.exp(s.score), s.fingerprint);
  for (const o of open) offer(o.rule.cause, PRIOR[o.rule.prior], null);
  offer('something-else', SOMETHING_ELSE, null);
  const total = [...best.values()].reduce((sum, c) => sum + c.weight, 0);
  const candidates = [...best]
    .map(([cause, c]) => ({ cause, share: c.weight / total, finding: c.finding }))
    .sort((a, b) => b.share - a.share);
  return { symptom, candidates, settledBy: mostTelling(fired, open) };
}

/** The missing fact with the greatest weight behind it: what a rule would gain by knowing it, for what it costs. */
function mostTelling(fired: readonly Suspicion[], open: readonly Open[]): Missing | null {
  const gain = new Map<string, { missing: Missing; weight: number }>();
  const count = (m: Missing, weight: number): void => {
    const before = gain.get(m.fact);
    gain.set(m.fact, { missing: m, weight: (before?.weight ?? 0) + weight });
  };
  for (const s of fired) for (const m of s.missing) count(m, s.share * (m.wouldMatter ? LOG_WEIGHT.strong : LOG_WEIGHT.weak));
  for (const o of open) for (const m of o.blockedBy) count(m, PRIOR[o.rule.prior] * LOG_WEIGHT[o.rule.gate]);
  const worth = (g: { missing: Missing; weight: number }): number => g.weight / costOf(g.missing.fact);
  const ranked = [...gain.values()].sort((a, b) => worth(b) - worth(a));
  return ranked[0]?.missing ?? null;
}
