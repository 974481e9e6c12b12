import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchEvent } from '../../src/watch/events';
import { ndjsonLine } from '../../src/watch/ndjson';
import { eventText } from '../../src/watch/words';
import { writeEvents } from '../../src/watch/write';
import { sampleFinding, sampleReport } from '../report/sample';

const finding = sampleFinding();

describe('ndjsonLine', () => {
  it('begins with the whole report', () => {
    const line = JSON.parse(ndjsonLine({ event: 'report', report: sampleReport([finding]) }, 0));
    expect(line).toMatchObject({
      event: 'report',
      schema: 'lora-doctor/report@1',
      at: '1970-01-01T00:00:00.000Z',
      latencyMs: 0,
      findings: [finding],
    });
  });

  it('carries the time and the latency with each event', () => {
    expect(JSON.parse(ndjsonLine({ event: 'resolved', finding, changedAt: 1000 }, 1250))).toEqual({
      event: 'resolved',
      finding,
      at: '1970-01-01T00:00:01.250Z',
      latencyMs: 250,
    });
    expect(JSON.parse(ndjsonLine({ event: 'lost', path: '/a', bytes: 5, why: 'x', changedAt: 9 }, 3))).toMatchObject({
      latencyMs: 0,
      bytes: 5,
    });
  });

  it('folds what the watcher itself says', () => {
    const fold = (text: string) => text.replaceAll('/home/me', '~');
    expect(ndjsonLine({ event: 'lost', path: '/home/me/a.log', bytes: 1, why: 'x', changedAt: 0 }, 0, fold)).toContain(
      '"~/a.log"',
    );
    expect(ndjsonLine({ event: 'error', code: 'x', message: 'EIO /home/me/a', changedAt: 0 }, 0, fold)).toContain('"EIO ~/a"');
  });

  it('is one line of safe JSON for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const line = ndjsonLine({ event: 'error', code: 'x', message, changedAt: 0 }, 0);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        expect(JSON.parse(line).message).toBe(message);
      }),
      { numRuns: 200 },
    );
  });
});

describe('eventText', () => {
  const text = (event: WatchEvent, language: 'en' | 'zh-CN' = 'en') =>
    eventText(event, { language, width: 80, color: false, ascii: false });

  it('is one line for each event, in both languages', () => {
    expect(text({ event: 'opened', finding, changedAt: 0 })).toBe(
      'opened  error  confirmed  lora-not-found  The prompt asks for a LoRA that is not there\n',
    );
    expect(text({ event: 'resolved', finding, changedAt: 0 }, 'zh-CN')).toMatch(/^已解决 {2}错误 {2}已确认 {2}lora-not-found/);
    const generation = {
      path: '/o/1.png',
      prompt: 'p',
      asked: [
        { name: 'cat', strength: 1 },
        { name: 'd\u001bg', strength: 1 },
      ],
      loaded: [],
    };
    expect(text({ event: 'generation', generation, changedAt: 0 })).toBe(
      'picture  /o/1.png  asked for: cat, d␛g; loaded: none\n',
    );
    expect(
      text({ event: 'generation', generation: { path: 'a', prompt: null, asked: null, loaded: null }, changedAt: 0 }),
    ).toContain('loaded: not known');
    expect(text({ event: 'lost', path: '/a.log', bytes: 7, why: 'rotated', changedAt: 0 })).toBe(
      'lost  7 bytes of /a.log were skipped: rotated\n',
    );
    expect(text({ event: 'error', code: 'watch-polling', message: 'ENOSPC', changedAt: 0 })).toContain('max_user_watches');
    expect(text({ event: 'error', code: 'scan-failed', message: 'x', changedAt: 0 })).toBe('error  The scan failed: x\n');
  });

  it('begins with the report', () => {
    expect(text({ event: 'report', report: sampleReport([finding]) })).toContain('Problems found.');
  });
});

describe('writeEvents', () => {
  it.each([
    [true, (out: string) => JSON.parse(out).message === 'in ~'],
    [false, (out: string) => out === 'error  The scan failed: in /home/me\n'],
  ])('writes what happens (json %s)', (json, holds) => {
    let tell: (event: WatchEvent) => void = () => undefined;
    let out = '';
    writeEvents(
      {
        onEvent: (listener) => {
          tell = listener;
          return () => undefined;
        },
      },
      {
        json,
        lang: 'en',
        color: false,
        ascii: false,
        now: () => 0,
        fold: (text) => text.replaceAll('/home/me', '~'),
        stdout: { isTTY: false, write: (text) => (out += text) },
      },
    );
    tell({ event: 'error', code: 'scan-failed', message: 'in /home/me', changedAt: 0 });
    expect(holds(out), out).toBe(true);
  });
});
