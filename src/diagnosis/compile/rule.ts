import type { Node } from 'yaml';
import type { Bilingual } from '../../facts/define';
import { SUBJECT_KINDS } from '../../facts/subject';
import { SEVERITIES, WEIGHTS } from '../../report/levels';
import type { Example } from '../example';
import type { EvidenceEffect, EvidenceItem, Rule, RuleFix } from '../rule';
import { HIT_PARTS, placeholders } from '../template';
import { compileCondition, Reading, type Vocabulary } from './condition';
import { compileExamples } from './examples';
import { suggest } from './suggest';
import { type RuleError, YamlFile } from './yaml-reader';

/** Words that rules may use besides facts and signals. */
export interface RuleWords extends Vocabulary {
  readonly causes: ReadonlySet<string>;
  readonly symptoms: ReadonlySet<string>;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly examples: readonly Example[];
  readonly errors: readonly RuleError[];
}

/** Fields of a rule file. */
export const FIELDS = [
  'schema',
  'id',
  'cause',
  'scope',
  'about',
  'severity',
  'prior',
  'gate',
  'fallback',
  'symptoms',
  'title',
  'message',
  'when',
  'evidence',
  'fixes',
  'explains',
  'identity',
  'references',
  'examples',
];
export const REQUIRED = [
  'schema',
  'id',
  'cause',
  'scope',
  'severity',
  'title',
  'message',
  'when',
  'fixes',
  'references',
  'examples',
];

/**
 * One YAML file → one rule, checked against the registry.
 *
 * @param file as it is shown in errors; `<area>/<name>.yaml` must agree with the rule's id.
 */
export function compileRule(file: string, source: string, words: RuleWords, origin: Rule['source']): CompiledRule {
  const yaml = new YamlFile(file, source);
  const map = yaml.map(yaml.root, 'a rule', FIELDS, REQUIRED);
  const reading = new Reading();
  const scope = yaml.word(map.get('scope'), 'scope', SUBJECT_KINDS);
  const when = compileCondition(yaml, map.get('when'), words, reading);
  const evidence = map.has('evidence')
    ? yaml.list(map.get('evidence'), 'evidence').map((n) => evidenceItem(yaml, n, words, reading))
    : [];
  const fixes = yaml.list(map.get('fixes'), 'fixes').map((n) => ruleFix(yaml, n, words, reading));
  const id = yaml.text(map.get('id'), 'id');
  if (!file.replaceAll('\\', '/').endsWith(`${id}.yaml`))
    yaml.at(map.get('id'), `id "${id}" must be the file's place: <area>/<name> of <area>/<name>.yaml`);
  const rule: Rule = {
    id,
    cause: known(yaml, map.get('cause'), 'cause', words.causes),
    scope,
    ...(map.has('about') ? { about: yaml.word(map.get('about'), 'about', SUBJECT_KINDS) } : {}),
    severity: yaml.word(map.get('severity'), 'severity', SEVERITIES),
    prior: map.has('prior') ? yaml.word(map.get('prior'), 'prior', ['common', 'occasional', 'rare'] as const) : 'occasional',
    gate: map.has('gate') ? yaml.word(map.get('gate'), 'gate', WEIGHTS) : 'moderate',
    fallback: map.has('fallback') && yaml.word(map.get('fallback'), 'fallback', ['yes', 'no'] as const) === 'yes',
    symptoms: optionalList(yaml, map.get('symptoms'), 'symptoms').map((n) => known(yaml, n, 'symptom', words.symptoms)),
    title: phrase(yaml, map.get('title'), 'title', words, reading),
    message: phrase(yaml, map.get('message'), 'message', words, reading),
    when,
    evidence,
    fixes,
    explains: optionalList(yaml, map.get('explains'), 'explains').map((n) => known(yaml, n, 'cause', words.causes)),
    identity: optionalList(yaml, map.get('identity'), 'identity').map((n) => known(yaml, n, 'fact', new Set(words.facts.keys()))),
    references: yaml.list(map.get('references'), 'references').map((n) => yaml.text(n, 'reference')),
    reads: [...reading.facts].sort(),
    source: origin,
  };
  const examples = compileExamples(yaml, map.get('examples'), words);
  return { rule, examples, errors: yaml.errors };
}

function optionalList(yaml: YamlFile, node: Node | undefined, what: string): Node[] {
  return node ? yaml.list(node, what) : [];
}

function known(yaml: YamlFile, node: Node | undefined, what: string, words: ReadonlySet<string>): string {
  const word = yaml.text(node, what);
  if (word !== '' && !words.has(word)) {
    const near = suggest(word, words);
    yaml.at(node, `there is no ${what} "${word}"${near ? `; did you mean "${near}"?` : ''}`);
  }
  return word;
}

