import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../src/facts/snapshot';
import type { Report } from '../../src/report/schema';
import type { WatchEvent } from '../../src/watch/events';
import { createSession, type WatchSession, withCheck } from '../../src/watch/session';
import type { ScanFunction, ScanOptions } from '../../src/watch/session-types';
import { sampleFinding, sampleReport } from '../report/sample';

const snapshot = (subjects: Snapshot['subjects'] = []): Snapshot => ({
  schema: 'lora-doctor/facts@1',
  takenAt: '',
  subjects,
  notes: [],
  checks: [],
});

/** A scan that returns what the test sets, and remembers what it was asked. */
function fakeScan() {
  const asked: ScanOptions[] = [];
  const fake = { findings: ['a'], subjects: [] as Snapshot['subjects'], fails: '', reword: false, asked };
  const scan: ScanFunction = async (options) => {
    asked.push(options);
    options.onCheck?.({ kind: 'started', id: 'lora', title: { en: 'LoRA', zh: 'LoRA' } });
    if (fake.fails) throw new Error(fake.fails);
    const report = (lang: Report['lang']) =>
      sampleReport(
        fake.findings.map((id) => sampleFinding({ fingerprint: id, title: `${id} ${lang}` })),
        { lang, facts: snapshot(fake.subjects) },
      );
    options.onCheck?.({ kind: 'ended', id: 'lora', status: 'ok' });
    return { snapshot: snapshot(fake.subjects), report: report(options.lang), ...(fake.reword ? { reword: report } : {}) };
  };
  return Object.assign(fake, { scan });
}

