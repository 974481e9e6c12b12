import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeLog } from '../../../src/formats/log/looks';
import { readLog } from '../../../src/formats/log/read';
import { signatureFiles, signatures } from './load-signatures';

const fixtures = path.join(import.meta.dirname, '../../fixtures');
const isLog = (text: string | Uint8Array): boolean =>
  readLog([typeof text === 'string' ? new TextEncoder().encode(text) : text], { path: '-', signatures }).isLog;

const PROSE = [
  'Dear all,\nthe weather is fine today and we went to the lake.\n',
  'my lora training makes black pictures, what can i do? i use a 3060 with 12 GB and sd 1.5',
  'I put cat.safetensors into models/Lora and it does not show up. Any idea? Thanks!',
  '我今天想训练一个角色，但是出来的图全是黑的，怎么办？\n显卡是 3060。',
  '- buy milk\n- call mum\n\n1. first\n2. second\n',
  '# Notes\n\nSome *markdown* with a [link](https://example.org/a).\n',
  'Where is it: in /home/me or in C:\\sd?\n',
  'masterpiece, best quality, 1girl, red hair, looking at viewer <lora:cat:0.8>',
  '',
  ' \r\n\t\n',
  '# only\n# ERROR: comments\n',
  'rem a batch file\n:: of comments\n',
];

describe('what is a log', () => {
  it.each(PROSE)('is not: %j', (text) => {
    expect(isLog(text)).toBe(false);
  });

  it.each([
    'RuntimeError: CUDA out of memory.',
    'KeyError: 1',
    'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    x()\nKeyError: 1\n',
    '2024-05-01 10:00:00 INFO prepare images.',
    'steps:   1%|          | 9/1000 [00:07<12:34,  1.31it/s]',
    'Killed',
    'bash: accelerate: command not found',
    "'accelerate' 不是内部或外部命令，也不是可运行的程序\n或批处理文件。",
    '系统找不到指定的路径。',
    '由于目标计算机积极拒绝，无法连接。',
    'OSError: [WinError 1455] 页面文件太小，无法完成操作。',
    'got prompt',
    'Segmentation fault (core dumped)',
    'Model loaded in 3.2s (load weights from disk: 0.5s).',
    '(venv) C:\\sd-scripts>python train_network.py',
    'error: unknown thing',
    'Process exited with code 1',
    'Total VRAM 24576 MB, total RAM 65309 MB',
    'Loading pipeline components...',
    '** ComfyUI Path: /home/user/ComfyUI',
    'CUDA Using Stream: False',
    '  num epochs / epoch数: 1',
    'Applying attention optimization: Doggettx... done.',
  ])('is: %j', (text) => {
    expect(isLog(text)).toBe(true);
  });

  it('is every console that the project keeps', () => {
    for (const name of readdirSync(path.join(fixtures, 'logs')))
      expect([name, isLog(readFileSync(path.join(fixtures, 'logs', name)))]).toEqual([name, true]);
    const { cases, healthy } = JSON.parse(readFileSync(path.join(fixtures, 'training-logs.json'), 'utf8'));
    const texts: string[] = [...cases.map(({ text }: { text: string }) => text), ...healthy];
    expect(texts.filter((text) => !isLog(text))).toEqual([]);
  });

  it('is every line that a signature knows, on its own', () => {
    const lines = signatureFiles.flatMap(({ signatures: all }) =>
      all.flatMap(({ samples }) => samples.match.map(({ line }) => line)),
    );
    expect(lines.filter((line) => !isLog(line))).toEqual([]);
  });

  it('is one with any line of a console among prose, in whatever encoding and pieces', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PROSE.slice(0, 6)),
        fc.nat(5),
        fc.constantFrom('utf-8', 'utf-16le'),
        (prose, at, encoding) => {
          const lines = prose.split('\n');
          lines.splice(Math.min(at, lines.length), 0, 'RuntimeError: no such thing');
          const text = lines.join('\n');
          const bytes =
            encoding === 'utf-8' ? Buffer.from(text) : Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
          const read = readLog([bytes.subarray(0, 7), bytes.subarray(7)], { path: '-', signatures });
          expect(read.isLog).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is anything long: nobody pastes that much prose', () => {
    expect(isLog('word '.repeat(20_000))).toBe(true);
  });

  it('takes any text without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void looksLikeLog(text)));
  });
});
