import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose';
import type { Condition, Rule, RuleBase } from '../../src/diagnosis/rule';
import { hit, storeOf } from './world';

const saw = (signal: string): Condition => ({
  is: 'leaf',
  id: 0,
  fact: 'log.signals',
  type: 'signals',
  test: 'saw',
  operand: { signal: [signal] },
});

function rule(id: string, cause: string, when: Condition, more: Partial<Rule> = {}): Rule {
  const text = { en: id, zh: id };
  return {
    id,
    cause,
    scope: 'log',
    severity: 'error',
    prior: 'occasional',
    gate: 'strong',
    fallback: false,
    symptoms: ['black-image'],
    title: text,
    message: text,
    when,
    evidence: [],
    fixes: [],
    explains: [],
    identity: [],
    references: [],
    reads: [],
    source: 'built-in',
    ...more,
  };
}

const base = (rules: Rule[]): RuleBase => ({
  hash: 'x',
  rules,
  causes: {},
  symptoms: { 'black-image': { title: { en: 'Black', zh: '黑' } } },
});

const log = (id: string, signals: unknown, install = 'install:/a') => ({
  kind: 'log' as const,
  id,
  label: id,
  path: '/a/console.log',
  links: { install },
  facts: { 'log.signals': signals, 'log.index': 0 },
});

