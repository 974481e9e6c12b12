import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogKernel } from '../../../src/formats/log/kernel';
import { readLog } from '../../../src/formats/log/read';
import { createLogReader, type LogReaderOptions } from '../../../src/formats/log/reader';
import type { LogSession } from '../../../src/formats/log/session';
import { signatures } from './load-signatures';

function read(log: string | Uint8Array, options: Partial<LogReaderOptions> = {}, size = 1 << 20): LogSession[] {
  const bytes = typeof log === 'string' ? new TextEncoder().encode(log) : log;
  const reader = createLogReader({ signatures, ...options });
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
  reader.end();
  return reader.sessions();
}

const signalsOf = (sessions: readonly LogSession[]) => sessions.flatMap((session) => session.signals.map((hit) => hit.signal));
const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, '../../fixtures/logs', `${name}.log`));

describe('log reader on recordings', () => {
  it.each([
    [
      'comfyui-missing-lora',
      ['lora-name-not-in-list', 'prompt-validation-failed'],
      { ui: 'comfyui', version: '0.33.0', outcome: 'stopped' },
    ],
    ['comfyui-seven-byte-lora', ['safetensors-header-too-small', 'generation-failed'], { ui: 'comfyui', version: '0.3.64' }],
    ['comfyui-no-vae-checkpoint', ['vae-missing'], { ui: 'comfyui', serverStarted: true }],
    ['comfyui-python-too-old', ['python-too-old'], { serverStarted: false }],
    ['a1111-extension-missing-module', ['module-not-found', 'extension-traceback'], { ui: 'a1111', version: 'v1.10.1' }],
    ['a1111-truncated-lora', ['safetensors-incomplete', 'lora-load-failed'], { lorasFailed: ['detail_sd15'] }],
    ['a1111-torch-no-gpu', ['torch-no-gpu'], { ui: 'a1111', outcome: 'never-started', python: '3.10.13' }],
    [
      'forge-missing-lora',
      ['lora-name-unresolved', 'lora-step-failed'],
      { ui: 'forge', torch: '2.3.1+cu121', torchBuild: 'cu121' },
    ],
  ])('%s', (name, expected, facts) => {
    const sessions = read(fixture(name));
    expect(sessions).toHaveLength(1);
    expect(signalsOf(sessions)).toEqual(expect.arrayContaining(expected));
    expect(sessions[0]).toMatchObject(facts);
  });

  it('gives the same for all chunk sizes', () => {
    const log = fixture('forge-missing-lora');
    const whole = read(log);
    for (const size of [1, 7, 100, 4096]) expect(read(log, {}, size)).toEqual(whole);
  });
});

