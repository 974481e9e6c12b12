import { OPERATORS } from '../src/diagnosis/compile/operators';
import { EFFECTS, FIELDS, REQUIRED } from '../src/diagnosis/compile/rule';
import type { RuleBase } from '../src/diagnosis/rule';
import type { FactSpec, FactType } from '../src/facts/define';
import { SUBJECT_KINDS } from '../src/facts/subject';
import { SEVERITIES, VERDICTS, WEIGHTS } from '../src/report/levels';

type Schema = { readonly [keyword: string]: unknown };

const text: Schema = { type: 'string' };
const words = (list: Iterable<string>): Schema => ({ enum: [...list] });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: { readonly [name: string]: Schema }, required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
/** An object that has exactly one of these. */
const oneOf = (properties: { readonly [name: string]: Schema }): Schema => ({
  ...object(properties, []),
  minProperties: 1,
  maxProperties: 1,
});

/** Types whose tests may be listed; records and signals are matched by free-form objects. */
const PLAIN_TYPES = ['boolean', 'number', 'string', 'enum', 'version', 'strings', 'numbers'] as const;

/**
 * JSON Schema of a rule file, for editors: fields, words, facts and the tests that each fact's type allows. The compiler
 * checks more (placeholders, captures, units, the examples).
 */
export function ruleSchema(base: RuleBase, facts: ReadonlyMap<string, FactSpec>): Schema {
  const causes = words(Object.keys(base.causes));
  const properties: { readonly [name: string]: Schema } = {
    schema: { const: 1 },
    id: { type: 'string', description: '<area>/<name>: the place of the file' },
    cause: causes,
    scope: words(SUBJECT_KINDS),
    about: words(SUBJECT_KINDS),
    severity: words(SEVERITIES),
    prior: words(['common', 'occasional', 'rare']),
    gate: words(WEIGHTS),
    fallback: words(['yes', 'no']),
    symptoms: listOf(words(Object.keys(base.symptoms))),
    title: ref('bilingual'),
    message: ref('bilingual'),
    when: ref('condition'),
    evidence: listOf(ref('evidence')),
    fixes: listOf(ref('fix')),
    explains: listOf(causes),
    identity: listOf(words(facts.keys())),
    references: listOf(text),
    examples: listOf(ref('example')),
  };
  const undescribed = FIELDS.filter((field) => !Object.hasOwn(properties, field));
  if (undescribed.length > 0) throw new Error(`rule-schema: ${undescribed.join(', ')} not described`);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'lora-doctor rule',
    ...object(properties, REQUIRED),
    $defs: definitions(facts),
  };
}

function definitions(facts: ReadonlyMap<string, FactSpec>): Schema {
  const steps = object({ en: listOf(text), zh: listOf(text) }, ['en', 'zh']);
  const effects = words(EFFECTS);
  return {
    bilingual: object({ en: text, zh: text }, ['en', 'zh']),
    condition: oneOf({
      all: listOf(ref('condition')),
      any: listOf(ref('condition')),
      not: ref('condition'),
      exists: ref('exists'),
      none: ref('exists'),
      ...Object.fromEntries([...facts.values()].map((spec) => [spec.id, { description: spec.title.en, ...testOf(spec) }])),
    }),
    ...Object.fromEntries(PLAIN_TYPES.map((type) => [`test-${type}`, testsOf(type)])),
    exists: object({ of: words(SUBJECT_KINDS), where: ref('condition'), min: { type: 'integer', minimum: 1 } }, ['of', 'where']),
    evidence: object({ if: ref('condition'), then: effects, else: effects, group: text, show: ref('bilingual') }, ['if', 'then']),
    fix: object(
      {
        id: text,
        title: ref('bilingual'),
        safety: words(['auto', 'confirm', 'manual']),
        effort: words(['low', 'medium', 'high']),
        steps,
        variants: listOf(object({ for: ref('condition'), steps }, ['for', 'steps'])),
        when: ref('condition'),
      },
      ['id', 'title', 'steps'],
    ),
    example: object(
      {
        name: text,
        facts: { type: 'object' },
        others: listOf(object({ kind: words(SUBJECT_KINDS), facts: { type: 'object' } }, ['kind', 'facts'])),
        expect: words(['fires', 'silent', 'unknown']),
        verdict: words(VERDICTS),
      },
      ['name', 'facts', 'expect'],
    ),
  };
}

/** What may stand after a fact's name: a value, values, `{fact: other}` or one test with its operand. */
function testOf(spec: FactSpec): Schema {
  if (!PLAIN_TYPES.some((type) => type === spec.type)) return {};
  const literal = literalOf(spec);
  return { anyOf: [literal, listOf(literal), ref(`test-${spec.type}`)] };
}

const testsOf = (type: FactType): Schema =>
  oneOf(Object.fromEntries(['fact', 'known', ...OPERATORS[type]].map((test) => [test, {}])));

function literalOf(spec: FactSpec): Schema {
  if (spec.type === 'boolean') return { type: 'boolean' };
  if (spec.type === 'number' || spec.type === 'numbers') return { anyOf: [{ type: 'number' }, text] };
  return spec.words ? words(spec.words) : text;
}