describe('session', () => {
  let fake: ReturnType<typeof fakeScan>;
  let session: WatchSession;
  let events: WatchEvent[];
  const names = () => events.map((event) => ('finding' in event ? `${event.event} ${event.finding.fingerprint}` : event.event));
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
  const change = (path = '/a', at = 1000) => ({ kind: 'changed' as const, path, at });
  const open = (more: { first?: Report } = {}) => {
    session = createSession({
      scan: fake.scan,
      request: { targets: ['/ui'], searching: false, depth: 'normal', lang: 'en' },
      now: () => Date.now(),
      coalesceMs: 100,
      confirmMs: 500,
      ...more,
    });
    events = [];
    session.onEvent((event) => events.push(event));
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: 5000 });
    fake = fakeScan();
    open();
  });
  afterEach(() => {
    session.close();
    vi.useRealTimers();
  });

  it('scans at once and tells the whole report first', async () => {
    expect(session.current()).toMatchObject({ phase: 'scanning', report: null });
    await settle();
    expect(session.current()).toMatchObject({ phase: 'ready', checks: [{ id: 'lora', status: 'ok' }] });
    expect(names()).toEqual(['report']);
  });

  it('shows what is known before the first scan, and tells the whole report of that scan all the same', async () => {
    session.close();
    const first = sampleReport([sampleFinding({ fingerprint: 'early' })]);
    open({ first });
    expect(session.current()).toMatchObject({ phase: 'scanning', report: first });
    await settle();
    expect(session.current().report?.findings.map((finding) => finding.fingerprint)).toEqual(['a']);
    expect(names()).toEqual(['report']);
  });

  it('gives the same state object until something changes, and a new one then', async () => {
    await settle();
    const before = session.current();
    expect(session.current()).toBe(before);
    const heard = vi.fn();
    const end = session.subscribe(heard);
    session.rescan();
    await settle();
    expect(session.current()).not.toBe(before);
    expect(heard).toHaveBeenCalled();
    end();
  });

  it('tells listeners of progress a few times a second only', async () => {
    await settle();
    const heard = vi.fn();
    const scanned = fake.scan;
    let during = -1;
    fake.scan = async (options) => {
      heard.mockClear();
      for (let done = 0; done < 500; done++) options.onCheck?.({ kind: 'progress', id: 'lora', done, what: 'x' });
      during = heard.mock.calls.length;
      return scanned(options);
    };
    session.close();
    open();
    session.subscribe(heard);
    await settle();
    expect(during).toBeGreaterThanOrEqual(0);
    expect(during).toBeLessThanOrEqual(1);
    expect(session.current().phase).toBe('ready');
  });

  it('makes one scan of many changes', async () => {
    await settle();
    for (let i = 0; i < 50; i++) session.apply([change(`/f${i}`)]);
    fake.findings = ['a', 'b'];
    await settle(100);
    expect(fake.asked.length).toBe(2);
    expect(names()).toEqual(['report', 'opened b']);
    expect(events[1]).toMatchObject({ changedAt: 1000 });
  });

  it('scans again for changes that came while it scanned', async () => {
    const wasRunning = vi.fn();
    session.subscribe(() => {
      if (session.current().phase !== 'scanning' || wasRunning.mock.calls.length > 0) return;
      wasRunning();
      session.apply([change()]);
    });
    await settle();
    expect(wasRunning).toHaveBeenCalledOnce();
    expect(fake.asked.length).toBe(1);
    await settle(100);
    expect(fake.asked.length).toBe(2);
  });

  it('asks once more before it calls a finding resolved', async () => {
    await settle();
    fake.findings = [];
    session.apply([change()]);
    await settle(100);
    expect(names()).toEqual(['report']);
    await settle(500);
    expect(names()).toEqual(['report', 'resolved a']);
    expect(events[1]).toMatchObject({ changedAt: 1000 });
    await settle(5000);
    expect(fake.asked.length).toBe(3);
  });

  it('tells of new pictures and the LoRAs asked for', async () => {
    await settle();
    fake.subjects = [
      { kind: 'image', id: 'image:/out/1.png', path: '/out/1.png', label: '1.png', facts: {} },
      {
        kind: 'prompt',
        id: 'prompt:/out/1.png',
        label: 'p',
        path: '/out/1.png',
        facts: { 'prompt.positive': { state: 'known', value: '<text>' } },
      },
      {
        kind: 'use',
        id: 'use:1',
        label: 'cat',
        links: { prompt: 'prompt:/out/1.png' },
        facts: { 'use.strength': { state: 'known', value: 0.8 }, 'use.inHashes': { state: 'known', value: 'yes' } },
      },
      {
        kind: 'use',
        id: 'use:2',
        label: 'dog',
        links: { prompt: 'prompt:/out/1.png' },
        facts: { 'use.strength': { state: 'unknown', reason: 'ambiguous' }, 'use.found': { state: 'known', value: false } },
      },
    ];
    session.apply([change('/other', 900), change('/out/1.png', 1200)]);
    await settle(100);
    expect(events[1]).toEqual({
      event: 'generation',
      changedAt: 1200,
      generation: {
        path: '/out/1.png',
        prompt: '<text>',
        asked: [
          { name: 'cat', strength: 0.8 },
          { name: 'dog', strength: null },
        ],
        loaded: ['cat'],
      },
    });
  });

  it('keeps the last report when a scan fails, says so, and recovers', async () => {
    await settle();
    fake.fails = 'disk gone';
    session.apply([change()]);
    await settle(100);
    expect(session.current()).toMatchObject({ phase: 'failed', error: 'disk gone', report: { lang: 'en' } });
    expect(events[1]).toMatchObject({ event: 'error', code: 'scan-failed', message: 'disk gone' });
    fake.fails = '';
    session.rescan();
    await settle();
    expect(session.current().phase).toBe('ready');
  });

  it('judges the same facts again when the user names a symptom, and hands it to later scans', async () => {
    fake.reword = true;
    await settle();
    const scans = fake.asked.length;
    session.say('black-image');
    expect(session.current()).toMatchObject({ said: 'black-image', report: { lang: 'en' } });
    expect(fake.asked).toHaveLength(scans);
    session.rescan();
    await settle();
    expect(fake.asked.at(-1)?.symptoms).toEqual(['black-image']);
    session.say(null);
    session.rescan();
    await settle();
    expect(fake.asked.at(-1)?.symptoms).toEqual([]);
    expect(session.questions()).toEqual([]);
  });

  it('changes the language without a scan when it can, and without news', async () => {
    fake.reword = true;
    await settle();
    session.rescan();
    await settle();
    session.setLanguage('zh-CN');
    expect(session.current().report?.findings[0]?.title).toBe('a zh-CN');
    session.rescan();
    await settle();
    expect(fake.asked.map((options) => options.lang)).toEqual(['en', 'en', 'zh-CN']);
    expect(names()).toEqual(['report']);
  });

  it('changes the language with a scan when it must', async () => {
    await settle();
    session.setLanguage('zh-CN');
    await settle();
    expect(session.current().report?.lang).toBe('zh-CN');
  });

  it('does nothing more once it is closed', async () => {
    await settle();
    session.close();
    session.apply([change()]);
    session.rescan();
    await settle(5000);
    expect(fake.asked.length).toBe(1);
    expect(fake.asked[0]?.signal.aborted).toBe(true);
  });
});

describe('withCheck', () => {
  it('follows a check from planned to ended', () => {
    const title = { en: 'A', zh: '甲' };
    let checks = withCheck([], {
      kind: 'planned',
      checks: [
        { id: 'a', title },
        { id: 'b', title },
      ],
    });
    checks = withCheck(checks, { kind: 'started', id: 'a', title });
    checks = withCheck(checks, { kind: 'progress', id: 'a', done: 2, total: 5, what: 'x' });
    checks = withCheck(checks, { kind: 'ended', id: 'c', status: 'ok' });
    expect(checks).toEqual([
      { id: 'a', title, status: 'running', done: 2, total: 5 },
      { id: 'b', title, status: 'waiting' },
    ]);
    expect(withCheck(checks, { kind: 'ended', id: 'a', status: 'timed-out' })[0]).toMatchObject({ status: 'timed-out' });
  });
});