/** Text in two languages whose placeholders exist, the same ones in both. */
function phrase(yaml: YamlFile, node: Node | undefined, what: string, words: Vocabulary, reading: Reading): Bilingual {
  const text = yaml.bilingual(node, what);
  checkPlaceholders(yaml, node, text.en, words, reading);
  checkPlaceholders(yaml, node, text.zh, words, reading);
  const en = new Set(placeholders(text.en));
  const zh = new Set(placeholders(text.zh));
  const odd = [...en].filter((p) => !zh.has(p)).concat([...zh].filter((p) => !en.has(p)));
  if (odd.length > 0) yaml.at(node, `${what}: {${odd.join('}, {')}} stands in one language only`);
  return text;
}

function checkPlaceholders(yaml: YamlFile, node: Node | undefined, text: string, words: Vocabulary, reading: Reading): void {
  for (const name of placeholders(text)) {
    const part = name.startsWith('hit.') ? name.slice(4) : undefined;
    if (part !== undefined) {
      if ((HIT_PARTS as readonly string[]).includes(part) || reading.captures.has(part)) continue;
      yaml.at(node, `{${name}}: the signals of this rule capture ${[...reading.captures].join(', ') || 'nothing'}`);
    } else if (!words.facts.has(name)) {
      const near = suggest(name, words.facts.keys());
      yaml.at(node, `{${name}}: there is no such fact${near ? `; did you mean {${near}}?` : ''}`);
    }
  }
}

/** What evidence may do. */
export const EFFECTS = [
  'decisive',
  'strong',
  'moderate',
  'weak',
  'against-decisive',
  'against-strong',
  'against-moderate',
  'against-weak',
] as const;

function effect(yaml: YamlFile, node: Node | undefined, what: string): EvidenceEffect {
  const word = yaml.word(node, what, EFFECTS);
  const against = word.startsWith('against-');
  return { direction: against ? 'against' : 'for', weight: (against ? word.slice(8) : word) as EvidenceEffect['weight'] };
}

function evidenceItem(yaml: YamlFile, node: Node, words: RuleWords, reading: Reading): EvidenceItem {
  const map = yaml.map(node, 'evidence', ['if', 'then', 'else', 'group', 'show'], ['if', 'then']);
  return {
    if: compileCondition(yaml, map.get('if'), words, reading),
    then: effect(yaml, map.get('then'), 'then'),
    ...(map.has('else') ? { else: effect(yaml, map.get('else'), 'else') } : {}),
    ...(map.has('group') ? { group: yaml.text(map.get('group'), 'group') } : {}),
    ...(map.has('show') ? { show: phrase(yaml, map.get('show'), 'show', words, reading) } : {}),
  };
}

function ruleFix(yaml: YamlFile, node: Node, words: RuleWords, reading: Reading): RuleFix {
  const map = yaml.map(node, 'fix', ['id', 'title', 'safety', 'effort', 'steps', 'variants', 'when'], ['id', 'title', 'steps']);
  const variants = optionalList(yaml, map.get('variants'), 'variants').map((n) => {
    const variant = yaml.map(n, 'variant', ['for', 'steps'], ['for', 'steps']);
    return {
      for: compileCondition(yaml, variant.get('for'), words, reading),
      steps: steps(yaml, variant.get('steps'), words, reading),
    };
  });
  return {
    id: yaml.text(map.get('id'), 'id'),
    title: phrase(yaml, map.get('title'), 'title', words, reading),
    safety: map.has('safety') ? yaml.word(map.get('safety'), 'safety', ['auto', 'confirm', 'manual'] as const) : 'manual',
    effort: map.has('effort') ? yaml.word(map.get('effort'), 'effort', ['low', 'medium', 'high'] as const) : 'low',
    steps: steps(yaml, map.get('steps'), words, reading),
    variants,
    ...(map.has('when') ? { when: compileCondition(yaml, map.get('when'), words, reading) } : {}),
  };
}

function steps(yaml: YamlFile, node: Node | undefined, words: RuleWords, reading: Reading): RuleFix['steps'] {
  const map = yaml.map(node, 'steps', ['en', 'zh'], ['en', 'zh']);
  const read = (language: 'en' | 'zh'): string[] =>
    map.has(language)
      ? yaml.list(map.get(language), `steps.${language}`).map((n) => {
          const text = yaml.text(n, 'step');
          checkPlaceholders(yaml, n, text, words, reading);
          return text;
        })
      : [];
  const result = { en: read('en'), zh: read('zh') };
  if (result.en.length !== result.zh.length)
    yaml.at(node, `steps: ${result.en.length} in English, ${result.zh.length} in Chinese`);
  return result;
}
