import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogsCheck } from '../../../src/checks/logs/check';
import type { ByteSource } from '../../../src/formats/bytes';
import { startLog } from '../../../src/formats/log/read';
import { nodePlatform } from '../../../src/platform/node';
import type { Platform } from '../../../src/platform/platform';
import { signatures } from '../../formats/log/load-signatures';
import { runLogs } from './run-logs';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kept-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const PARTS = [
  'To see the GUI go to: http://127.0.0.1:8188\n',
  'Checkpoint files will always be loaded safely.\n',
  'got prompt\n',
  'lora key not loaded: lora_unet_a.alpha\n',
  '!!! Exception during processing !!! Allocation on device 0 would exceed allowed memory. (out of memory)\n',
  'Traceback (most recent call last):\n',
  '  File "/x/custom_nodes/some-nodes/nodes.py", line 5, in load\n    raise ValueError(a)\n',
  'ValueError: something is wrong\n',
  'During handling of the above exception, another exception occurred:\n\n',
  ' 45%|####      | 9/20 [00:04<00:05,  2.0it/s]\r',
  '\r\n',
  'Prompt executed in 5.0 seconds\n',
  '00:00:00-000000 ERROR    A message that rich has broken               file.py:12\n                         over two lines out of memory\n',
  'unfinished line',
  '\u001b[31mcolour\u001b[0m 中文\n',
  '\n',
];

/** A look at logs through one check, as `watch` does it; counts the bytes that are read of each. */
function watcher() {
  const check = createLogsCheck(signatures);
  const real = nodePlatform();
  const taken = new Map<string, number>();
  const withFile: Platform['withFile'] = (file, use) =>
    real.withFile(file, (source, info) => {
      const count = (bytes: number) => taken.set(path.basename(file), (taken.get(path.basename(file)) ?? 0) + bytes);
      const counted: ByteSource = {
        size: source.size,
        read(offset, length) {
          const bytes = source.read(offset, length);
          count(bytes.length);
          return bytes;
        },
      };
      return use(counted, info);
    });
  const look = async (files: readonly string[], with_ = check) => {
    taken.clear();
    return (await runLogs(with_, files, { withFile })).gathered;
  };
  return {
    look,
    fresh: (files: readonly string[]) => look(files, createLogsCheck(signatures)),
    read: (name: string) => taken.get(name) ?? 0,
  };
}

describe('logs that are read again', () => {
  it('reads only what is new of a log that grows, and nothing of the others', async () => {
    const at = watcher();
    const [growing, still] = [path.join(folder, 'growing.log'), path.join(folder, 'still.log')];
    const big = PARTS.join('').repeat(500);
    fs.writeFileSync(growing, `${big}\n`);
    fs.writeFileSync(still, `${big}\n`);
    const whole = fs.statSync(still).size;
    await at.look([growing, still]);
    expect(at.read('still.log')).toBeGreaterThanOrEqual(whole);
    await at.look([growing, still]);
    for (const part of PARTS) {
      const before = fs.statSync(growing).size;
      fs.appendFileSync(growing, part);
      const kept = await at.look([growing, still]);
      // What shows that it is the same log, a line that was not ended, and the new bytes.
      expect(at.read('growing.log')).toBeLessThan(1024 + fs.statSync(growing).size - before);
      expect(at.read('still.log')).toBeLessThan(1024);
      expect(kept).toEqual(await at.fresh([growing, still]));
      await at.look([growing, still]);
    }
  });

  it('tells the same as reading the whole log, however it grows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }), { minLength: 3, maxLength: 8 }),
        async (steps) => {
          const at = watcher();
          const file = path.join(folder, 'a.log');
          fs.writeFileSync(file, 'first line of a log\n');
          for (const step of steps) {
            fs.appendFileSync(file, step.join(''));
            const kept = await at.look([file]);
            expect(kept).toEqual(await watcher().look([file]));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<[string, (file: string) => void]>([
    ['is cut off', (file) => fs.truncateSync(file, 40)],
    ['is emptied', (file) => fs.truncateSync(file, 0)],
    ['is written anew, and longer', (file) => fs.writeFileSync(file, PARTS.slice().reverse().join('').repeat(9))],
    [
      'is replaced by another',
      (file) => {
        fs.renameSync(file, `${file}.1`);
        fs.writeFileSync(file, PARTS.join('').repeat(3));
      },
    ],
    ['becomes UTF-16', (file) => fs.writeFileSync(file, Buffer.from(`\ufeff${PARTS.join('').repeat(9)}`, 'utf16le'))],
    ['gets holes of zeros', (file) => fs.appendFileSync(file, `${'\u0000'.repeat(5000)}\nlora key not loaded: x\n`)],
    ['gets a line of 3 MiB', (file) => fs.appendFileSync(file, `${'x'.repeat(3 << 20)} out of memory`)],
  ])('tells the same when a log %s', async (_name, change) => {
    const at = watcher();
    const file = path.join(folder, 'a.log');
    fs.writeFileSync(file, PARTS.join('').repeat(5));
    for (let i = 0; i < 3; i++) await at.look([file]);
    change(file);
    for (let i = 0; i < 3; i++) {
      expect(await at.look([file])).toEqual(await watcher().look([file]));
      fs.appendFileSync(file, 'got prompt\n');
    }
  });

  it('a packed log is unpacked once', async () => {
    const at = watcher();
    const file = path.join(folder, 'a.log.1.gz');
    fs.writeFileSync(file, gzipSync(PARTS.join('')));
    const first = await at.look([file]);
    expect(at.read('a.log.1.gz')).toBeGreaterThan(0);
    expect(await at.look([file])).toEqual(first);
    expect(at.read('a.log.1.gz')).toBe(0);
  });
});

describe('a reading that goes on', () => {
  it('is not told in the middle of a line, and not changed by being told', () => {
    const options = { path: 'a.log', signatures };
    const reading = startLog(options);
    reading.feed(Buffer.from(`${PARTS[0]}${PARTS[5]}`));
    const first = reading.soFar(Buffer.from(PARTS[6] ?? ''), {});
    expect(reading.soFar(Buffer.from(PARTS[6] ?? ''), {})).toEqual(first);
    reading.feed(Buffer.from('half a line'));
    expect(reading.soFar(new Uint8Array(0), {})).toBeNull();
    reading.end();
  });
});
