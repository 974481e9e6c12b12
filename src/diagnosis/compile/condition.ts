import type { Node } from 'yaml';
import type { FactSpec } from '../../facts/define';
import { SUBJECT_KINDS, type SubjectKind } from '../../facts/subject';
import type { Json } from '../../facts/value';
import type { Comparison, Condition, Operand } from '../rule';
import { defaultTest, OPERATORS } from './operators';
import { quantity } from './quantity';
import { suggest } from './suggest';
import type { YamlFile } from './yaml-reader';

/** What a compiler knows of the world: facts, and signals with the names that their captures may have. */
export interface Vocabulary {
  readonly facts: ReadonlyMap<string, FactSpec>;
  readonly signals: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Collects what a rule reads while its conditions are compiled. */
export class Reading {
  readonly facts = new Set<string>();
  readonly captures = new Set<string>();
  #next = 0;
  leafId(): number {
    return this.#next++;
  }
}

const GROUPS = ['all', 'any', 'not', 'exists', 'none'];
const EMPTY: Condition = { is: 'all', of: [] };

/** YAML → condition tree. Every mistake becomes an error with its place; the tree is then not used. */
export function compileCondition(
  yaml: YamlFile,
  node: Node | null | undefined,
  vocabulary: Vocabulary,
  reading: Reading,
): Condition {
  const pair = yaml.onlyKey(node);
  if (!pair) {
    yaml.at(node, 'a condition is a mapping with exactly one key: all, any, not, exists, none or a fact');
    return EMPTY;
  }
  switch (pair.key) {
    case 'all':
    case 'any': {
      const of = yaml.list(pair.value, pair.key).map((n) => compileCondition(yaml, n, vocabulary, reading));
      if (of.length === 0) yaml.at(pair.value, `"${pair.key}" is empty`);
      return { is: pair.key, of };
    }
    case 'not':
      return { is: 'not', of: compileCondition(yaml, pair.value, vocabulary, reading) };
    case 'exists':
    case 'none':
      return compileExists(yaml, pair.key, pair.value, vocabulary, reading);
    default:
      return compileLeaf(yaml, pair, vocabulary, reading);
  }
}

function compileExists(yaml: YamlFile, word: 'exists' | 'none', node: Node, vocabulary: Vocabulary, reading: Reading): Condition {
  const map = yaml.map(node, word, ['of', 'where', 'min'], ['of', 'where']);
  const kind = yaml.word<SubjectKind>(map.get('of'), `${word}.of`, SUBJECT_KINDS);
  const min = map.has('min') ? Number(yaml.json(map.get('min'))) : 1;
  if (!Number.isInteger(min) || min < 1) yaml.at(map.get('min'), '"min" must be a whole number from 1');
  return {
    is: 'exists',
    kind,
    where: compileCondition(yaml, map.get('where'), vocabulary, reading),
    min,
    negate: word === 'none',
  };
}

function compileLeaf(
  yaml: YamlFile,
  pair: { key: string; keyNode: Node; value: Node },
  vocabulary: Vocabulary,
  reading: Reading,
): Condition {
  const spec = vocabulary.facts.get(pair.key);
  if (!spec) {
    const near = suggest(pair.key, [...vocabulary.facts.keys(), ...GROUPS]);
    yaml.at(pair.keyNode, `there is no fact "${pair.key}"${near ? `; did you mean "${near}"?` : ''}`);
    return EMPTY;
  }
  reading.facts.add(spec.id);
  const { test, operandNode } = testOf(yaml, spec, pair.value);
  const operand = compileOperand(yaml, spec, test, operandNode, vocabulary, reading);
  return { is: 'leaf', id: reading.leafId(), fact: spec.id, type: spec.type, test, operand };
}

function testOf(yaml: YamlFile, spec: FactSpec, value: Node): { test: Comparison; operandNode: Node } {
  const only = yaml.onlyKey(value);
  const allowed: readonly string[] = [...OPERATORS[spec.type], 'known'];
  if (only && allowed.includes(only.key)) return { test: only.key as Comparison, operandNode: only.value };
  const record = spec.type === 'record' || spec.type === 'records' || spec.type === 'signals';
  if (only && only.key !== 'fact' && !record) {
    const near = suggest(only.key, allowed);
    yaml.at(
      only.keyNode,
      `"${only.key}" is no test for ${spec.id} (${spec.type})${near ? `; did you mean "${near}"?` : `; it takes ${allowed.join(', ')}`}`,
    );
    return { test: 'known', operandNode: value };
  }
  return { test: defaultTest(spec.type), operandNode: value };
}

function compileOperand(
  yaml: YamlFile,
  spec: FactSpec,
  test: Comparison,
  node: Node,
  vocabulary: Vocabulary,
  reading: Reading,
): Operand {
  if (test === 'known' || test === 'empty') {
    const value = yaml.json(node);
    if (typeof value !== 'boolean') yaml.at(node, `"${test}" takes true or false`);
    return value;
  }
  if (test === 'saw') return compileSaw(yaml, node, vocabulary, reading);
  const only = yaml.onlyKey(node);
  if (only?.key === 'fact') return factOperand(yaml, spec, only.value, vocabulary, reading);
  if (test === 'some') return yaml.json(node);
  if (yaml.isList(node)) return yaml.list(node, test).map((n) => literal(yaml, spec, test, n));
  if (test === 'in' || test === 'nin') yaml.at(node, `"${test}" takes a list`);
  return literal(yaml, spec, test, node);
}

function factOperand(yaml: YamlFile, spec: FactSpec, node: Node, vocabulary: Vocabulary, reading: Reading): Operand {
  const id = yaml.text(node, 'fact');
  const other = vocabulary.facts.get(id);
  if (!other) {
    const near = suggest(id, vocabulary.facts.keys());
    yaml.at(node, `there is no fact "${id}"${near ? `; did you mean "${near}"?` : ''}`);
  } else if (other.type !== spec.type && !(spec.type.endsWith('s') && other.type !== 'records')) {
    yaml.at(node, `${spec.id} (${spec.type}) cannot be compared with ${id} (${other.type})`);
  } else if (other.unit !== spec.unit) yaml.at(node, `${spec.id} is in ${spec.unit}, ${id} in ${other.unit}`);
  reading.facts.add(id);
  return { fact: id };
}

function literal(yaml: YamlFile, spec: FactSpec, test: Comparison, node: Node): Json {
  const value = yaml.json(node);
  switch (spec.type) {
    case 'boolean':
      if (typeof value !== 'boolean') yaml.at(node, `${spec.id} is true or false`);
      return value;
    case 'number':
    case 'numbers': {
      if (typeof value === 'number') return value;
      const number = quantity(String(value), spec.unit);
      if (typeof number === 'number') return number;
      yaml.at(node, number.error);
      return 0;
    }
    default: {
      if (typeof value !== 'string') yaml.at(node, `${spec.id} is a text; quote it`);
      else if (spec.words && !spec.words.includes(value)) {
        const near = suggest(value, spec.words);
        yaml.at(
          node,
          `${spec.id} is never "${value}"${near ? `; did you mean "${near}"?` : `; it is one of ${spec.words.join(', ')}`}`,
        );
      } else if (test === 'matches') checkPattern(yaml, node, value);
      return value;
    }
  }
}

/** Patterns in rules run on V8's backtracking engine over short texts: nested quantifiers are refused. */
function checkPattern(yaml: YamlFile, node: Node, pattern: string): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    yaml.at(node, `pattern does not compile: ${(error as Error).message}`);
  }
  if (/[*+}]\)[*+{]/.test(pattern)) yaml.at(node, 'pattern repeats a repetition; it could take forever');
}

