import type { SignalHit } from '../facts/signal';
import type { Subject } from '../facts/subject';
import type { Fact, Json } from '../facts/value';
import { compare, findHit } from './compare';
import { factAt, installOf, type Scope } from './resolve';
import type { Condition, Leaf } from './rule';
import { all, any, not, type Truth } from './truth';

/** What became of one leaf: the value it saw, and the log line that a `saw` found. */
export interface LeafTrace {
  readonly leaf: Leaf;
  readonly truth: Truth;
  readonly fact: Fact;
  readonly subject?: Subject;
  readonly hit?: SignalHit;
}

export interface Evaluation {
  readonly truth: Truth;
  /** Every leaf that was looked at, in order. */
  readonly trace: readonly LeafTrace[];
}

/** Evaluates a condition for one scope. `flip` inverts one leaf, to ask whether it decides anything. */
export function evaluate(condition: Condition, scope: Scope, flip?: number): Evaluation {
  const trace: LeafTrace[] = [];
  const truth = walk(condition, scope, trace, flip);
  return { truth, trace };
}

function walk(condition: Condition, scope: Scope, trace: LeafTrace[], flip: number | undefined): Truth {
  switch (condition.is) {
    case 'all':
      return all(condition.of.map((c) => walk(c, scope, trace, flip)));
    case 'any':
      return any(condition.of.map((c) => walk(c, scope, trace, flip)));
    case 'not':
      return not(walk(condition.of, scope, trace, flip));
    case 'exists':
      return exists(condition, scope, trace, flip);
    default: {
      const seen = leaf(condition, scope);
      trace.push(seen);
      return condition.id === flip ? not(seen.truth === 'unknown' ? false : seen.truth) : seen.truth;
    }
  }
}

/** The truth alone, without a trace: stops as soon as it is decided. Most rules do not hold for most files. */
export function truthOf(condition: Condition, scope: Scope): Truth {
  switch (condition.is) {
    case 'all':
      return joined(condition.of, scope, false);
    case 'any':
      return joined(condition.of, scope, true);
    case 'not':
      return not(truthOf(condition.of, scope));
    case 'exists':
      return exists(condition, scope, [], undefined);
    default:
      return judge(condition, factAt(scope, condition.fact).fact, scope);
  }
}

/** `all` (decided by a false part) or `any` (decided by a true one). */
function joined(of: readonly Condition[], scope: Scope, decides: boolean): Truth {
  let open = false;
  for (const part of of) {
    const truth = truthOf(part, scope);
    if (truth === decides) return decides;
    if (truth === 'unknown') open = true;
  }
  return open ? 'unknown' : !decides;
}

function exists(
  condition: Extract<Condition, { is: 'exists' }>,
  scope: Scope,
  trace: LeafTrace[],
  flip: number | undefined,
): Truth {
  const install = installOf(scope);
  const candidates = scope.store
    .subjects(condition.kind)
    .filter((s) => install === undefined || s.links?.install === undefined || s.links.install === install);
  let sure = 0;
  let maybe = 0;
  for (const subject of candidates) {
    const inner: LeafTrace[] = [];
    const truth = walk(condition.where, { ...scope, subjects: [...scope.subjects, subject] }, inner, flip);
    if (truth === true && sure < 3) trace.push(...inner);
    if (truth === true) sure++;
    if (truth === 'unknown') maybe++;
  }
  const truth: Truth = sure >= condition.min ? true : sure + maybe >= condition.min ? 'unknown' : false;
  return condition.negate ? not(truth) : truth;
}

function leaf(condition: Leaf, scope: Scope): LeafTrace {
  const { fact, subject } = factAt(scope, condition.fact);
  const truth = judge(condition, fact, scope);
  const base = subject ? { leaf: condition, truth, fact, subject } : { leaf: condition, truth, fact };
  const hit =
    condition.test === 'saw' && truth === true && fact.state === 'known' ? findHit(fact.value, condition.operand) : null;
  return hit ? { ...base, hit } : base;
}

/** A fact that is not applicable makes every test false; one that is unknown makes it unknown (`known` itself is never unknown). */
function judge(condition: Leaf, fact: Fact, scope: Scope): Truth {
  if (condition.test === 'known') return (fact.state === 'known') === condition.operand;
  if (fact.state === 'na') return false;
  if (fact.state === 'unknown') return 'unknown';
  const operand = operandValue(condition, scope);
  if (operand === 'unknown') return 'unknown';
  if (operand === 'na') return false;
  return compare(condition.test, fact.value, operand.value);
}

function operandValue(condition: Leaf, scope: Scope): { value: Json } | 'unknown' | 'na' {
  const operand = condition.operand;
  if (
    operand !== null &&
    typeof operand === 'object' &&
    !Array.isArray(operand) &&
    'fact' in operand &&
    condition.test !== 'saw'
  ) {
    const { fact } = factAt(scope, String((operand as { fact: string }).fact));
    return fact.state === 'known' ? { value: fact.value } : fact.state;
  }
  return { value: operand as Json };
}
