import type { FactSpec } from '../../facts/define';
import type { CheckRun } from '../../facts/snapshot';
import { Store } from '../../facts/store';
import { evaluate } from '../evaluate';
import { type Example, exampleSubjects } from '../example';
import type { Condition, Leaf, Rule } from '../rule';
import type { Truth } from '../truth';
import { weigh } from '../weigh';
import type { CompiledRule } from './rule';
import type { RuleError } from './yaml-reader';

/** How an example came out: *validated* as expected, *noisy* fired on silent, *missing* silent on fires, *wrong* otherwise. */
export interface ExampleResult {
  readonly rule: string;
  readonly example: string;
  readonly outcome: 'validated' | 'noisy' | 'missing' | 'wrong';
  readonly got: string;
}

/** Runs a rule's examples. */
export function runExamples(compiled: CompiledRule, facts: ReadonlyMap<string, FactSpec>): ExampleResult[] {
  return compiled.examples.map((example) => {
    const truth = gateOf(compiled.rule, example, facts).truth;
    const got = truth === true ? 'fires' : truth === false ? 'silent' : 'unknown';
    const base = { rule: compiled.rule.id, example: example.name };
    if (got !== example.expect) {
      return { ...base, got, outcome: got === 'fires' ? 'noisy' : example.expect === 'fires' ? 'missing' : 'wrong' };
    }
    const verdict = example.verdict ? verdictOf(compiled.rule, example, facts) : undefined;
    return verdict === example.verdict
      ? { ...base, got, outcome: 'validated' }
      : { ...base, got: `${got}, ${verdict}`, outcome: 'wrong' };
  });
}

/**
 * Demands of a rule's examples: at least one that fires, one that is silent, one with an unknown fact; all as expected; and
 * every leaf of `when` decided by some example: a silent one that would fire if only that leaf turned round, or, for an
 * alternative of an `any`, one that fires by it alone.
 */
export function verifyRule(compiled: CompiledRule, file: string, facts: ReadonlyMap<string, FactSpec>): RuleError[] {
  if (compiled.errors.length > 0) return [...compiled.errors];
  const errors: RuleError[] = [];
  const first = compiled.examples[0];
  const at = (example: Example | undefined, message: string): void => {
    errors.push({ file, line: example?.line ?? 1, column: example?.column ?? 1, message });
  };
  for (const expect of ['fires', 'silent'] as const) {
    if (!compiled.examples.some((e) => e.expect === expect)) at(first, `no example says "expect: ${expect}"`);
  }
  if (!compiled.examples.some((e) => Object.values(e.facts).some((f) => f.state === 'unknown') || e.expect === 'unknown')) {
    at(first, 'no example has an unknown fact: what does the rule do when a fact cannot be read?');
  }
  runExamples(compiled, facts).forEach((result, i) => {
    const example = compiled.examples[i];
    if (result.outcome !== 'validated')
      at(
        example,
        `example "${result.example}" is ${result.outcome}: expected ${example?.expect}${example?.verdict ? `, ${example.verdict}` : ''}, got ${result.got}`,
      );
  });
  for (const { leaf, branch } of leavesOf(compiled.rule.when, false)) {
    const decided = compiled.examples.some((example) => {
      const plain = gateOf(compiled.rule, example, facts).truth;
      const turned = gateOf(compiled.rule, example, facts, leaf.id).truth;
      return (plain === false && turned === true) || (branch && plain === true && turned === false);
    });
    if (decided) continue;
    const wanted = branch ? 'no example fires by it alone' : 'no silent example would fire without it';
    at(first, `undecided leaf "${leaf.fact}: ${leaf.test} ${JSON.stringify(leaf.operand)}": ${wanted}`);
  }
  return errors;
}

/** The leaves of a gate; `branch`: it is an alternative of an `any`, so an example that fires by it alone decides it too. */
function leavesOf(condition: Condition, branch: boolean): { leaf: Leaf; branch: boolean }[] {
  switch (condition.is) {
    case 'leaf':
      return [{ leaf: condition, branch }];
    case 'not':
      return leavesOf(condition.of, branch);
    case 'exists':
      return leavesOf(condition.where, branch);
    default:
      return condition.of.flatMap((c) => leavesOf(c, condition.is === 'any' || (branch && condition.of.length === 1)));
  }
}

function gateOf(rule: Rule, example: Example, facts: ReadonlyMap<string, FactSpec>, flip?: number): { truth: Truth } {
  return evaluate(rule.when, scopeOf(rule, example, facts), flip);
}

function verdictOf(rule: Rule, example: Example, facts: ReadonlyMap<string, FactSpec>): string {
  const scope = scopeOf(rule, example, facts);
  return weigh(rule, scope, evaluate(rule.when, scope).trace).verdict;
}

function scopeOf(
  rule: Rule,
  example: Example,
  facts: ReadonlyMap<string, FactSpec>,
): { store: Store; subjects: ReturnType<Store['subjects']> } {
  const store = new Store(facts);
  const all = exampleSubjects(example, rule.scope);
  const run = (id: string): CheckRun => ({ id, status: 'skipped', ms: 0 });
  for (const spec of facts.values()) store.ended(run(spec.check));
  store.add('example', new Set(facts.keys()), {
    subjects: all.map((a) => a.subject),
    facts: Object.fromEntries(all.map((a) => [a.subject.id, a.facts])),
    notes: [],
  });
  const subject = store.subjects(rule.scope)[0];
  return { store, subjects: subject ? [subject] : [] };
}
