import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, hasQuiet, noFindings, type OpenFindings } from '../../src/watch/diff';
import { sampleFinding } from '../report/sample';

const finding = (id: string, title = id) => sampleFinding({ fingerprint: id, title });
const events = (open: OpenFindings, ids: readonly string[]) => {
  const result = evaluate(
    open,
    ids.map((id) => finding(id)),
  );
  return { open: result.open, names: result.changes.map((change) => `${change.event} ${change.finding.fingerprint}`) };
};

describe('evaluate', () => {
  it('opens at once, resolves only after two quiet evaluations', () => {
    const first = events(noFindings, ['a', 'b']);
    expect(first.names).toEqual(['opened a', 'opened b']);
    const second = events(first.open, ['a']);
    expect(second.names).toEqual([]);
    expect(hasQuiet(second.open)).toBe(true);
    const third = events(second.open, ['a']);
    expect(third.names).toEqual(['resolved b']);
    expect(hasQuiet(third.open)).toBe(false);
  });

  it('says nothing of a finding that flaps', () => {
    const gone = events(events(noFindings, ['a']).open, []);
    const back = events(gone.open, ['a']);
    expect([...gone.names, ...back.names]).toEqual([]);
    expect(events(events(back.open, []).open, []).names).toEqual(['resolved a']);
  });

  it('tells when a known finding says something else', () => {
    const { open } = evaluate(noFindings, [finding('a')]);
    expect(evaluate(open, [finding('a', 'other')]).changes).toMatchObject([{ event: 'updated', finding: { title: 'other' } }]);
  });

  it('leads a listener to the same set as the evaluations, whatever comes', () => {
    const sets = fc.array(fc.subarray(['a', 'b', 'c', 'd']), { maxLength: 12 });
    fc.assert(
      fc.property(sets, (list) => {
        const known = new Set<string>();
        let open = noFindings;
        const step = (ids: readonly string[]) => {
          const result = events(open, ids);
          open = result.open;
          for (const name of result.names) {
            const [event, id] = name.split(' ') as [string, string];
            expect(known.has(id)).toBe(event !== 'opened');
            if (event === 'opened') known.add(id);
            else if (event === 'resolved') known.delete(id);
          }
        };
        for (const ids of list) step(ids);
        const last = list.at(-1) ?? [];
        step(last);
        expect([...known].sort()).toEqual([...last].sort());
      }),
      { numRuns: 300 },
    );
  });
});
