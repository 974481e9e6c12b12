import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { runExamples } from '../../src/diagnosis/compile/verify';
import { registry } from '../../src/facts/registry/all';
import { compileSignatures } from '../../src/formats/log/signature';
import { textWidth } from '../../src/report/width';

const { result, signatures } = compileBuiltIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../rules'));

it('the rule base compiles without an error', () => {
  expect(result.errors.map((e) => `${e.file}:${e.line}:${e.column}: ${e.message}`)).toEqual([]);
});

describe.each(result.compiled.map((c) => [c.rule.id, c] as const))('%s', (_id, compiled) => {
  it.each(runExamples(compiled, registry).map((r) => [r.example, r] as const))('%s', (_name, outcome) => {
    expect(outcome).toMatchObject({ outcome: 'validated' });
  });

  it('fits on a screen: titles before names are filled in, steps without stray blanks', () => {
    for (const text of Object.values(compiled.rule.title)) expect(textWidth(text)).toBeLessThanOrEqual(140);
    for (const fix of compiled.rule.fixes) for (const step of [...fix.steps.en, ...fix.steps.zh]) expect(step.trim()).toBe(step);
  });
});

const AREAS = ['loaded', 'fits', 'works', 'machine'];
const causes = Object.entries(result.base.causes).filter(([, { area }]) => AREAS.includes(area));

it('knows the causes of its areas', () => {
  expect(causes.length).toBeGreaterThan(40);
});

/** What `explain CAUSE` prints, and what proves it (issue 6, acceptance). */
it.each(causes)(
  '%s has a rule with sources, an example that fires and one that stays silent, and a page in both languages',
  (cause, about) => {
    for (const text of [about.title, about.about]) {
      expect(text?.en).toMatch(/[a-z]/);
      expect(text?.zh).toMatch(/\p{Script=Han}/u);
    }
    const rules = result.compiled.filter(({ rule }) => rule.cause === cause);
    expect(rules.flatMap(({ rule }) => (rule.references.length > 0 ? [] : [rule.id]))).toEqual([]);
    const examples = new Set(rules.flatMap(({ examples }) => examples.map(({ expect }) => expect)));
    expect([examples.has('fires'), examples.has('silent')]).toEqual([true, true]);
  },
);

it('has signatures enough, each with lines that it must and must not match', () => {
  const all = signatures.flatMap((file) => file.signatures);
  expect(all.length).toBeGreaterThanOrEqual(150);
  expect(all.filter(({ samples }) => samples.match.length < 3 || samples.miss.length < 3).map(({ id }) => id)).toEqual([]);
});

it('says one thing once: no signature matches all that another of the same signal and programs is for', () => {
  const all = signatures.flatMap((file) => file.signatures);
  const kinds = new Map(compileSignatures(signatures).list.map((one) => [one.id, one]));
  const programs = ({ ui }: (typeof all)[number]): string => [...(ui ?? [])].sort().join();
  const twins = all.flatMap((one) =>
    all
      .filter((other) => other !== one && other.signal === one.signal && programs(other) === programs(one))
      .filter((other) => one.samples.match.every(({ line }) => kinds.get(other.id)?.match(line)))
      .map((other) => `${one.id} < ${other.id}`),
  );
  expect(twins).toEqual([]);
});

it('reads only signals that a signature gives, and only facts that a check produces', () => {
  const given = new Set(signatures.flatMap((f) => f.signatures).map((s) => s.signal));
  expect(given.size).toBeGreaterThan(100);
  for (const rule of result.base.rules) for (const fact of rule.reads) expect(registry.has(fact)).toBe(true);
});