describe('log reader', () => {
  it('keeps line numbers of \\n and takes \\r for a line break (LG-03, LG-22)', () => {
    const [session] = read('a\r\nERROR x CUDA out of memory\rOK\nb\nCUDA out of memory. Tried to allocate 2.00 GiB\n');
    expect(session?.signals).toMatchObject([{ signal: 'cuda-out-of-memory', firstLine: 2 }, { firstLine: 4 }]);
  });

  it('counts a million equal lines as one hit (LG-10, a tenth of it)', () => {
    const [session] = read('lora key not loaded: lora_unet_x.alpha\n'.repeat(100_000));
    expect(session?.signals).toMatchObject([{ count: 100_000, total: 100_000, firstLine: 1, lastLine: 100_000 }]);
  });

  it('keeps fifty different hits of a signal and counts the others', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `Lora not found: lora${i}`).join('\n');
    const [session] = read(lines);
    expect(session?.signals).toHaveLength(50);
    expect(session?.signals[0]?.total).toBe(80);
    expect(session?.lorasFailed).toHaveLength(80);
  });

  it('separates sessions and keeps the last ones (LG-18, LG-30)', () => {
    const start = (n: number) => `Python 3.10.6 (tags)\nVersion: v1.${n}.0\nLora not found: a${n}\n`;
    const sessions = read([1, 2, 3, 4, 5].map(start).join(''));
    expect(sessions.map((session) => session.version)).toEqual(['v1.3.0', 'v1.4.0', 'v1.5.0']);
    expect(sessions[2]).toMatchObject({ firstLine: 13, lorasFailed: ['a5'] });
  });

  it('does not match source lines of a traceback', () => {
    const log =
      'Traceback (most recent call last):\n  File "/x/a.py", line 3, in f\n    raise RuntimeError("CUDA out of memory")\nKeyError: 3\n';
    expect(signalsOf(read(log))).toEqual(['traceback']);
  });

  it('does not match the arguments that A1111 dumps', () => {
    expect(read("*** Arguments: ('task', 'a poster: CUDA out of memory. Tried to allocate 2 GiB') {}\n")[0]?.signals).toEqual([]);
  });

  it('joins what rich has wrapped', () => {
    const log =
      '2025-01-01 10:00:00 ERROR    No data found. Please                             train_util.py:12\n                             verify arguments (x)                  \n';
    expect(signalsOf(read(log))).toEqual(['no-training-data']);
  });

  it('matches through colours in the middle of a literal (LG-19)', () => {
    expect(signalsOf(read('\x1b[31mCUDA \x1b[1mout of\x1b[0m memory. Tried\n'))).toEqual(['cuda-out-of-memory']);
  });

  it('shows nothing raw in the text of a hit (LG-23)', () => {
    const [session] = read('Lora not found: a\u202eb\u0007\n');
    expect(session?.signals[0]?.text).toMatch(/^Lora not found: a\\u\{202e\}b␇$/);
  });

  it('leaves wordings of other programs out when the program is known', () => {
    expect(read('[LORA] LoRA version mismatch for KModel: /x/a.safetensors\n', { ui: 'comfyui' })[0]?.signals).toEqual([]);
  });

  it.each([
    ['v1.10.1', 'a1111'],
    ['f2.0.1v1.10.1-previous-669-gdfdcbab6', 'forge'],
    ['f1.0.0v2-v1.10.1RC-latest-2510-g3b56b268', 'reforge'],
    ['classic', 'forge-classic'],
    ['neo', 'forge-neo'],
  ])('tells the program by the version %s', (version, ui) => {
    expect(read(`Python 3.10.6 (tags)\nVersion: ${version}\n`)).toMatchObject([{ version, ui }]);
  });

  it('reads the options that the program got', () => {
    const line = 'Launching Web UI with arguments: --xformers --lora-dir "D:\\my models\\Lora" --name=\'a b\'\n';
    expect(read(line)[0]?.args).toEqual(['--xformers', '--lora-dir', 'D:\\my models\\Lora', '--name=a b']);
  });

  it.each([
    ['Total VRAM 6144 MB, total RAM 1 MB\nTo see the GUI go to: http://x:1\n', 'running'],
    ['Total VRAM 6144 MB, total RAM 1 MB\nTo see the GUI go to: http://x:1\nStopped server\n', 'stopped'],
    ['Total VRAM 6144 MB, total RAM 1 MB\nTo see the GUI go to: http://x:1\nKilled\n', 'crashed'],
    ["Total VRAM 6144 MB, total RAM 1 MB\nModuleNotFoundError: No module named 'x'\n", 'never-started'],
    ['lora key not loaded: a\n', 'unknown'],
  ])('tells how a session went: %j', (log, outcome) => {
    expect(read(log)).toMatchObject([{ outcome }]);
  });

  const REFUSED = 'usage: main.py [-h]\nmain.py: error: unrecognized arguments: --medvram\n';
  const STARTED = 'Total VRAM 6144 MB, total RAM 16000 MB\nTo see the GUI go to: http://127.0.0.1:8188\n';

  it('begins anew after options were refused', () => {
    expect(read(REFUSED + STARTED)).toMatchObject([{ outcome: 'never-started' }, { outcome: 'running' }]);
    expect(read(`train_network.py: error: unrecognized arguments: x\n${STARTED}`)).toHaveLength(1);
  });

  it('leaves out a start that failed before one that did not', () => {
    const signals = (log: string): string[] => {
      const { subjects, facts } = readLog([new TextEncoder().encode(log)], { path: 'a.log', signatures });
      return subjects.flatMap(({ id }) => {
        const fact = facts[id]?.['log.signals'];
        return fact?.state === 'known' ? (fact.value as { signal: string }[]).map(({ signal }) => signal) : [];
      });
    };
    expect(signals(REFUSED + STARTED)).not.toContain('unknown-option');
    expect(signals(REFUSED + STARTED + REFUSED)).toContain('unknown-option');
    expect(signals(REFUSED)).toContain('unknown-option');
    // One that did run and failed later stays.
    expect(signals(`${STARTED}CUDA out of memory\n${STARTED}`)).toContain('cuda-out-of-memory');
  });

  it('an optional node of ComfyUI that fails to load is a failure only while the server has not come up', () => {
    const failing = `Total VRAM 6144 MB, total RAM 16000 MB
Traceback (most recent call last):
  File "/c/nodes.py", line 2263, in load_custom_node
    module_spec.loader.exec_module(module)
  File "/c/comfy_extras/nodes_audio.py", line 12, in <module>
    import soundfile
ModuleNotFoundError: No module named 'soundfile'

Cannot import /c/comfy_extras/nodes_audio.py module for custom nodes: No module named 'soundfile'
IMPORT FAILED: nodes_audio.py
`;
    const up = read(`${failing}To see the GUI go to: http://127.0.0.1:8188\n`);
    expect(up[0]?.signals.map(({ signal }) => signal)).toEqual([
      ...Array.from({ length: 4 }, () => 'noise-bundled-node-failed'),
      'server-started',
    ]);
    expect(up[0]?.lastFailureLine).toBeUndefined();
    expect(read(failing)[0]?.signals.map(({ signal }) => signal)).toContain('module-not-found');
    const foreign = failing.replaceAll('comfy_extras', 'custom_nodes');
    expect(read(`${foreign}To see the GUI go to: http://127.0.0.1:8188\n`)[0]?.signals.map(({ signal }) => signal)).toContain(
      'module-not-found',
    );
  });

  it('takes programs of one family together, and ComfyUI inside SwarmUI', () => {
    expect(signalsOf(read('[LORA] LoRA version mismatch for KModel: /x/a.safetensors\n', { ui: 'a1111' }))).toEqual([
      'lora-version-mismatch',
    ]);
    expect(signalsOf(read('10:00:00.123 [Debug] [ComfyUI-0/STDERR] NOT LOADED a.b\n', { ui: 'swarmui' }))).toEqual([
      'lora-key-not-loaded',
    ]);
  });

  it('gives the buffer that it borrowed back, also when the bytes break off', () => {
    const lent = new Set<LogKernel>();
    let taken = 0;
    const { kernels } = signatures;
    const counted = {
      ...signatures,
      kernels: {
        take() {
          const kernel = kernels.take();
          taken++;
          lent.add(kernel);
          return kernel;
        },
        put(kernel: LogKernel) {
          lent.delete(kernel);
          kernels.put(kernel);
        },
      },
    };
    function* broken(): Generator<Uint8Array> {
      yield new TextEncoder().encode('got prompt\n');
      throw new Error('the disk is gone');
    }
    expect(() => readLog(broken(), { path: 'a.log', signatures: counted })).toThrow('the disk is gone');
    readLog([], { path: 'a.log', signatures: counted });
    expect([taken, lent.size]).toEqual([2, 0]);
  });

  it('survives any text', () => {
    const words = fc.constantFrom(
      'Traceback (most recent call last):',
      '  File "x", line 1, in f',
      '\n',
      '\r',
      '\x1b[A',
      '12%|',
      '| 1/2 [',
      ']',
      'ValueError: ',
      'lora key not loaded: ',
      ' a.py:3',
      'Total VRAM 1 MB, total RAM 2 MB',
      '中',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string({ maxLength: 12 })), { maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        (parts, size) => {
          const log = `# ${parts.join('')}`;
          expect(read(log, {}, size)).toEqual(read(log));
        },
      ),
      { numRuns: 300 },
    );
  });
});
