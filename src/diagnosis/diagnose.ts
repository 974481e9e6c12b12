import type { FactStore } from '../facts/snapshot';
import type { Subject } from '../facts/subject';
import type { Verdict } from '../report/schema';
import { type Differential, differentials } from './differential';
import { evaluate, type LeafTrace, truthOf } from './evaluate';
import { explainAway } from './explain-away';
import { fingerprintOf } from './fingerprint';
import { type Scope, subjectAt } from './resolve';
import type { Rule, RuleBase } from './rule';
import type { Open, Suspicion } from './suspicion';
import { missingOf, shareAlone, unique, weigh } from './weigh';

export interface Diagnosis {
  /** Ranked: the first is what we would tell first; explained ones stand last. */
  readonly findings: readonly Suspicion[];
  readonly inconclusive: readonly Open[];
  readonly differentials: readonly Differential[];
}

/** Runs every rule over every subject of its scope and ranks what comes out. Pure: the same facts give the same answer anywhere. */
export function diagnose(store: FactStore, base: RuleBase): Diagnosis {
  const fired = new Map<string, Suspicion>();
  const open = new Map<string, Open>();
  for (const rule of base.rules) {
    for (const subject of store.subjects(rule.scope)) {
      const scope: Scope = { store, subjects: [subject] };
      if (truthOf(rule.when, scope) === false) continue;
      const { truth, trace } = evaluate(rule.when, scope);
      if (truth === true) addFired(fired, rule, scope, subject, trace);
      else if (truth === 'unknown') addOpen(open, rule, subject, trace);
    }
  }
  const worthTelling = withoutFallbacks([...fired.values()].filter((s) => s.verdict !== 'unlikely'));
  const findings = explainAway(collapse(worthTelling.sort(byRank)));
  const undecided = [...open.values()];
  const told = new Map(findings.map((s) => [s.fingerprint, s]));
  const suspects = [...fired.values()].map((s) => told.get(s.fingerprint) ?? s);
  return { findings, inconclusive: undecided, differentials: differentials(suspects, undecided, store, base) };
}

function addFired(fired: Map<string, Suspicion>, rule: Rule, scope: Scope, subject: Subject, trace: readonly LeafTrace[]): void {
  const weighed = weigh(rule, scope, trace);
  if (weighed.verdict === 'ruled-out') return;
  const about = (rule.about && subjectAt(scope, rule.about)) ?? subject;
  const fingerprint = fingerprintOf(rule, scope, about);
  const hit = trace.find((t) => t.truth === true && t.hit)?.hit;
  const suspicion: Suspicion = {
    rule,
    scope,
    about,
    fingerprint,
    verdict: weighed.verdict,
    score: weighed.score,
    share: shareAlone(weighed.score),
    evidence: weighed.evidence,
    missing: weighed.missing,
    count: 1,
    explainedBy: null,
    ...(hit ? { hit } : {}),
  };
  const before = fired.get(fingerprint);
  if (!before) fired.set(fingerprint, suspicion);
  else fired.set(fingerprint, { ...(before.score >= suspicion.score ? before : suspicion), count: before.count + 1 });
}

function addOpen(open: Map<string, Open>, rule: Rule, about: Subject, trace: readonly LeafTrace[]): void {
  const key = `${rule.id}|${blockersOf(trace)}`;
  const before = open.get(key);
  if (before) open.set(key, { ...before, count: before.count + 1 });
  else open.set(key, { rule, about, blockedBy: unique(missingOf(trace, true)), count: 1 });
}

/** Which facts are unknown, and why: subjects with the same ones are told together. One word list, as thousands may be alike. */
function blockersOf(trace: readonly LeafTrace[]): string {
  let out = '';
  const seen = new Set<string>();
  for (const { truth, leaf, fact } of trace) {
    if (truth !== 'unknown') continue;
    const word = `${leaf.fact}:${fact.state === 'unknown' ? fact.reason : 'not-stated'},`;
    if (!seen.has(word)) out += word;
    seen.add(word);
  }
  return out;
}

const VERDICT_RANK: Readonly<Record<Verdict, number>> = { confirmed: 0, likely: 1, possible: 2, unlikely: 3 };
const SEVERITY_RANK = { error: 0, warning: 1, info: 2 } as const;

function byRank(a: Suspicion, b: Suspicion): number {
  return (
    VERDICT_RANK[a.verdict] - VERDICT_RANK[b.verdict] ||
    SEVERITY_RANK[a.rule.severity] - SEVERITY_RANK[b.rule.severity] ||
    b.score - a.score ||
    (a.rule.id < b.rule.id ? -1 : 1)
  );
}

/** A last resort is told only where nothing else is the matter with its subject. */
function withoutFallbacks(fired: readonly Suspicion[]): Suspicion[] {
  const subjectOf = ({ scope }: Suspicion): string | undefined => scope.subjects[0]?.id;
  const settled = new Set(fired.filter(({ rule }) => !rule.fallback && rule.severity !== 'info').map(subjectOf));
  return fired.filter((s) => !s.rule.fallback || !settled.has(subjectOf(s)));
}

/** Findings of one rule that are told one by one; what goes beyond is counted on the first. */
const TOLD_PER_RULE = 25;

/** A folder of 20,000 empty files is one message, not 20,000. Keeps the order. */
function collapse(ranked: readonly Suspicion[]): Suspicion[] {
  const kept = new Map<string, Suspicion[]>();
  const beyond = new Map<string, number>();
  for (const s of ranked) {
    const same = kept.get(s.rule.id) ?? [];
    kept.set(s.rule.id, same);
    if (same.length < TOLD_PER_RULE) same.push(s);
    else beyond.set(s.rule.id, (beyond.get(s.rule.id) ?? 0) + s.count);
  }
  const first = new Map([...beyond].map(([id, count]) => [kept.get(id)?.[0], count]));
  const told = new Set([...kept.values()].flat());
  return ranked.filter((s) => told.has(s)).map((s) => ({ ...s, count: s.count + (first.get(s) ?? 0) }));
}