describe('diagnose', () => {
  it('puts a confirmed cause before a likely one, and a likely before a possible one', () => {
    const store = storeOf([log('log:1#0', [hit('oom'), hit('nan')])]);
    const found = diagnose(
      store,
      base([
        rule('a/possible', 'c', saw('oom'), { gate: 'weak', prior: 'rare' }),
        rule('b/likely', 'b', saw('oom')),
        rule('c/confirmed', 'a', saw('nan'), { gate: 'decisive' }),
      ]),
    ).findings;
    expect(found.map((f) => [f.rule.id, f.verdict])).toEqual([
      ['c/confirmed', 'confirmed'],
      ['b/likely', 'likely'],
      ['a/possible', 'possible'],
    ]);
  });

  it('lets a root explain its echo, once and not in a circle', () => {
    const store = storeOf([log('log:1#0', [hit('oom'), hit('nan')])]);
    const found = diagnose(
      store,
      base([
        rule('a/root', 'root', saw('oom'), { gate: 'decisive', explains: ['echo'] }),
        rule('b/echo', 'echo', saw('nan'), { explains: ['root'] }),
      ]),
    ).findings;
    expect(found.map((f) => [f.rule.cause, f.explainedBy !== null])).toEqual([
      ['root', false],
      ['echo', true],
    ]);
    expect(found[1]?.explainedBy).toBe(found[0]?.fingerprint);
  });

  it('tells a last resort only where nothing else is the matter', () => {
    const rules = [
      rule('a/last', 'last', saw('nan'), { fallback: true }),
      rule('b/known', 'known', saw('oom')),
      rule('c/note', 'note', saw('note'), { severity: 'info' }),
    ];
    const told = (...signals: string[]): string[] =>
      diagnose(
        storeOf([
          log(
            'log:1#0',
            signals.map((each) => hit(each)),
          ),
        ]),
        base(rules),
      ).findings.map((f) => f.rule.cause);
    expect(told('nan')).toEqual(['last']);
    expect(told('nan', 'note')).toEqual(['last', 'note']);
    expect(told('nan', 'oom')).toEqual(['known']);
  });

  it('lets the higher of two rules stand for one cause told of the same line', () => {
    const store = storeOf([log('log:1#0', [hit('oom'), hit('nan', {}, 9)])]);
    const rules = [
      rule('a/one', 'same', saw('oom'), { gate: 'decisive' }),
      rule('b/two', 'same', saw('oom')),
      rule('c/elsewhere', 'same', saw('nan')),
    ];
    const { findings } = diagnose(store, base(rules));
    expect(findings.map((f) => [f.rule.id, f.explainedBy !== null])).toEqual([
      ['a/one', false],
      ['c/elsewhere', false],
      ['b/two', true],
    ]);
  });

  it('does not explain what happened in another install', () => {
    const store = storeOf([log('log:1#0', [hit('oom')]), log('log:2#0', [hit('nan')], 'install:/b')]);
    const found = diagnose(
      store,
      base([rule('a/root', 'root', saw('oom'), { gate: 'decisive', explains: ['echo'] }), rule('b/echo', 'echo', saw('nan'))]),
    ).findings;
    expect(found.map((f) => f.explainedBy)).toEqual([null, null]);
  });

  it('shows what it could not decide, with the fact that blocked it', () => {
    const store = storeOf([log('log:1#0', { state: 'unknown', reason: 'unreadable' })]);
    const { findings, inconclusive } = diagnose(store, base([rule('a/x', 'c', saw('oom'))]));
    expect(findings).toEqual([]);
    expect(inconclusive.map((o) => [o.rule.id, o.blockedBy.map((m) => `${m.fact} ${m.reason}`)])).toEqual([
      ['a/x', ['log.signals unreadable']],
    ]);
  });

  it('counts subjects that say the same as one finding', () => {
    const store = storeOf([log('log:1#0', [hit('oom')]), log('log:1#1', [hit('oom')])]);
    const found = diagnose(store, base([rule('a/x', 'c', saw('oom'), { identity: ['log.index'] })])).findings;
    expect(found.map((f) => f.count)).toEqual([2]);
  });

  it('counts what goes beyond a screenful of one rule instead of telling it', () => {
    const logs = Array.from({ length: 40 }, (_, i) => ({ ...log(`log:${i}#0`, [hit('oom')]), path: `/a/${i}.log` }));
    const found = diagnose(storeOf(logs), base([rule('a/x', 'c', saw('oom'))])).findings;
    expect(found.length).toBe(25);
    expect(found.reduce((sum, f) => sum + f.count, 0)).toBe(40);
    expect(found[0]?.count).toBe(16);
  });

  it('drops a cause with decisive evidence against it', () => {
    const store = storeOf([log('log:1#0', [hit('oom'), hit('nan')])]);
    const against = { if: saw('nan'), then: { direction: 'against' as const, weight: 'decisive' as const } };
    expect(diagnose(store, base([rule('a/x', 'c', saw('oom'), { evidence: [against] })])).findings).toEqual([]);
  });

  it('keeps something else among the candidates of a symptom', () => {
    const store = storeOf([
      log('log:1#0', [hit('oom'), hit('nan')]),
      { kind: 'machine', id: 'machine', label: 'm', facts: { 'machine.symptoms': ['black-image'] } },
    ]);
    const [d] = diagnose(
      store,
      base([rule('a/x', 'one', saw('oom')), rule('b/y', 'two', saw('nan'), { gate: 'weak' })]),
    ).differentials;
    expect(d?.candidates.map((c) => c.cause)).toEqual(['one', 'two', 'something-else']);
    expect(d?.candidates.reduce((sum, c) => sum + c.share, 0)).toBeCloseTo(1);
  });

  it('tells one cause once when the log and the files show it', () => {
    const install = { kind: 'install' as const, id: 'install:/a', label: 'a', path: '/a', facts: { 'install.ui': 'a1111' } };
    const isA1111: Condition = { is: 'leaf', id: 0, fact: 'install.ui', type: 'enum', test: 'eq', operand: 'a1111' };
    const found = diagnose(
      storeOf([install, log('log:1#0', [hit('oom')])]),
      base([rule('a/files', 'c', isA1111, { scope: 'install' }), rule('b/log', 'c', saw('oom')), rule('c/too', 'c', saw('oom'))]),
    ).findings;
    expect(found.map((f) => [f.rule.id, f.explainedBy !== null])).toEqual([
      ['a/files', false],
      ['b/log', true],
      ['c/too', true],
    ]);
  });

  it('lets a root stand for what it explains, with the symptoms of that', () => {
    const store = storeOf([
      log('log:1#0', [hit('oom'), hit('nan')]),
      { kind: 'machine', id: 'machine', label: 'm', facts: { 'machine.symptoms': ['black-image'] } },
    ]);
    const root = rule('a/root', 'root', saw('oom'), { explains: ['echo'], symptoms: [] });
    const [d] = diagnose(store, base([root, rule('b/echo', 'echo', saw('nan'))])).differentials;
    expect(d?.candidates.map((c) => c.cause)).toEqual(['root', 'something-else']);
  });

  it('gives the same fingerprint on another machine', () => {
    const at = (root: string) =>
      diagnose(
        storeOf([
          { kind: 'install', id: `install:${root}`, label: 'i', path: root, facts: {} },
          { ...log(`log:${root}/l.log#0`, [hit('oom')], `install:${root}`), path: `${root}/l.log` },
        ]),
        base([rule('a/x', 'c', saw('oom'))]),
      ).findings[0]?.fingerprint;
    expect(at('/home/a/webui')).toBe(at('/data/other'));
  });
});
