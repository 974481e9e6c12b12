import { describe, expect, it } from 'vitest';
import { diffSnapshots } from '../../src/facts/diff';
import { Store } from '../../src/facts/store';
import { type Json, known } from '../../src/facts/value';
import { registry, storeOf } from '../diagnosis/world';

const lora = { kind: 'lora' as const, id: 'lora:x', label: 'x' };

describe('Store', () => {
  it('says why a fact is unknown', () => {
    const store = new Store(registry);
    expect(store.get('lora:x', 'lora.size')).toMatchObject({ state: 'unknown', reason: 'not-collected' });
    store.ended({ id: 'files', status: 'failed', ms: 1, detail: 'boom' });
    expect(store.get('lora:x', 'lora.size')).toMatchObject({ state: 'unknown', reason: 'check-failed', detail: 'boom' });
    store.ended({ id: 'files', status: 'timed-out', ms: 1 });
    expect(store.get('lora:x', 'lora.size')).toMatchObject({ state: 'unknown', reason: 'timed-out' });
    store.ended({ id: 'files', status: 'ok', ms: 1 });
    expect(store.get('lora:x', 'lora.size')).toMatchObject({ state: 'unknown', reason: 'not-stated' });
  });

  it('takes records with all their fields only', () => {
    const prompt = { kind: 'prompt' as const, id: 'prompt:x', label: 'x' };
    const stateOf = (value: Json): string => {
      const store = new Store(registry);
      store.add('prompts', new Set(['prompt.problems']), {
        subjects: [prompt],
        facts: { 'prompt:x': { 'prompt.problems': known(value) } },
        notes: [],
      });
      return store.get('prompt:x', 'prompt.problems').state;
    };
    expect(stateOf([])).toBe('known');
    expect(stateOf([{ kind: 'a', more: 1 }])).toBe('known');
    expect(stateOf([{ kind: 1 }])).toBe('unknown');
    expect(stateOf([{}])).toBe('unknown');
    expect(stateOf([null])).toBe('unknown');
    expect(stateOf({ kind: 'a' })).toBe('unknown');
  });

  it('refuses facts that were not declared or have the wrong type, and notes them', () => {
    const store = new Store(registry);
    store.add('files', new Set(['lora.size']), {
      subjects: [lora],
      facts: { 'lora:x': { 'lora.size': known('big'), 'lora.family': known('sdxl') } },
      notes: [],
    });
    expect(store.get('lora:x', 'lora.size').state).toBe('unknown');
    expect(store.notes().map((n) => `${n.code} ${n.detail}`)).toEqual(['wrong-type lora.size', 'undeclared-fact lora.family']);
  });

  it('survives JSON and answers the same afterwards', () => {
    const store = storeOf([
      {
        ...lora,
        facts: { 'lora.size': 5, 'lora.family': { state: 'na' }, 'lora.broken': { state: 'unknown', reason: 'too-large' } },
      },
    ]);
    const again = Store.from(JSON.parse(JSON.stringify(store.snapshot('2026-01-01T00:00:00.000Z'))), registry);
    for (const fact of ['lora.size', 'lora.family', 'lora.broken', 'lora.words'])
      expect(again.get('lora:x', fact)).toEqual(store.get('lora:x', fact));
    expect(again.subjects('lora')).toEqual(store.subjects('lora'));
  });

  it('diffs two snapshots by content, not by where it was read', () => {
    const snap = (facts: Record<string, unknown>) => storeOf([{ ...lora, facts }]).snapshot('t');
    const a = snap({ 'lora.size': { state: 'known', value: 5, source: { line: 1 } }, 'lora.broken': false });
    const b = snap({ 'lora.size': { state: 'known', value: 5, source: { line: 2 } }, 'lora.broken': true });
    expect(diffSnapshots(a, b)).toEqual({ added: [], removed: [], changed: { 'lora:x': ['lora.broken'] } });
    expect(diffSnapshots(a, storeOf([]).snapshot('t')).removed).toEqual(['lora:x']);
  });
});
