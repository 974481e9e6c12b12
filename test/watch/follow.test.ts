import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodePlatform } from '../../src/platform/node';
import { ReadError } from '../../src/platform/platform';
import { followLog, LogFollower } from '../../src/watch/follow';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'follow-'));
  file = path.join(folder, 'a.log');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function follow(from?: 'start' | 'end') {
  const got = { text: '', lost: [] as string[] };
  const follower = new LogFollower(file, {
    ...(from ? { from } : {}),
    onChunk: (bytes) => {
      got.text += Buffer.from(bytes).toString('latin1');
    },
    onLost: (bytes, why) => got.lost.push(`${why} ${bytes}`),
  });
  return { follower, got };
}

describe('log follower', () => {
  it('tells what comes after it began', () => {
    fs.writeFileSync(file, 'old\n');
    const { follower, got } = follow();
    follower.look();
    fs.appendFileSync(file, 'new\n');
    expect(follower.look()).toBe(true);
    expect(follower.look()).toBe(false);
    expect(got).toEqual({ text: 'new\n', lost: [] });
    follower.close();
  });

  it('waits for a file that is not there and reads it whole', () => {
    const { follower, got } = follow();
    follower.look();
    fs.writeFileSync(file, 'first\n');
    follower.look();
    expect(got).toEqual({ text: 'first\n', lost: [] });
    follower.close();
  });

  it('loses and doubles nothing over renames (LG-13, LG-25)', () => {
    const { follower, got } = follow('start');
    let written = '';
    for (let i = 0; i < 200; i++) {
      fs.appendFileSync(file, `${i} before\n`);
      if (i % 3 === 0) follower.look();
      fs.appendFileSync(file, `${i} late\n`);
      fs.renameSync(file, `${file}.${i}`);
      if (i % 2 === 0) follower.look();
      fs.writeFileSync(file, `${i} after\n`);
      written += `${i} before\n${i} late\n${i} after\n`;
      follower.look();
    }
    expect(got).toEqual({ text: written, lost: [] });
    follower.close();
  });

  it('loses nothing when the file is deleted and made anew (LG-14)', () => {
    const { follower, got } = follow('start');
    for (let i = 0; i < 50; i++) {
      fs.appendFileSync(file, `${i}\n`);
      follower.look();
      fs.rmSync(file);
    }
    expect(got.text).toBe(Array.from({ length: 50 }, (_, i) => `${i}\n`).join(''));
    follower.close();
  });

  it('tells a truncation and reads from the start again (LG-15, LG-18)', () => {
    fs.writeFileSync(file, 'one\ntwo\n');
    const { follower, got } = follow('start');
    follower.look();
    fs.writeFileSync(file, 'x\n');
    follower.look();
    expect(got).toEqual({ text: 'one\ntwo\nx\n', lost: ['truncated 0'] });
    follower.close();
  });

  it('notices a file written anew past its old size (LG-16)', () => {
    fs.writeFileSync(file, 'aaaa\n');
    const { follower, got } = follow('start');
    follower.look();
    fs.writeFileSync(file, 'bbbbbbbbbb\n');
    follower.look();
    expect(got).toEqual({ text: 'aaaa\nbbbbbbbbbb\n', lost: ['truncated 0'] });
    follower.close();
  });

  it('follows the name when a link points elsewhere (LG-32)', () => {
    fs.writeFileSync(path.join(folder, '1'), 'one\n');
    fs.writeFileSync(path.join(folder, '2'), 'two\n');
    fs.symlinkSync(path.join(folder, '1'), file);
    const { follower, got } = follow('start');
    follower.look();
    fs.rmSync(file);
    fs.symlinkSync(path.join(folder, '2'), file);
    follower.look();
    expect(got).toEqual({ text: 'one\ntwo\n', lost: [] });
    follower.close();
  });

  it('reads no folder', () => {
    fs.mkdirSync(file);
    const { follower, got } = follow('start');
    follower.look();
    follower.look();
    expect(got).toEqual({ text: '', lost: ['unreadable 0'] });
    follower.close();
  });

  it('reads exactly what is written by any program without truncation (LG-36)', () => {
    const step = fc.constantFrom('write', 'rename', 'look', 'recreate' as const);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        fs.rmSync(folder, { recursive: true, force: true });
        fs.mkdirSync(folder);
        const { follower, got } = follow('start');
        let written = '';
        steps.forEach((what, i) => {
          if (what === 'write') {
            fs.appendFileSync(file, `line ${i}\n`);
            written += `line ${i}\n`;
          } else if (what === 'look') follower.look();
          else if (fs.existsSync(file)) {
            // Before a file vanishes it must have been seen: what was never there at a look cannot be known of.
            follower.look();
            if (what === 'rename') fs.renameSync(file, `${file}.${i}`);
            else fs.rmSync(file);
          }
        });
        follower.look();
        follower.close();
        expect(got).toEqual({ text: written, lost: [] });
      }),
      { numRuns: 200 },
    );
  });
});

describe('log follower, out of the ordinary', () => {
  it('LG-12 hands over a line without its end once, and then only what completes it', () => {
    fs.writeFileSync(file, 'whole\nhal');
    const { follower, got } = follow('start');
    follower.look();
    follower.look();
    expect(got.text).toBe('whole\nhal');
    fs.appendFileSync(file, 'f\nnext');
    follower.look();
    fs.appendFileSync(file, '\n');
    follower.look();
    expect(got).toEqual({ text: 'whole\nhalf\nnext\n', lost: [] });
    follower.close();
  });

  it('LG-17 holds the old file until it has read it, so that a new one never gets its number unnoticed', () => {
    const { follower, got } = follow('start');
    let written = '';
    let before = 0;
    for (let i = 0; i < 100; i++) {
      fs.rmSync(file, { force: true });
      fs.writeFileSync(file, `${i} of equal length\n`.padStart(24));
      written += `${i} of equal length\n`.padStart(24);
      const { ino } = fs.statSync(file);
      expect(ino).not.toBe(before);
      before = ino;
      follower.look();
    }
    expect(got).toEqual({ text: written, lost: [] });
    follower.close();
  });

  it.runIf(process.platform !== 'win32')('LG-24 neither reads a pipe nor waits for one', () => {
    execFileSync('mkfifo', [file]);
    const { follower, got } = follow('start');
    expect(follower.look()).toBe(false);
    expect(got).toEqual({ text: '', lost: ['unreadable 0'] });
    follower.close();
    expect(() => nodePlatform().withFile(file, () => 0)).toThrow(ReadError);
  });

  it('LG-35 looks once a second at a log that is quiet all day, and keeps nothing', () => {
    vi.useFakeTimers();
    fs.writeFileSync(file, 'old\n');
    const stop = new AbortController();
    const timer = vi.spyOn(globalThis, 'setTimeout');
    followLog(file, { signal: stop.signal, onChunk: () => undefined, onLost: () => undefined });
    vi.advanceTimersByTime(24 * 3600 * 1000);
    const delays = timer.mock.calls.map(([, ms]) => ms ?? 0);
    stop.abort();
    expect(delays.length).toBeLessThanOrEqual(24 * 3600 + 1);
    expect(Math.min(...delays)).toBe(1000);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
});
