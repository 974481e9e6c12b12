import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogsCheck } from '../../../src/checks/logs/check';
import { logFacts } from '../../../src/facts/registry/log';
import { signatures } from '../../formats/log/load-signatures';
import { INSTALL, runLogs } from './run-logs';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'logs-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function plant(name: string, text: string | Uint8Array, ageSeconds = 0): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  const at = fs.statSync(file).mtimeMs / 1000 - ageSeconds;
  fs.utimesSync(file, at, at);
  return file;
}

/** The logs that the check reads of these files. */
async function look(files: readonly string[]) {
  const check = createLogsCheck(signatures);
  const { store, gathered } = await runLogs(check, files);
  store.add('logs', new Set(check.provides), gathered);
  return { store, gathered, logs: store.subjects('log') };
}

describe('logs check: what is over', () => {
  const start = 'Checkpoint files will always be loaded safely.\nTo see the GUI go to: http://127.0.0.1:8188\n';
  const failed = `${start}lora key not loaded: lora_unet_a.alpha\nPrompt executed in 1.0 seconds\n`;
  const worked = `${start}got prompt\nPrompt executed in 5.0 seconds\n`;

  it('leaves out sessions before one that worked without a failure, and says so', async () => {
    const file = plant('comfyui.log', failed + worked);
    const { logs, gathered } = await look([file]);
    expect(logs.map((log) => log.id)).toEqual([`log:${file}#5`]);
    expect(gathered.notes).toMatchObject([{ code: 'log-sessions-over', path: file }]);
  });

  it('keeps an older session when the newer one failed too', async () => {
    const file = plant('comfyui.log', worked + failed);
    const { logs } = await look([file]);
    expect(logs).toHaveLength(2);
  });

  it('leaves out an older log that tells of a start that failed', async () => {
    const fresh = plant('comfyui.log', start);
    const before = plant('comfyui.prev.log', 'main.py: error: unrecognized arguments: --medvram\n', 60);
    expect((await look([fresh, before])).logs.map((log) => log.path)).toEqual([fresh]);
    const again = plant('errors.log', 'main.py: error: unrecognized arguments: --medvram\n', -60);
    expect((await look([fresh, before, again])).logs.map((log) => log.path)).toEqual([again, fresh]);
  });

  it('leaves out the rotated predecessor of a log without failure', async () => {
    const fresh = plant('comfyui.log', worked);
    const before = plant('comfyui.prev.log', failed, 60);
    const { logs, gathered } = await look([fresh, before]);
    expect(logs.map((log) => log.path)).toEqual([fresh]);
    expect(gathered.notes).toMatchObject([{ code: 'log-over', path: before }]);
  });
});

