import type { Node } from 'yaml';
import { SUBJECT_KINDS } from '../../facts/subject';
import { fits } from '../../facts/validate';
import { type Fact, type Json, UNKNOWN_REASONS } from '../../facts/value';
import { VERDICTS } from '../../report/levels';
import { type Example, factOf } from '../example';
import type { Vocabulary } from './condition';
import { suggest } from './suggest';
import type { YamlFile } from './yaml-reader';

/** Reads the examples of a rule; facts in them must exist and have the right type (no imaginary facts). */
export function compileExamples(yaml: YamlFile, node: Node | undefined, words: Vocabulary): Example[] {
  if (!node) return [];
  const names = new Set<string>();
  return yaml.list(node, 'examples').map((n) => {
    const map = yaml.map(n, 'example', ['name', 'facts', 'others', 'expect', 'verdict'], ['name', 'facts', 'expect']);
    const name = yaml.text(map.get('name'), 'name');
    if (names.has(name)) yaml.at(map.get('name'), `two examples are named "${name}"`);
    names.add(name);
    const before = yaml.errors.length;
    yaml.at(n, '');
    const place = yaml.errors.splice(before, 1)[0];
    return {
      name,
      facts: facts(yaml, map.get('facts'), words),
      others: map.has('others') ? yaml.list(map.get('others'), 'others').map((o) => other(yaml, o, words)) : [],
      expect: yaml.word(map.get('expect'), 'expect', ['fires', 'silent', 'unknown'] as const),
      ...(map.has('verdict') ? { verdict: yaml.word(map.get('verdict'), 'verdict', VERDICTS) } : {}),
      line: place?.line ?? 1,
      column: place?.column ?? 1,
    };
  });
}

function other(yaml: YamlFile, node: Node, words: Vocabulary): Example['others'][number] {
  const map = yaml.map(node, 'other', ['kind', 'facts'], ['kind', 'facts']);
  return { kind: yaml.word(map.get('kind'), 'kind', SUBJECT_KINDS), facts: facts(yaml, map.get('facts'), words) };
}

function facts(yaml: YamlFile, node: Node | undefined, words: Vocabulary): { [factId: string]: Fact } {
  const result: { [factId: string]: Fact } = {};
  for (const [id, valueNode] of yaml.map(node, 'facts', null)) {
    const spec = words.facts.get(id);
    if (!spec) {
      const near = suggest(id, words.facts.keys());
      yaml.at(yaml.keyNode(node, id), `there is no fact "${id}"${near ? `; did you mean "${near}"?` : ''}`);
      continue;
    }
    const value = spec.type === 'signals' ? signals(yaml, valueNode, words) : yaml.json(valueNode);
    const fact = factOf(value);
    if (fact.state === 'unknown' && !UNKNOWN_REASONS.includes(fact.reason))
      yaml.at(valueNode, `"${fact.reason}" is no reason: ${UNKNOWN_REASONS.join(', ')}`);
    if (fact.state === 'known' && !fits(spec, fact.value))
      yaml.at(valueNode, `${id} has another type (${spec.type}${spec.words ? `: ${spec.words.join(', ')}` : ''})`);
    result[id] = fact;
  }
  return result;
}

/** Short form of a log in an example: a signal's name, or `{signal: name, captures…}`. */
function signals(yaml: YamlFile, node: Node, words: Vocabulary): Json {
  if (!yaml.isList(node)) return yaml.json(node);
  return yaml.list(node, 'signals').map((n, i) => {
    const json = yaml.json(n);
    const { signal, ...captures } =
      typeof json === 'string' ? { signal: json } : (json as { signal?: string; [key: string]: Json | undefined });
    if (!words.signals.has(String(signal))) {
      const near = suggest(String(signal), words.signals.keys());
      yaml.at(n, `no log signature gives the signal "${signal}"${near ? `; did you mean "${near}"?` : ''}`);
    }
    const text = Object.fromEntries(Object.entries(captures).map(([k, v]) => [k, String(v)]));
    return {
      signal: String(signal),
      signature: 'example',
      count: 1,
      total: 1,
      firstLine: i + 1,
      lastLine: i + 1,
      text: String(signal),
      captures: text,
    };
  });
}
