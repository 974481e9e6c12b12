import { it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { readGraph } from '../../src/formats/comfy-graph/read';
import { readInfotext } from '../../src/formats/infotext/a1111';
import { readBatch } from '../../src/formats/launch/batch';
import { readShell } from '../../src/formats/launch/shell';
import { shlexSplit } from '../../src/formats/launch/shlex';
import { readLog } from '../../src/formats/log/read';
import { compileSignatures } from '../../src/formats/log/signature';
import { readNvidiaSmi } from '../../src/formats/nvidia-smi';
import { readPicture } from '../../src/formats/picture/read';
import { readPrompt } from '../../src/formats/prompt/read-prompt';
import { decodePlainPickle } from '../../src/formats/sqlite/plain-pickle';
import { nodeInflate } from '../../src/platform/inflate';
import { onMutants } from './mutants';

const RUNS = 20_000;
const text = (...seeds: string[]): Uint8Array[] => seeds.map((s) => Buffer.from(s));
const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

it('infotext', { timeout: 120_000 }, () => {
  onMutants(
    text(
      'cat <lora:a:0.8>\nNegative prompt: bad\nSteps: 20, Sampler: Euler a, CFG scale: 7, Lora hashes: "a: 12ab", Version: v1.10.1',
      'Steps: 1',
    ),
    RUNS,
    (bytes) => {
      readInfotext(utf8(bytes));
    },
  );
});

it('ComfyUI graphs', { timeout: 120_000 }, () => {
  const api = JSON.stringify({
    '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
    '2': {
      class_type: 'LoraLoader',
      inputs: { model: ['1', 0], clip: ['1', 1], lora_name: 'b.safetensors', strength_model: 1, strength_clip: 1 },
    },
    '3': { class_type: 'KSampler', inputs: { model: ['2', 0], seed: 1 } },
  });
  const ui = JSON.stringify({
    nodes: [
      { id: 1, type: 'LoraLoader', widgets_values: ['b.safetensors', 1, 1], inputs: [{ name: 'model', link: 3 }], outputs: [] },
    ],
    links: [[3, 2, 0, 1, 0, 'MODEL']],
  });
  onMutants(text(api, ui), RUNS, (bytes) => {
    readGraph(utf8(bytes));
  });
});

it('prompts of every program', { timeout: 120_000 }, () => {
  const seeds = text(
    '1girl, <lora:a:0.8:1:dyn=4>, (cat:1.2) <lyco:b:te=0>',
    '<lora：a：1> [<lora:b:0,8>:<lora:c:1>:0.5]',
    'lora:x:1 《lora:a:1》',
  );
  const uis = ['a1111', 'forge', 'sdnext', 'comfyui', 'fooocus', 'swarmui'] as const;
  onMutants(seeds, RUNS, (bytes) => {
    const positive = utf8(bytes);
    readPrompt(uis[positive.length % uis.length] ?? 'a1111', { positive, negative: positive });
  });
});

it('start scripts', { timeout: 120_000 }, () => {
  const seeds = text(
    '@echo off\r\nset COMMANDLINE_ARGS=--xformers ^\r\n --medvram "%X%"\r\ncall webui.bat\r\n',
    'export COMMANDLINE_ARGS="--a \\"b\\" $HOME"\n# x\npython main.py --listen\n',
  );
  onMutants(seeds, RUNS, (bytes) => {
    const script = utf8(bytes);
    readBatch(script, '/x');
    readShell(script);
    shlexSplit(script);
  });
});

it('logs', { timeout: 120_000 }, () => {
  const signatures = compileSignatures([
    {
      schema: 1,
      signatures: [
        {
          id: 'oom',
          signal: 'oom',
          anchor: 'out of memory',
          pattern: 'CUDA (?P<what>out of memory)',
          says: 'The card is full.',
          samples: { match: [], miss: [] },
        },
      ],
    },
  ]);
  const seeds = text(
    'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    x()\nRuntimeError: CUDA out of memory\n',
    '\u001b[31m 50%|##| 1/2\r100%|##| 2/2\r\nCUDA out of memory',
    '\ufeffx',
  );
  onMutants(seeds, RUNS, (bytes) => {
    readLog([bytes.subarray(0, 7), bytes.subarray(7)], { path: '-', signatures });
  });
});

it('pictures', { timeout: 120_000 }, () => {
  const png = Buffer.from(
    '89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082',
    'hex',
  );
  const jpeg = Buffer.from('ffd8ffe100184578696600004d4d002a00000008000100000000000000000000ffd9', 'hex');
  const webp = Buffer.from(`52494646${'18000000'}5745425056503858${'0a000000'}00000000000000000000`, 'hex');
  onMutants([png, jpeg, webp], RUNS, (bytes) => {
    readPicture(bytesOf(bytes), nodeInflate);
  });
});

it('cached pickles and nvidia-smi answers', { timeout: 120_000 }, () => {
  const pickled = Buffer.from([
    0x80,
    5,
    0x7d,
    0x94,
    0x8c,
    5,
    ...Buffer.from('mtime'),
    0x94,
    0x47,
    0x41,
    0xd9,
    0,
    0,
    0,
    0,
    0,
    0,
    0x73,
    0x2e,
  ]);
  onMutants([pickled, ...text('NVIDIA GeForce RTX 3060, 12288, 11000, 551.23, 8.6\n')], RUNS, (bytes) => {
    decodePlainPickle(bytes);
    readNvidiaSmi(bytes, new Uint8Array(0), 0, 5);
  });
});
