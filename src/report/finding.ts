import type { LeafTrace } from '../diagnosis/evaluate';
import { evaluate } from '../diagnosis/evaluate';
import { subjectAt } from '../diagnosis/resolve';
import type { RuleFix } from '../diagnosis/rule';
import type { Suspicion } from '../diagnosis/suspicion';
import { LOG_WEIGHT, type WeighedEvidence } from '../diagnosis/weigh';
import type { Subject } from '../facts/subject';
import type { Source } from '../facts/value';
import { show } from '../formats/show';
import { formatValue } from './format-value';
import type { Evidence, Finding, FindingFix } from './schema';
import { factTitle, inLanguage, phrase, type Wording } from './words';

/** Puts one suspicion into words. */
export function wordFinding(s: Suspicion, wording: Wording): Finding {
  const { rule, scope, hit } = s;
  const say = (text: { en: string; zh: string }): string => phrase(inLanguage(text, wording.lang), scope, hit, wording);
  return {
    rule: rule.id,
    cause: rule.cause,
    subject: wordSubject(s.about),
    fingerprint: s.fingerprint,
    severity: rule.severity,
    verdict: s.verdict,
    share: Math.round(s.share * 1000) / 1000,
    title: say(rule.title),
    message: say(rule.message),
    evidence: once(s.evidence.flatMap((e) => wordEvidence(e, s, wording))),
    missing: s.missing.map((m) => ({
      fact: m.fact,
      title: factTitle(m.fact, wording),
      reason: m.reason,
      wouldMatter: m.wouldMatter,
    })),
    fixes: rule.fixes.flatMap((fix) => wordFix(fix, s, wording)),
    symptoms: [...rule.symptoms],
    explainedBy: s.explainedBy,
    references: [...rule.references],
    count: s.count,
  };
}

export function wordSubject(subject: Subject): Finding['subject'] {
  const base = { kind: subject.kind, id: show(subject.id, 1000), label: show(subject.label, 200) };
  return subject.path === undefined ? base : { ...base, path: show(subject.path, 1000) };
}

/** Facts that narrow a rule down and persuade nobody: they are evaluated, not shown. */
const BACKGROUND: ReadonlySet<string> = new Set([
  'image.index',
  'install.ui',
  'log.index',
  'log.ui',
  'lora.folder',
  'lora.leftover',
  'lora.visible',
  'prompt.index',
  'prompt.recent',
  'use.active',
  'use.found',
  'use.promptIndex',
  'use.recent',
  'use.ui',
]);

/** Leaves worth showing: those that persuade, or all when none does. */
function telling(leaves: readonly LeafTrace[]): readonly LeafTrace[] {
  const kept = leaves.filter((l) => l.hit !== undefined || !(BACKGROUND.has(l.leaf.fact) || l.leaf.test === 'known'));
  return kept.length > 0 ? kept : leaves;
}

/** The gate gives one line a leaf, log lines first; an item of its own gives one line. */
function wordEvidence(e: WeighedEvidence, s: Suspicion, wording: Wording): Evidence[] {
  const leaves = [...e.leaves].sort((a, b) => Number(b.hit !== undefined) - Number(a.hit !== undefined));
  if (e.item?.show && e.held) {
    const leaf = leaves[0];
    const text = phrase(inLanguage(e.item.show, wording.lang), s.scope, leaf?.hit ?? s.hit, wording);
    return leaf ? [{ ...wordLeaf(leaf, e, s, wording), text }] : [];
  }
  return (e.item ? leaves.slice(0, 1) : telling(leaves)).map((leaf) => wordLeaf(leaf, e, s, wording));
}

/** The same words twice are no second piece of evidence; the weightiest stays where the first stood. */
function once(evidence: readonly Evidence[]): Evidence[] {
  const kept = new Map<string, Evidence>();
  for (const e of evidence) {
    const key = `${e.direction} ${e.text}`;
    const before = kept.get(key);
    if (!before || LOG_WEIGHT[e.weight] > LOG_WEIGHT[before.weight]) kept.set(key, e);
  }
  return [...kept.values()];
}

function wordLeaf(leaf: LeafTrace, e: WeighedEvidence, s: Suspicion, wording: Wording): Evidence {
  const source = sourceOf(leaf, s);
  const value = leaf.hit ? show(leaf.hit.text) : leaf.fact.state === 'known' ? leaf.fact.value : null;
  const title = factTitle(leaf.leaf.fact, wording);
  const text = leaf.hit
    ? show(leaf.hit.text, 300)
    : `${title}: ${value === null ? '–' : formatValue(value, wording.registry.get(leaf.leaf.fact), wording.lang)}`;
  const base = { fact: leaf.leaf.fact, value, direction: e.direction, weight: e.weight, text };
  return source ? { ...base, source } : base;
}

function sourceOf(leaf: LeafTrace, s: Suspicion): Source | undefined {
  const path = leaf.subject?.path ?? subjectAt(s.scope, 'log')?.path;
  if (leaf.hit) {
    return { ...(path === undefined ? {} : { path: show(path, 1000) }), line: leaf.hit.firstLine, text: show(leaf.hit.text) };
  }
  const source = leaf.fact.state === 'na' ? undefined : leaf.fact.source;
  if (!source) return leaf.subject?.path === undefined ? undefined : { path: show(leaf.subject.path, 1000) };
  return {
    ...source,
    ...(source.path === undefined ? {} : { path: show(source.path, 1000) }),
    ...(source.text === undefined ? {} : { text: show(source.text) }),
  };
}

function wordFix(fix: RuleFix, s: Suspicion, wording: Wording): FindingFix[] {
  if (fix.when && evaluate(fix.when, s.scope).truth !== true) return [];
  const variant = fix.variants.find((v) => evaluate(v.for, s.scope).truth === true);
  const steps = (variant ?? fix).steps[wording.lang === 'en' ? 'en' : 'zh'];
  return [
    {
      id: fix.id,
      title: phrase(inLanguage(fix.title, wording.lang), s.scope, s.hit, wording),
      steps: steps.map((step) => phrase(step, s.scope, s.hit, wording)),
      safety: fix.safety,
      effort: fix.effort,
    },
  ];
}
