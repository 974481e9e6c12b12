import type { Verdict, Weight } from '../report/schema';
import { evaluate, type LeafTrace } from './evaluate';
import type { Scope } from './resolve';
import type { EvidenceEffect, EvidenceItem, Rule } from './rule';

/** Log weight of one item: a decisive one makes a cause a hundred times likelier. */
export const LOG_WEIGHT: Readonly<Record<Weight, number>> = {
  decisive: Math.log(100),
  strong: Math.log(10),
  moderate: Math.log(3),
  weak: Math.log(1.5),
};

export const PRIOR: Readonly<Record<Rule['prior'], number>> = { common: 0.3, occasional: 0.1, rare: 0.02 };

/** Prior of *something else*: a cause that no rule of ours knows. */
export const SOMETHING_ELSE = 0.1;

export interface WeighedEvidence extends EvidenceEffect {
  /** The rule's item, or null for the gate itself. */
  readonly item: EvidenceItem | null;
  /** False: the item's `else`; its words speak of the other case then. */
  readonly held: boolean;
  readonly leaves: readonly LeafTrace[];
}

export interface Missing {
  readonly fact: string;
  readonly subjectId: string | null;
  readonly reason: string;
  readonly detail?: string;
  readonly wouldMatter: boolean;
}

export interface Weighed {
  /** ln prior + Σ log weights. */
  readonly score: number;
  /** Known weight ÷ possible weight: how much of what could be known is. */
  readonly coverage: number;
  readonly evidence: readonly WeighedEvidence[];
  readonly missing: readonly Missing[];
  readonly verdict: Verdict | 'ruled-out';
}

/** Weighs a rule whose gate holds: adds up what speaks for and against it. */
export function weigh(rule: Rule, scope: Scope, gateTrace: readonly LeafTrace[]): Weighed {
  const gate: WeighedEvidence = {
    item: null,
    held: true,
    direction: 'for',
    weight: rule.gate,
    leaves: gateTrace.filter((t) => t.truth === true),
  };
  const counted = new Map<string, WeighedEvidence>();
  const missing: Missing[] = [];
  const possible = new Map<string, number>();
  const knownWeight = new Map<string, number>();
  const raise = (sums: Map<string, number>, group: string, weight: number): void => {
    sums.set(group, Math.max(sums.get(group) ?? 0, weight));
  };
  rule.evidence.forEach((item, index) => {
    const { truth, trace } = evaluate(item.if, scope);
    const group = item.group ?? `#${index}`;
    raise(possible, group, LOG_WEIGHT[item.then.weight]);
    if (truth === 'unknown') {
      missing.push(...missingOf(trace, item.then.weight === 'decisive' || item.then.weight === 'strong'));
      return;
    }
    raise(knownWeight, group, LOG_WEIGHT[item.then.weight]);
    const effect = truth ? item.then : item.else;
    if (!effect) return;
    const before = counted.get(group);
    if (!before || LOG_WEIGHT[effect.weight] > LOG_WEIGHT[before.weight])
      counted.set(group, { item, held: truth, ...effect, leaves: trace });
  });
  const evidence = [gate, ...counted.values()];
  const score = Math.log(PRIOR[rule.prior]) + evidence.reduce((sum, e) => sum + signed(e), 0);
  const total = (sums: ReadonlyMap<string, number>): number => [...sums.values()].reduce((a, b) => a + b, LOG_WEIGHT[rule.gate]);
  const coverage = total(knownWeight) / total(possible);
  return { score, coverage, evidence, missing: unique(missing), verdict: verdictOf(evidence, score, coverage) };
}

function signed(e: EvidenceEffect): number {
  return e.direction === 'for' ? LOG_WEIGHT[e.weight] : -LOG_WEIGHT[e.weight];
}

/** Share of a cause against *something else* alone. */
export function shareAlone(score: number): number {
  return Math.exp(score) / (Math.exp(score) + SOMETHING_ELSE);
}

/**
 * Words instead of percentages. Confirmed needs a decisive item and nothing strong against it; likely needs at least a
 * moderate one and half of what could be known; a guess built on priors stays possible however high its share.
 */
function verdictOf(evidence: readonly WeighedEvidence[], score: number, coverage: number): Weighed['verdict'] {
  const strongest = (direction: 'for' | 'against'): number =>
    Math.max(0, ...evidence.filter((e) => e.direction === direction).map((e) => LOG_WEIGHT[e.weight]));
  const against = strongest('against');
  if (against >= LOG_WEIGHT.decisive) return 'ruled-out';
  if (strongest('for') >= LOG_WEIGHT.decisive && against < LOG_WEIGHT.strong) return 'confirmed';
  const share = shareAlone(score);
  if (share < 0.1) return 'unlikely';
  return share >= 0.6 && coverage >= 0.5 && strongest('for') >= LOG_WEIGHT.moderate ? 'likely' : 'possible';
}

/** The facts that left a condition open. */
export function missingOf(trace: readonly LeafTrace[], wouldMatter: boolean): Missing[] {
  return trace
    .filter((t) => t.truth === 'unknown')
    .map((t) => {
      const base = { fact: t.leaf.fact, subjectId: t.subject?.id ?? null, wouldMatter };
      if (t.fact.state !== 'unknown') return { ...base, reason: 'not-stated' };
      return t.fact.detail === undefined
        ? { ...base, reason: t.fact.reason }
        : { ...base, reason: t.fact.reason, detail: t.fact.detail };
    });
}

export function unique(missing: readonly Missing[]): Missing[] {
  const seen = new Map<string, Missing>();
  for (const m of missing) {
    const key = `${m.fact}|${m.subjectId}`;
    const before = seen.get(key);
    if (!before || (m.wouldMatter && !before.wouldMatter)) seen.set(key, m);
  }
  return [...seen.values()];
}
