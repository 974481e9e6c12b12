import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../src/facts/snapshot';
import type { FileChange, WatchEvent } from '../../src/watch/events';
import { goLive, onlyProgress } from '../../src/watch/live';
import { watchPlaces } from '../../src/watch/places';
import type { WatchSession } from '../../src/watch/session';
import type { ScanResult } from '../../src/watch/session-types';
import { type WatchFilesOptions, watchFiles } from '../../src/watch/watcher';
import { sampleReport } from '../report/sample';

const snapshotOf = (loras: string[], logs: string[]): Snapshot => ({
  schema: 'lora-doctor/facts@1',
  takenAt: '',
  notes: [],
  checks: [],
  subjects: [
    {
      kind: 'install',
      id: 'install:/ui',
      label: 'ui',
      path: '/ui',
      facts: {
        'install.loraFolders': { state: 'known', value: loras },
        'install.vaeFolders': { state: 'unknown', reason: 'unreadable' },
        'install.paramsFile': { state: 'known', value: '/ui/params.txt' },
        'install.logFolders': { state: 'known', value: ['/ui', '/ui/user'] },
        'install.logFiles': { state: 'known', value: logs },
      },
    },
    { kind: 'log', id: 'log:/x.log#0', label: 'x', path: '/x.log', facts: {} },
    { kind: 'log', id: 'log:/x.log#1', label: 'x', path: '/x.log', facts: {} },
  ],
});

describe('watchPlaces', () => {
  it('takes known folders and logs, each once', () => {
    expect(watchPlaces(snapshotOf(['/m/b', '/m/a', '/m/b'], ['/ui/a.log', '/ui/a.log.1.gz']))).toEqual({
      folders: ['/m/a', '/m/b', '/ui/params.txt'],
      logs: ['/ui/a.log', '/x.log'],
      logFolders: ['/ui', '/ui/user'],
    });
  });
});

describe('onlyProgress', () => {
  it.each([
    [' 45%|####     | 9/20 [00:04<00:05,  2.0it/s]\r 50%|#####', true],
    ['\n\n', true],
    ['100%|####| 20/20\nTotal progress: 100%|###|\n', true],
    ['100%|####| 20/20\nRuntimeError: x\n', false],
    ['CUDA out of memory', false],
  ])('%j is %s', (text, only) => {
    expect(onlyProgress(text)).toBe(only);
  });
});

/** A session that remembers what it was given; scans are ended by the test. */
function fakeSession() {
  const applied: FileChange[] = [];
  const told: WatchEvent[] = [];
  let onScan: (result: ScanResult) => void = () => undefined;
  const session: WatchSession = {
    apply: (changes) => applied.push(...changes),
    tell: (event) => told.push(event),
    onScan: (listener) => {
      onScan = listener;
      return () => undefined;
    },
    onEvent: () => () => undefined,
    subscribe: () => () => undefined,
    current: () => ({ phase: 'ready', checks: [], report: null }),
    rescan: () => undefined,
    setLanguage: () => undefined,
    questions: () => [],
    say: () => undefined,
    close: () => undefined,
  };
  return { session, applied, told, scanned: (snapshot: Snapshot) => onScan({ snapshot, report: sampleReport([]) }) };
}

