import { describe, expect, it } from 'vitest';
import { readLog } from '../../../src/formats/log/read';
import { createLogReader } from '../../../src/formats/log/reader';
import type { LogSession } from '../../../src/formats/log/session';
import { createTracebackReader, type Traceback } from '../../../src/formats/log/traceback';
import { signatures } from './load-signatures';

function read(log: string): LogSession[] {
  const reader = createLogReader({ signatures });
  reader.feed(new TextEncoder().encode(log));
  reader.end();
  return reader.sessions();
}

const signalsOf = (log: string): string[] => read(log).flatMap((session) => session.signals.map((hit) => hit.signal));

describe('logs out of the ordinary', () => {
  it('LG-01 finds 40 messages in a generated log of 512 MiB (of the 10 GB), each in its line, with little memory', () => {
    const filler = new Uint8Array(Buffer.alloc(1 << 20, 'one more line in which nothing of note happens, 42 of 99\n'));
    const lines = filler.filter((byte) => byte === 10).length;
    let fed = 0;
    function* pieces(): Generator<Uint8Array> {
      for (let i = 0; i < 512; i++) {
        yield filler;
        fed += filler.length;
        // The filler ends in the middle of a line.
        if (i % 13 === 0) yield new TextEncoder().encode(`\nLora not found: planted${i}\n`);
      }
    }
    const before = process.memoryUsage();
    const found = readLog(pieces(), { path: 'big.log', signatures });
    const after = process.memoryUsage();
    expect(fed).toBe(512 << 20);
    const [facts] = Object.values(found.facts);
    const hits = facts?.['log.signals'];
    const list = hits?.state === 'known' ? (hits.value as { firstLine: number; total: number }[]) : [];
    expect(list).toHaveLength(40);
    expect(list.map((hit) => hit.firstLine)).toEqual(Array.from({ length: 40 }, (_, i) => (13 * i + 1) * lines + 2 * i + 2));
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(128 << 20);
  });

  it.each([
    ['60,000 blanks before a message', `${' '.repeat(60_000)}Lora not found: x`],
    ['60,000 blanks inside of it', `Lora not found:${' '.repeat(60_000)}x`],
    ['a run of one letter', `${'a'.repeat(60_000)}!`],
    ['brackets without an end', '[('.repeat(30_000)],
    ['beginnings of a prefix', '[2025-01-01 10:00:00'.repeat(3000)],
    ['beginnings of a frame', `  File "${'/x'.repeat(30_000)}`],
    ['beginnings of a traceback', 'Traceback (most recent call last):'.repeat(1700)],
    ['colons and points', 'a.b:'.repeat(15_000)],
    ['every literal of a signature, many times', 'CUDA out of memory lora key not loaded: Error: '.repeat(1200)],
  ])(
    'LG-09 reads a line of 60,000 characters without going back over it: %s',
    (_, line) => {
      // A pattern that goes back over such a line would need minutes for forty of them.
      const sessions = read(`${line}\n`.repeat(40));
      expect(sessions).toHaveLength(1);
      expect(sessions[0]?.lastLine).toBeLessThanOrEqual(41);
    },
    20_000,
  );

  it('LG-26 takes lines in the order in which they stand, whatever their clocks say', () => {
    const at = (time: string, what: string): string => `${time} ERROR [x] Lora not found: ${what}`;
    const [session] = read(
      [
        at('2025-10-26 02:59:59,000', 'a'),
        at('2025-10-26 02:00:01,000', 'b'),
        at('2024-01-01 00:00:00,000', 'c'),
        '02:59:59.000 [Error] Lora not found: d',
        '[2025-10-26T01:00:00.000] Lora not found: e',
        at('2025-10-26 03:00:00,000', 'f'),
      ].join('\n'),
    );
    expect(session?.signals.map((hit) => [hit.firstLine, hit.captures.name ?? hit.captures.lora])).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => [i + 1, name]),
    );
  });

  it('LG-27 two tracebacks that run into each other give no exception that neither had', () => {
    const reader = createTracebackReader();
    const all: Traceback[] = [];
    const lines = [
      'Traceback (most recent call last):',
      '  File "/a/one.py", line 1, in one',
      'Traceback (most recent call last):',
      '  File "/b/two.py", line 2, in two',
      '    one()',
      '    two()',
      'ValueError: first',
      'KeyError: second',
    ];
    lines.forEach((line, i) => {
      reader.step(line, i + 1);
      all.push(...reader.take());
    });
    reader.end(lines.length);
    all.push(...reader.take());
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ exception: 'ValueError', message: 'first', firstLine: 3, mixed: true });
    expect(all[0]?.frames).toEqual([{ file: '/b/two.py', name: 'two' }]);
  });

  /** Lines of two tracebacks in turn. */
  const interleaved = (one: string, two: string): string =>
    [
      `${one}Traceback (most recent call last):`,
      `${two}Traceback (most recent call last):`,
      `${one}  File "/a/extensions/first/x.py", line 1, in one`,
      `${two}  File "/a/custom_nodes/second/y.py", line 2, in two`,
      `${one}    one()`,
      `${two}    two()`,
      `${two}KeyError: second`,
      `${one}ValueError: first`,
      `${one}done`,
      `${two}done`,
    ].join('\n');

  it.each([
    ['docker compose', 'webui-1    | ', 'comfyui-1  | '],
    ['SwarmUI', '12:00:00.123 [Debug] [ComfyUI-0/STDERR] ', '12:00:00.124 [Debug] [ComfyUI-1/STDERR] '],
    ['the journal', 'Nov 25 10:00:00 box python3[812]: ', 'Nov 25 10:00:00 box python3[1744]: '],
    ['the journal in ISO', '2026-11-25T10:00:00+0100 box webui.sh[812]: ', '2026-11-25T10:00:00+0100 box python[1744]: '],
    ['a process number', '[pid 812] ', '[pid 1744] '],
  ])('LG-27 tells two processes apart by their prefixes: %s', (_, one, two) => {
    const tracebacks = read(interleaved(one, two)).flatMap(({ signals }) =>
      signals.filter(({ signal }) => signal === 'extension-traceback'),
    );
    expect(
      tracebacks.map(({ captures }) => [captures.exception, captures.extension ?? captures.customNode, captures.mixed]),
    ).toEqual([
      ['KeyError', 'second', undefined],
      ['ValueError', 'first', undefined],
    ]);
  });

  it('LG-27 without prefixes says of what it read that it may belong to another', () => {
    const [hit, ...more] = read(interleaved('', '')).flatMap(({ signals }) =>
      signals.filter(({ signal }) => signal === 'extension-traceback'),
    );
    expect(hit?.captures.mixed).toBe('yes');
    expect(more).toEqual([]);
    const group =
      '  + Exception Group Traceback (most recent call last):\n  |   File "/a/b.py", line 1, in f\n  | Traceback (most recent call last):\n';
    expect(
      read(`${group}  |   File "/a/extensions/x/b.py", line 1, in f\n  | ValueError: a\n`).flatMap(({ signals }) =>
        signals.filter(({ captures }) => captures.mixed),
      ),
    ).toEqual([]);
  });

  it('LG-33 says that the disk is full when a log ends in the same short line again and again', () => {
    expect(signalsOf(`got prompt\n${'OSError: [Errno 28] No space left on device\n'.repeat(300)}OSError: [Er`)).toContain(
      'disk-full',
    );
  });
});
