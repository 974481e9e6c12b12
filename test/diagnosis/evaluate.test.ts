import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, truthOf } from '../../src/diagnosis/evaluate';
import type { Condition } from '../../src/diagnosis/rule';
import { all, any, not, type Truth } from '../../src/diagnosis/truth';
import { compareVersions, satisfies } from '../../src/diagnosis/version';
import { unknown } from '../../src/facts/value';
import { hit, storeOf } from './world';

const leaf = (fact: string, test: string, operand: unknown, id = 0): Condition =>
  ({ is: 'leaf', id, fact, type: 'string', test, operand }) as unknown as Condition;

describe('Kleene logic', () => {
  const truths: Truth[] = [true, false, 'unknown'];
  it('unknown is decided only by what needs no more', () => {
    expect(all([true, 'unknown', false])).toBe(false);
    expect(all([true, 'unknown'])).toBe('unknown');
    expect(any(['unknown', true])).toBe(true);
    expect(any(['unknown', false])).toBe('unknown');
    expect(not('unknown')).toBe('unknown');
  });
  it('obeys De Morgan', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...truths), { maxLength: 6 }), (list) => {
        expect(not(all(list))).toBe(any(list.map(not)));
      }),
    );
  });
});

describe('evaluate', () => {
  const store = storeOf([
    { kind: 'install', id: 'install:/a', label: 'a', facts: { 'install.ui': 'a1111' } },
    {
      kind: 'lora',
      id: 'lora:/a/x',
      label: 'x',
      links: { install: 'install:/a', checkpoint: 'checkpoint:/a/c' },
      facts: { 'lora.family': 'sdxl', 'lora.size': 10, 'lora.words': ['cat'] },
    },
    {
      kind: 'lora',
      id: 'lora:/b/y',
      label: 'y',
      links: { install: 'install:/b' },
      facts: { 'lora.family': 'sd15', 'lora.size': unknown('unreadable') },
    },
    {
      kind: 'checkpoint',
      id: 'checkpoint:/a/c',
      label: 'c',
      links: { install: 'install:/a' },
      facts: { 'checkpoint.family': 'sd15' },
    },
    {
      kind: 'log',
      id: 'log:/a#0',
      label: 'l',
      links: { install: 'install:/a' },
      facts: { 'log.index': 0, 'log.signals': [hit('oom', { size: '2 GiB' })] },
    },
  ]);
  const at = (id: string) => ({ store, subjects: [store.subject(id) as never] });

  it('reads facts of the subject, of linked ones, and of the newest log of its install', () => {
    expect(evaluate(leaf('lora.family', 'eq', 'sdxl'), at('lora:/a/x')).truth).toBe(true);
    expect(evaluate(leaf('install.ui', 'eq', 'a1111'), at('lora:/a/x')).truth).toBe(true);
    expect(evaluate(leaf('lora.family', 'ne', { fact: 'checkpoint.family' }), at('lora:/a/x')).truth).toBe(true);
    const saw = evaluate(leaf('log.signals', 'saw', { signal: ['oom'], where: { size: ['2 GiB'] } }), at('lora:/a/x'));
    expect(saw.truth).toBe(true);
    expect(saw.trace[0]?.hit?.firstLine).toBe(7);
  });

  it('is false where there is no such subject, unknown where the fact could not be read', () => {
    expect(evaluate(leaf('checkpoint.family', 'eq', 'sd15'), at('lora:/b/y')).truth).toBe(false);
    expect(evaluate(leaf('checkpoint.family', 'ne', 'sd15'), at('lora:/b/y')).truth).toBe(false);
    expect(evaluate(leaf('lora.size', 'gt', 1), at('lora:/b/y')).truth).toBe('unknown');
    expect(evaluate(leaf('lora.size', 'known', false), at('lora:/b/y')).truth).toBe(true);
    expect(evaluate(leaf('lora.name', 'eq', 'x'), at('lora:/a/x')).truth).toBe('unknown');
  });

  it('quantifies over the same install only, and keeps what may be', () => {
    const some = (where: Condition, min = 1, negate = false): Condition => ({ is: 'exists', kind: 'lora', where, min, negate });
    expect(evaluate(some(leaf('lora.family', 'eq', 'sdxl')), at('install:/a')).truth).toBe(true);
    expect(evaluate(some(leaf('lora.family', 'eq', 'sd15')), at('install:/a')).truth).toBe(false);
    expect(evaluate(some(leaf('lora.family', 'eq', 'sdxl'), 2), at('install:/a')).truth).toBe(false);
    expect(evaluate(some(leaf('lora.name', 'eq', 'q')), at('install:/a')).truth).toBe('unknown');
    expect(evaluate(some(leaf('lora.family', 'eq', 'sd15'), 1, true), at('install:/a')).truth).toBe(true);
  });

  it('finds the same truth without a trace, whatever the condition', () => {
    const leaves = fc.constantFrom(
      leaf('lora.family', 'eq', 'sdxl'),
      leaf('lora.family', 'eq', { fact: 'checkpoint.family' }),
      leaf('lora.size', 'gt', 1),
      leaf('lora.name', 'known', false),
      leaf('lora.name', 'eq', 'x'),
      leaf('checkpoint.family', 'eq', 'sd15'),
      leaf('log.signals', 'saw', { signal: ['oom'] }),
      leaf('log.signals', 'saw', { signal: ['nan'] }),
    );
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { maxDepth: 4 },
        leaves,
        fc.record({ is: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('condition'), { maxLength: 4 }) }),
        fc.record({ is: fc.constant('not' as const), of: tie('condition') }),
        fc.record({
          is: fc.constant('exists' as const),
          kind: fc.constantFrom('lora' as const, 'log' as const),
          where: tie('condition'),
          min: fc.integer({ min: 1, max: 2 }),
          negate: fc.boolean(),
        }),
      ),
    }));
    fc.assert(
      fc.property(condition, fc.constantFrom('lora:/a/x', 'lora:/b/y', 'install:/a'), (tree, id) => {
        expect(truthOf(tree, at(id))).toBe(evaluate(tree, at(id)).truth);
      }),
      { numRuns: 400 },
    );
  });

  it('turns one leaf round on demand', () => {
    expect(evaluate(leaf('lora.family', 'eq', 'sdxl', 3), at('lora:/a/x'), 3).truth).toBe(false);
    expect(evaluate(leaf('lora.family', 'eq', 'sdxl', 3), at('lora:/a/x'), 4).truth).toBe(true);
  });
});

describe('versions', () => {
  it('compares by numbers', () => {
    expect(compareVersions('v1.10.1-12-gabc', '1.9.4')).toBe(1);
    expect(compareVersions('2.1.2+cu121', '2.1.2')).toBe(0);
    expect(satisfies('v1.10.1', '>=1.8 <2')).toBe(true);
    expect(satisfies('1.5.2', '>=1.8 <2')).toBe(false);
  });
  it('is antisymmetric', () => {
    const version = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }).map((n) => n.join('.'));
    fc.assert(fc.property(version, version, (a, b) => compareVersions(a, b) + compareVersions(b, a) === 0));
  });
});