describe('goLive', () => {
  const start = () => {
    const fake = fakeSession();
    const stop = new AbortController();
    const watchers: { options: WatchFilesOptions; close: ReturnType<typeof vi.fn> }[] = [];
    const logs = new Map<
      string,
      { onChunk(bytes: Uint8Array): void; onLost(bytes: number, why: string): void; signal: AbortSignal }
    >();
    goLive({
      session: fake.session,
      now: () => 7,
      signal: stop.signal,
      watchFiles: async (options) => {
        const close = vi.fn(async () => undefined);
        watchers.push({ options, close });
        return { close };
      },
      followLog: (file, options) => logs.set(file, options),
    });
    return { ...fake, stop, watchers, logs };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('watches what the scan found, once, and other places when they change', async () => {
    const live = start();
    live.scanned(snapshotOf(['/m'], ['/a.log']));
    live.scanned(snapshotOf(['/m'], ['/a.log']));
    await turn();
    expect(live.watchers.map((w) => w.options.paths)).toEqual([['/m', '/ui/params.txt']]);
    live.scanned(snapshotOf(['/m', '/n'], ['/b.log']));
    await turn();
    expect(live.watchers[1]?.options.paths).toEqual(['/m', '/n', '/ui/params.txt']);
    expect(live.watchers[0]?.close).not.toHaveBeenCalled();
    live.watchers[1]?.options.onReady();
    expect(live.watchers[0]?.close).toHaveBeenCalledOnce();
    expect([...live.logs.keys()]).toEqual(['/a.log', '/x.log', '/b.log']);
    expect(live.logs.get('/a.log')?.signal.aborted).toBe(true);
    live.stop.abort();
    await turn();
    expect(live.watchers[1]?.close).toHaveBeenCalledOnce();
    expect(live.logs.get('/b.log')?.signal.aborted).toBe(true);
  });

  it('hands on changes, news in logs and losses, but no progress bars', async () => {
    const live = start();
    live.scanned(snapshotOf(['/m'], []));
    await turn();
    const change: FileChange = { kind: 'added', path: '/m/a.safetensors', at: 3 };
    live.watchers[0]?.options.onChange(change);
    const log = live.logs.get('/x.log');
    log?.onChunk(Buffer.from(' 5%|# | 1/20\r'));
    log?.onChunk(Buffer.from('Error: x\n'));
    log?.onLost(99, 'rotated');
    expect(live.applied).toEqual([change, { kind: 'log', path: '/x.log', at: 7 }]);
    expect(live.told).toEqual([{ event: 'lost', path: '/x.log', bytes: 99, why: 'rotated', changedAt: 7 }]);
  });

  it('LG-34 looks at intervals when the system has no more watches, and says so', async () => {
    const live = start();
    live.scanned(snapshotOf(['/m'], []));
    await turn();
    live.watchers[0]?.options.onError({ code: 'ENOSPC', message: 'limit' });
    await turn();
    expect(live.watchers.map((w) => w.options.polling)).toEqual([false, true]);
    live.watchers[1]?.options.onError({ code: 'EIO', message: 'broken' });
    expect(live.told).toMatchObject([
      { event: 'error', code: 'watch-polling', message: 'ENOSPC' },
      { event: 'error', code: 'watch-failed', message: 'broken' },
    ]);
  });
});

/** A real watcher on a new folder; `until` keeps doing something until the wanted change was told. */
async function watched(polling: boolean) {
  const folder = mkdtempSync(path.join(tmpdir(), 'lora-doctor-watch-'));
  const changes = new Set<string>();
  let isReady: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (isReady = resolve));
  const watcher = await watchFiles({
    paths: [folder],
    polling,
    now: () => 1,
    onReady: () => isReady(),
    onError: (error) => changes.add(`error ${error.code}`),
    onChange: ({ kind, path: file }) => changes.add(`${kind} ${path.basename(file)}`),
  });
  await started;
  const until = async (wanted: string, act: () => void) => {
    while (!changes.has(wanted)) {
      act();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const close = async () => {
    await watcher.close();
    rmSync(folder, { recursive: true });
  };
  return { folder, changes, until, close };
}

describe('watchFiles', () => {
  it('tells of a new and a removed file, not of unfinished downloads', async () => {
    const { folder, changes, until, close } = await watched(false);
    const file = path.join(folder, 'a.safetensors');
    writeFileSync(`${file}.part`, 'x');
    await until('added a.safetensors', () => writeFileSync(file, 'x'));
    await until('removed a.safetensors', () => rmSync(file, { force: true }));
    await close();
    expect([...changes].filter((change) => change.includes('.part') || change.startsWith('error'))).toEqual([]);
  });

  it('tells of a new file when it looks at intervals', async () => {
    const { folder, changes, until, close } = await watched(true);
    let turn = 0;
    // A folder's time may have the granularity of the look before: keep the folder changing until it was seen.
    await until('added a0.safetensors', () => writeFileSync(path.join(folder, `a${turn++}.safetensors`), 'x'));
    await close();
    expect(changes).toContain('added a0.safetensors');
  });
});