function compileSaw(yaml: YamlFile, node: Node, vocabulary: Vocabulary, reading: Reading): Operand {
  const map = yaml.isMap(node) ? yaml.map(node, 'saw', ['signal', 'where'], ['signal']) : undefined;
  const signalNode = map ? map.get('signal') : node;
  const names = (yaml.isList(signalNode) ? yaml.list(signalNode, 'saw') : [signalNode]).map((n) => {
    const name = yaml.text(n, 'signal');
    if (!vocabulary.signals.has(name)) {
      const near = suggest(name, vocabulary.signals.keys());
      yaml.at(n, `no log signature gives the signal "${name}"${near ? `; did you mean "${near}"?` : ''}`);
    }
    return name;
  });
  const captures = new Set(names.flatMap((name) => [...(vocabulary.signals.get(name) ?? [])]));
  for (const name of captures) reading.captures.add(name);
  if (!map?.has('where')) return { signal: names };
  const where = Object.fromEntries(
    [...yaml.map(map.get('where'), 'where', [...captures])].map(([name, n]) => [name, captureWish(yaml, n)]),
  );
  return { signal: names, where };
}

/** A word, one of several, a range of numbers (`{ ge: 3 }`), `{ present: false }`, or what it must not be (`{ nin: [te] }`). */
function captureWish(yaml: YamlFile, node: Node): Json {
  if (yaml.isMap(node)) {
    const range = yaml.map(node, 'where', ['ge', 'gt', 'le', 'lt', 'present', 'nin']);
    return Object.fromEntries(
      [...range].map(([test, n]) => {
        const value = yaml.json(n);
        const wanted = test === 'present' ? 'boolean' : test === 'nin' ? 'object' : 'number';
        if (typeof value !== wanted) yaml.at(n, `"${test}" takes ${wanted === 'object' ? 'a list' : `a ${wanted}`}`);
        return [test, test === 'nin' && Array.isArray(value) ? value.map(String) : value];
      }),
    );
  }
  const value = yaml.json(node);
  return (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(String);
}
