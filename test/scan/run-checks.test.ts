import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/checks/check';
import { Store } from '../../src/facts/store';
import { known } from '../../src/facts/value';
import { nodePlatform } from '../../src/platform/node';
import { runChecks } from '../../src/scan/run-checks';
import { registry } from '../diagnosis/world';

function check(id: string, run: Check['run'], more: Partial<Check> = {}): Check {
  return { id, title: { en: id, zh: id }, needs: [], provides: [], depth: 'quick', timeoutMs: 5000, run, ...more };
}

async function run(checks: Check[], depth: 'quick' | 'normal' = 'normal') {
  const store = new Store(registry);
  const events: string[] = [];
  await runChecks({
    checks,
    store,
    platform: nodePlatform(),
    targets: [],
    searching: false,
    depth,
    signal: new AbortController().signal,
    onCheck: (e) => {
      if (e.kind !== 'progress') events.push(`${e.kind} ${e.id}`);
    },
  });
  return { store, events };
}

const empty = { subjects: [], facts: {}, notes: [] };

describe('runChecks', () => {
  it('lets the others go on when one throws and one hangs', async () => {
    const { store } = await run([
      check('files', () => {
        throw new Error('boom');
      }),
      check('logs', () => new Promise(() => undefined), { timeoutMs: 20 }),
      check(
        'install',
        () => ({
          subjects: [{ kind: 'install', id: 'install:a', label: 'a' }],
          facts: { 'install:a': { 'install.ui': known('a1111') } },
          notes: [],
        }),
        {
          provides: ['install.ui'],
        },
      ),
    ]);
    expect(
      store
        .runs()
        .map((r) => [r.id, r.status])
        .sort(),
    ).toEqual([
      ['files', 'failed'],
      ['install', 'ok'],
      ['logs', 'timed-out'],
    ]);
    expect(store.value('install:a', 'install.ui')).toBe('a1111');
    expect(
      store
        .notes()
        .map((n) => n.code)
        .sort(),
    ).toEqual(['check-failed', 'check-timed-out']);
  });

  it('waits for what a check needs, also when that failed', async () => {
    const { events } = await run([
      check('logs', () => empty, { needs: ['install'] }),
      check('install', () => Promise.reject(new Error('no'))),
    ]);
    expect(events).toEqual(['started install', 'ended install', 'started logs', 'ended logs']);
  });

  it('leaves out what is deeper than asked for', async () => {
    const { store } = await run([check('files', () => empty, { depth: 'normal' })], 'quick');
    expect(store.runs()[0]?.status).toBe('skipped');
  });

  it('tells an overdue check to stop', async () => {
    let stopped = false;
    await run([
      check(
        'logs',
        ({ signal }) =>
          new Promise(() => {
            signal.addEventListener('abort', () => {
              stopped = true;
            });
          }),
        { timeoutMs: 10 },
      ),
    ]);
    expect(stopped).toBe(true);
  });
});