describe('logs check', () => {
  it('gives a subject for each session, the newest of the newest file first', async () => {
    const start = 'Checkpoint files will always be loaded safely.\n';
    const fresh = plant(
      'comfyui.log',
      `${start}got prompt\n${start}Lora file not found: x\nlora key not loaded: lora_unet_a.alpha\n`,
    );
    const old = plant('comfyui.prev.log', `${start}To see the GUI go to: http://127.0.0.1:8188\nStopped server\n`, 100);
    const { store, logs, gathered } = await look([old, fresh]);
    expect(gathered.notes).toEqual([]);
    expect(logs.map((log) => [log.id, store.value(log.id, 'log.index')])).toEqual([
      [`log:${fresh}#3`, 0],
      [`log:${fresh}#1`, 1],
      [`log:${old}#1`, 2],
    ]);
    expect(logs.every((log) => log.links?.install === INSTALL)).toBe(true);
    const newest = `log:${fresh}#3`;
    expect(store.value(newest, 'log.signals')).toMatchObject([{ signal: 'lora-key-not-loaded', firstLine: 5 }]);
    expect(store.value(newest, 'log.lines')).toBe(4);
    expect(store.value(`log:${old}#1`, 'log.outcome')).toBe('stopped');
    expect(store.get(newest, 'log.gpuName')).toMatchObject({ state: 'unknown', reason: 'not-stated' });
  });

  it('states every fact that it provides', async () => {
    const { gathered } = await look([plant('a.log', 'got prompt\n')]);
    const [facts] = Object.values(gathered.facts);
    expect(Object.keys(facts ?? {}).sort()).toEqual(logFacts.map((spec) => spec.id).sort());
  });

  it('reads the end of a big log, with the line numbers of the whole', async () => {
    const filler = Buffer.alloc(65 * 1024 * 1024, 'all is well and nothing happens here\n');
    const file = plant('big.log', Buffer.concat([filler, Buffer.from('\nCUDA out of memory. Tried to allocate 2.00 GiB\n')]));
    const { store, logs, gathered } = await look([file]);
    const [hit] = store.value<{ firstLine: number }[]>(logs[0]?.id ?? '', 'log.signals') ?? [];
    expect(hit?.firstLine).toBe(filler.toString('latin1').split('\n').length + 1);
    expect(gathered.notes).toMatchObject([{ code: 'log-tail-only', path: file }]);
  });

  it('notes a log that cannot be read and goes on', async () => {
    const { gathered, logs } = await look([path.join(folder, 'gone.log'), folder, plant('a.log', 'got prompt\n')]);
    expect(gathered.notes.map((note) => note.code).sort()).toEqual(['log-missing', 'log-not-a-file']);
    expect(logs).toHaveLength(1);
  });

  it('reads the newest six and says so', async () => {
    const files = Array.from({ length: 8 }, (_, i) => plant(`${i}.log`, 'got prompt\n', i));
    const { gathered, logs } = await look(files);
    expect(logs.map((log) => log.path)).toEqual(files.slice(0, 6));
    expect(gathered.notes).toMatchObject([{ code: 'log-files-left-out', counts: { n: 2 } }]);
  });
});

describe('logs check: packed logs (LG-31)', () => {
  const start = 'Checkpoint files will always be loaded safely.\n';
  const first = `${start}${'nothing of note\n'.repeat(2000)}`;
  const second = 'lora key not loaded: lora_unet_a.alpha\n';
  const hitLines = async (bytes: Uint8Array) => {
    const { store, logs, gathered } = await look([plant('comfyui.log.1.gz', bytes)]);
    const hits = logs.flatMap((log) => store.value<{ signal: string; firstLine: number }[]>(log.id, 'log.signals') ?? []);
    return { hits: hits.map((hit) => [hit.signal, hit.firstLine]), notes: gathered.notes.map((note) => note.code) };
  };

  it('LG-31 reads one member and several', async () => {
    const expected = { hits: [['lora-key-not-loaded', 2002]], notes: [] };
    expect(await hitLines(gzipSync(first + second))).toEqual(expected);
    expect(await hitLines(Buffer.concat([gzipSync(first), gzipSync(second)]))).toEqual(expected);
  });

  it('LG-31 reads what a cut one holds, and says that it was cut', async () => {
    const cut = gzipSync(`${start}${second}${Array.from({ length: 5000 }, (_, i) => i * i).join()}`);
    expect(await hitLines(cut.subarray(0, cut.length - 2000))).toEqual({
      hits: [['lora-key-not-loaded', 2]],
      notes: ['log-packed-cut'],
    });
    expect(await hitLines(Buffer.from([0x1f, 0x8b, 8, 0]))).toEqual({ hits: [], notes: ['log-packed-cut'] });
    const damaged = gzipSync(first + second);
    damaged.fill(0xff, 20, 60);
    expect((await hitLines(damaged)).notes).toEqual(['log-packed-cut']);
  });

  it('LG-31 stops at 64 MiB of one that explodes', async () => {
    const bomb = Buffer.concat([gzipSync(start + second), ...Array(9).fill(gzipSync(Buffer.alloc(16 << 20)))]);
    const { hits, notes } = await hitLines(bomb);
    expect(hits).toEqual([['lora-key-not-loaded', 2]]);
    expect(notes).toContain('log-packed-cut');
  });
});
