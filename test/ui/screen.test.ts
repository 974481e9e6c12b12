import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/report/schema';
import { textWidth } from '../../src/report/width';
import type { SessionState } from '../../src/watch/session-types';
import { chineseFinding, sampleFinding, sampleReport } from '../report/sample';
import { FakeSession, showScreen } from './render';

const scanning: SessionState = {
  phase: 'scanning',
  report: null,
  checks: [
    { id: 'install', title: { en: 'Installs', zh: '安装' }, status: 'ok' },
    { id: 'lora', title: { en: 'LoRA files', zh: 'LoRA 文件' }, status: 'running', done: 12, total: 40 },
    { id: 'gpu', title: { en: 'Graphics card', zh: '显卡' }, status: 'waiting' },
  ],
};

const many = (n: number): Finding[] =>
  Array.from({ length: n }, (_, at) =>
    sampleFinding({ fingerprint: `f${at}`, title: `Finding number ${at}`, severity: at % 3 === 0 ? 'error' : 'warning' }),
  );

const ready = (findings: Finding[]): SessionState => ({ phase: 'ready', checks: [], report: sampleReport(findings) });

describe.each([
  [80, 24],
  [50, 12],
  [40, 10],
] as const)('at %i×%i', (columns, rows) => {
  it('shows progress, then the list, then a finding, and leaves a clean terminal', async () => {
    const session = new FakeSession(scanning);
    const shown = await showScreen(session, { columns, rows });
    await shown.waitFor('LoRA files 12/40');
    expect(shown.stdin.rawMode).toBe(true);

    session.set(ready(many(40)));
    await shown.waitFor('Finding number 0');
    expect(await shown.waitFor('1/40')).toMatch(/^> ✖ .*confirmed Finding number 0/m);

    shown.type('G');
    await shown.waitFor(/^> .*Finding number 39/m);
    shown.type('\u001b[A');
    await shown.waitFor(/^> .*Finding number 38/m);
    shown.type('\r');
    await shown.waitFor('Cause: lora-not-found');
    shown.type('G');
    await shown.waitFor('https://example.org/lora');
    shown.type('\u001b');
    await shown.waitFor(/^> .*Finding number 38/m);

    expect(shown.stdout.terminal.tallest).toBeLessThanOrEqual(rows - 1);
    expect(shown.stdout.terminal.wipes).toBe(0);
    shown.type('q');
    expect(await shown.ended).toBe('quit');
    expect(shown.screen()).toEqual([]);
    expect(shown.stdout.terminal.cursorVisible).toBe(true);
    expect(shown.stdin.rawMode).toBe(false);
  });
});

