import { expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose';
import { wordFinding } from '../../src/report/finding';
import { phrase } from '../../src/report/words';
import { registry, storeOf } from '../diagnosis/world';

it.each([
  ['Put it there.', 'The log says: Put it there.'],
  ['cut…', 'The log says: cut…'],
  ['wait...', 'The log says: wait...'],
  ['cd ..', 'The log says: cd ...'],
  ['plain', 'The log says: plain.'],
])('ends a sentence once: %s', (name, expected) => {
  const store = storeOf([{ kind: 'lora', id: 'lora:a', label: 'a', path: '/a', facts: { 'lora.name': name } }]);
  const scope = { store, subjects: store.subjects('lora') };
  expect(phrase('The log says: {lora.name}.', scope, undefined, { lang: 'en', registry } as never)).toBe(expected);
});

it("shows an item's own words only when its condition holds", () => {
  const leaf = (fact: string, type: 'bool' | 'text', operand: unknown) =>
    ({ is: 'leaf', id: 0, fact, type, test: 'eq', operand }) as never;
  const text = { en: 'x', zh: 'x' };
  const rule = {
    ...{ id: 'a/b', cause: 'dead-lora', scope: 'lora', severity: 'error', prior: 'occasional', gate: 'strong', symptoms: [] },
    ...{ title: text, message: text, fixes: [], explains: [], identity: [], references: [], reads: [], source: 'built-in' },
    when: leaf('lora.name', 'text', 'a'),
    evidence: [
      {
        if: leaf('lora.broken', 'bool', true),
        show: { en: 'It is broken', zh: '已损坏' },
        // biome-ignore lint/suspicious/noThenProperty: the word of the rule format
        then: { direction: 'for', weight: 'strong' },
        else: { direction: 'against', weight: 'weak' },
      },
    ],
  } as never;
  const evidenceOf = (broken: boolean) => {
    const facts = { 'lora.name': 'a', 'lora.broken': broken };
    const store = storeOf([{ kind: 'lora', id: 'lora:a', label: 'a', path: '/a', facts }]);
    const [finding] = diagnose(store, { hash: 'x', rules: [rule], causes: {}, symptoms: {} } as never).findings;
    if (!finding) throw new Error('nothing fired');
    return wordFinding(finding, { lang: 'en', registry } as never).evidence.map(({ direction, text }) => `${direction} ${text}`);
  };
  expect(evidenceOf(true)).toContain('for It is broken');
  expect(evidenceOf(false)).toContain('against Broken: no');
});
