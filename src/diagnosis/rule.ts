import type { Bilingual, FactType } from '../facts/define';
import type { SubjectKind } from '../facts/subject';
import type { Json } from '../facts/value';
import type { Severity, Weight } from '../report/schema';

/** A rule as it is evaluated: what `compile` makes of one YAML file. Plain JSON, shipped in one document. */

export type Operand = Json | { readonly fact: string };

export const COMPARISONS = [
  'eq',
  'ne',
  'in',
  'nin',
  'lt',
  'le',
  'gt',
  'ge',
  'matches',
  'startsWith',
  'endsWith',
  'contains',
  'includes',
  'excludes',
  'overlaps',
  'disjoint',
  'empty',
  'known',
  'saw',
  'satisfies',
  'some',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type Condition =
  | { readonly is: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  /** Over the subjects of a kind in the same install: some / none / at least `min` of them. */
  | {
      readonly is: 'exists';
      readonly kind: SubjectKind;
      readonly where: Condition;
      readonly min: number;
      readonly negate: boolean;
    }
  | Leaf;

export interface Leaf {
  readonly is: 'leaf';
  /** Number of the leaf within its rule: names it in traces and in leaf coverage. */
  readonly id: number;
  readonly fact: string;
  readonly type: FactType;
  readonly test: Comparison;
  readonly operand: Operand;
}

export interface EvidenceItem {
  readonly if: Condition;
  readonly then: EvidenceEffect;
  /** Effect when the condition is false; none by default. */
  readonly else?: EvidenceEffect;
  /** Correlated items: only the strongest of a group counts. */
  readonly group?: string;
  /** Sentence for people; the leaves' own words when left out. */
  readonly show?: Bilingual;
}
export interface EvidenceEffect {
  readonly direction: 'for' | 'against';
  readonly weight: Weight;
}

export interface StepsVariant {
  readonly for: Condition;
  readonly steps: { readonly en: readonly string[]; readonly zh: readonly string[] };
}
export interface RuleFix {
  readonly id: string;
  readonly title: Bilingual;
  readonly safety: 'auto' | 'confirm' | 'manual';
  readonly effort: 'low' | 'medium' | 'high';
  readonly steps: { readonly en: readonly string[]; readonly zh: readonly string[] };
  readonly variants: readonly StepsVariant[];
  /** Shown only where this holds. */
  readonly when?: Condition;
}

export interface Rule {
  readonly id: string;
  readonly cause: string;
  readonly scope: SubjectKind;
  /** The finding is about this linked subject instead of the scope's. */
  readonly about?: SubjectKind;
  readonly severity: Severity;
  readonly prior: 'common' | 'occasional' | 'rare';
  /** How much the gate itself proves. */
  readonly gate: Weight;
  /** Told only where nothing worse than a note is told of the same subject: the last resort before silence. */
  readonly fallback: boolean;
  readonly symptoms: readonly string[];
  readonly title: Bilingual;
  readonly message: Bilingual;
  readonly when: Condition;
  readonly evidence: readonly EvidenceItem[];
  readonly fixes: readonly RuleFix[];
  /** Causes whose findings in the same install are consequences of this one. */
  readonly explains: readonly string[];
  /** Facts whose values tell one finding of this rule from another; subjects with equal values are one finding. */
  readonly identity: readonly string[];
  readonly references: readonly string[];
  /** Facts the rule reads, for `explain`, for watch and for "which check is needed". */
  readonly reads: readonly string[];
  readonly source: 'built-in' | 'user';
}

export interface CauseWords {
  readonly area: string;
  readonly title: Bilingual;
  readonly about: Bilingual;
}
export interface SymptomWords {
  readonly title: Bilingual;
}

/** All that is shipped as data: rules, words, log signatures, presets. `hash` names this very content in reports. */
export interface RuleBase {
  readonly hash: string;
  readonly rules: readonly Rule[];
  readonly causes: { readonly [id: string]: CauseWords };
  readonly symptoms: { readonly [id: string]: SymptomWords };
}