describe('the screen', () => {
  it('speaks Chinese within the same columns, and switches', async () => {
    const session = new FakeSession(ready([chineseFinding()]));
    const shown = await showScreen(session, { columns: 50, rows: 16, language: 'zh-CN' });
    await shown.waitFor(/已确认 +提示词要求的 LoRA 不存在/);
    shown.type('\r');
    await shown.waitFor('没有名为 CatGirl 的 LoRA [/整合包/参');
    for (const line of shown.screen()) expect(textWidth(line)).toBeLessThanOrEqual(50);
    shown.type('l');
    await shown.waitFor('Evidence');
    expect(session.asked).toEqual(['en']);
    shown.type('\u0003');
    expect(await shown.ended).toBe('interrupt');
  });

  it('lists every key in the help page and comes back', async () => {
    const shown = await showScreen(new FakeSession(ready(many(3))), { rows: 30 });
    await shown.waitFor('Finding number 0');
    shown.type('?');
    const help = await shown.waitFor('Keys');
    for (const text of ['j, Down', 'PgDn, Space', 'Enter, Right', 'Esc', 'look again', '中文', 'quit at once'])
      expect(help).toContain(text);
    shown.type('\u001b');
    await shown.waitFor('Finding number 0');
    shown.type('q');
    await shown.ended;
  });

  it('asks what one sees, tells the answer, and shows what follows from it', async () => {
    const session = new FakeSession(ready(many(2)));
    const shown = await showScreen(session, { columns: 70, rows: 20 });
    await shown.waitFor('Finding number 0');
    shown.type('s');
    await shown.waitFor('What do you see?');
    shown.type('jj\r');
    await shown.waitFor(/^> .*No effect/m);
    expect(session.asked).toEqual(['say no-effect']);
    const before = ready(many(2));
    const differential = {
      symptom: 'no-effect',
      title: 'No effect',
      candidates: [{ cause: 'dead-lora', title: 'LoRA without effect', share: 0.75, finding: null }],
      settledBy: { fact: 'use.effect', title: 'x', how: 'make it twice' },
    };
    session.set({
      ...before,
      said: 'no-effect',
      report: before.report && { ...before.report, differentials: [differential] },
    });
    expect(await shown.waitFor('LoRA without effect 75%')).toContain('To settle it: make it twice');
    shown.type('g\r');
    await shown.waitFor(/^> .*nothing of these/m);
    expect(session.asked).toEqual(['say no-effect', 'say null']);
    shown.type('\u001b');
    await shown.waitFor('Finding number 0');
    shown.type('q');
    await shown.ended;
  });

  it('keeps the cursor on its finding when a new scan brings others', async () => {
    const session = new FakeSession(ready(many(4)));
    const shown = await showScreen(session);
    await shown.waitFor('Finding number 0');
    shown.type('jj');
    await shown.waitFor(/^> .*Finding number 2/m);
    session.set({ ...ready([sampleFinding({ fingerprint: 'new', title: 'Something new' }), ...many(4)]) });
    await shown.waitFor('Something new');
    expect(await shown.waitFor('1 new since you looked')).toMatch(/^> .*Finding number 2/m);
    shown.type('r');
    await shown.waitFor('4/5');
    expect(session.asked).toEqual(['rescan']);
    session.set({ ...session.current(), phase: 'scanning' });
    await shown.waitFor('looking again');
    shown.type('q');
    await shown.ended;
  });

  it('says what to do when the window is too small, and draws again when it grows', async () => {
    const shown = await showScreen(new FakeSession(ready(many(2))), { columns: 60, rows: 14 });
    await shown.waitFor('Finding number 0');
    shown.resize(30, 6);
    await shown.waitFor(/too small\s\(30×6\)/);
    shown.resize(100, 30);
    await shown.waitFor('Finding number 0');
    shown.type('q');
    await shown.ended;
  });

  it('shows why it failed, and what an empty report means', async () => {
    const session = new FakeSession({ phase: 'failed', checks: [], report: null, error: 'rules broken \u001b[31m' });
    const shown = await showScreen(session, { ascii: true });
    await shown.waitFor('The scan failed: rules broken ␛[31m');
    session.set({ phase: 'ready', checks: [], report: sampleReport([], { notes: [{ check: 'a', code: 'b', message: 'c' }] }) });
    await shown.waitFor('Nothing wrong was found in what could be checked.');
    session.set({
      phase: 'ready',
      checks: [],
      report: sampleReport([], { installs: [], summary: { ...sampleReport([]).summary, files: 0 } }),
    });
    await shown.waitFor('No WebUI was found here.');
    const log = { kind: 'log', id: 'log:a', label: 'a', facts: {} };
    session.set({
      phase: 'ready',
      checks: [],
      report: sampleReport([], {
        installs: [],
        summary: { ...sampleReport([]).summary, files: 0 },
        facts: { ...(sampleReport([]).facts as object), subjects: [log] },
      }),
    });
    await shown.waitFor('Nothing wrong was found.');
    shown.type('q');
    await shown.ended;
  });

  it('lists what could not be decided', async () => {
    const inconclusive = [
      {
        rule: 'oom/vram',
        subject: { kind: 'gpu', id: 'gpu:0', label: 'GPU' },
        blockedBy: [{ fact: 'gpu.vram', title: 'GPU memory', reason: 'unsupported' }],
      },
    ];
    const shown = await showScreen(
      new FakeSession({ phase: 'ready', checks: [], report: sampleReport(many(1), { inconclusive }) }),
    );
    await shown.waitFor('1 rule could not decide: press i');
    shown.type('i');
    const page = await shown.waitFor('GPU memory: this system or version does not tell');
    expect(page).toContain('oom/vram');
    shown.type('q');
    await shown.ended;
  });

  it('ends when told from outside', async () => {
    const controller = new AbortController();
    const shown = await showScreen(new FakeSession(scanning), { signal: controller.signal });
    await shown.waitFor('Looking');
    controller.abort();
    expect(await shown.ended).toBe('interrupt');
    expect(shown.screen()).toEqual([]);
  });

  it('writes no colour without color', async () => {
    const shown = await showScreen(new FakeSession(ready(many(2))));
    await shown.waitFor('Finding number 0');
    expect(shown.stdout.raw).not.toMatch(/\u001b\[[0-9;]*m/);
    shown.type('q');
    await shown.ended;
  });
});
