import { expect, it } from 'vitest';
import { unflattened } from '../../../src/formats/log/flat';
import { createLogReader } from '../../../src/formats/log/reader';
import { signatures } from './load-signatures';

it('breaks a traceback that was pasted as one line', () => {
  expect(
    unflattened(
      'x Traceback (most recent call last): File "/a/train.py", line 87, in <module> trainer.train() File "/a/b.py", line 3, in f return g(x) RuntimeError: CUDA error: out of memory',
    ),
  ).toEqual([
    'x',
    'Traceback (most recent call last):',
    '  File "/a/train.py", line 87, in <module>',
    '    trainer.train()',
    '  File "/a/b.py", line 3, in f',
    '    return g(x)',
    'RuntimeError: CUDA error: out of memory',
  ]);
});

it.each([
  'Traceback (most recent call last):',
  '  File "/a/train.py", line 87, in <module>',
  'File "/a/train.py", line 87',
  'RuntimeError: x',
  `  File "/a/train.py", line 87, in f ${'x'.repeat(40_000)}`,
])('leaves %.60s alone', (line) => {
  expect(unflattened(line)).toBeNull();
});

it('reads the exception at the end of such a line', () => {
  const reader = createLogReader({ signatures, ui: 'kohya' });
  const line =
    'File "/k/site-packages/bitsandbytes/cextension.py", line 27, in initialize   raise Exception(\'x\')   Exception: CUDA SETUP: Setup Failed!';
  reader.feed(new TextEncoder().encode(line));
  reader.end();
  const [session] = reader.sessions();
  expect(session?.signals.map(({ signal }) => signal)).toEqual(expect.arrayContaining(['bitsandbytes-broken', 'traceback']));
});

it('joins what torch says of sizes when a mail has broken it, and nothing behind it', () => {
  const reader = createLogReader({ signatures, ui: 'kohya' });
  const text = `        size mismatch for
lora_unet_input_blocks_7_1_transformer_blocks_3_attn2_to_out_0.lora_down.weight:
copying a
param with shape torch.Size([8, 1280]) from checkpoint, the shape in
current model is torch.Size([16, 1280]).
        size mismatch for lora_te_x.lora_down.weight: copying a param with shape torch.Size([8, 768]) from
Traceback (most recent call last):
RuntimeError: CUDA out of memory. Tried to allocate 2 GiB
`;
  reader.feed(new TextEncoder().encode(text));
  reader.end();
  const signals = reader.sessions().flatMap((session) => session.signals);
  expect(signals.filter(({ signal }) => signal === 'network-size-mismatch').map(({ captures }) => captures.fileShape)).toEqual([
    '8, 1280',
  ]);
  expect(signals.map(({ signal }) => signal)).toContain('cuda-out-of-memory');
});
