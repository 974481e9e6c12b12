import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../../src/formats/log/frames';
import { createTracebackReader, type Traceback, tracebackCaptures } from '../../../src/formats/log/traceback';

function read(text: string): Traceback[] {
  const reader = createTracebackReader();
  const all: Traceback[] = [];
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (line.trim() !== '') reader.step(line, index + 1);
    all.push(...reader.take());
  });
  reader.end(lines.length);
  return [...all, ...reader.take()];
}

const FRAME = '  File "/x/modules/a.py", line 3, in run\n    raise ValueError("no")\n    ^^^^^^\n';

describe('traceback reader', () => {
  it('reads frames, exception and message', () => {
    const [found] = read(`Traceback (most recent call last):\n${FRAME}ValueError: no\nnext`);
    expect(found).toMatchObject({ exception: 'ValueError', message: 'no', firstLine: 1, lastLine: 5 });
    expect(found?.frames).toEqual([{ file: '/x/modules/a.py', name: 'run' }]);
  });

  it('lets the last of a chain win and remembers the root (LG-28)', () => {
    const chain = 'During handling of the above exception, another exception occurred:';
    const found = read(
      `Traceback (most recent call last):\n${FRAME}KeyError: 'a'\n\n${chain}\n\nTraceback (most recent call last):\n${FRAME}a.b.RealError: boom`,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ exception: 'a.b.RealError', root: { exception: 'KeyError', message: "'a'" } });
  });

  it('reports the first when a chain is cut off', () => {
    const found = read(
      `  File "/x/a.py", line 1, in f\nValueError: a\nDuring handling of the above exception, another exception occurred:`,
    );
    expect(found).toMatchObject([{ exception: 'ValueError' }]);
  });

  it('bounds three thousand frames (LG-28)', () => {
    const [found] = read(`Traceback (most recent call last):\n${FRAME.repeat(3000)}RecursionError: too deep`);
    expect(found?.exception).toBe('RecursionError');
    expect(found?.frames.length).toBeLessThanOrEqual(400);
  });

  it('reads a traceback that is indented as a block', () => {
    const block = `Traceback (most recent call last):\n${FRAME}AttributeError: x`.replace(/^/gm, '    ');
    expect(read(`*** Error running process: a.py\n${block}\n---`)).toMatchObject([{ exception: 'AttributeError' }]);
  });

  it('reads the end of an indented block whose head was not copied', () => {
    const text = '  File "/x/a.py", line 295, in f\n        self.weight += updown\n    RuntimeError: no';
    expect(read(text)).toMatchObject([{ exception: 'RuntimeError' }]);
  });

  it('reads one boxed by rich', () => {
    const text =
      '╭───── Traceback (most recent call last) ─────╮\n│ /x/extensions/foo/a.py:12 in go             │\n│ ❱ 12   raise ValueError("CUDA out of memory") │\n╰─────────────────────────────────────────────╯\nValueError: no';
    const [found] = read(text);
    expect(found).toMatchObject({ exception: 'ValueError', frames: [{ file: '/x/extensions/foo/a.py', name: 'go' }] });
  });

  it('reads one in two boxes, with its path broken over two lines and without its head', () => {
    const text = [
      '    │ │ ❱  72   patch = get_lora_patch(module, inp                                     │ │',
      '    │ │ H:\\webui\\modules\\call.py:7 in f                                             │ │',
      '    │ │ H:\\webui\\extensions\\stable-diffusion-webui-composabl                         │ │',
      '    │ │ e-lora\\composable_lycoris.py:104 in get_lora_patch                              │ │',
      '    │ │ ❱ 104   inference = get_lora_inference(module, input)                           │ │',
      '    │ ╰───────────────────────────────────────────────────────────────────────────────╯ │',
      "AttributeError: 'Linear' object has no attribute 'lora_layer_name'",
    ].join('\n');
    const [found] = read(text);
    expect(found).toMatchObject({ exception: 'AttributeError', frames: [{ name: 'f' }, { name: 'get_lora_patch' }] });
    expect(found && tracebackCaptures(found)).toMatchObject({ extension: 'stable-diffusion-webui-composable-lora' });
  });

  it('reads one whose box is drawn in ASCII', () => {
    const text =
      '+----- Traceback (most recent call last) -----+\n| C:\\x\\custom_nodes\\foo\\a.py:12 in go         |\n| > 12   raise ValueError("no")               |\n+---------------------------------------------+\nValueError: no';
    expect(read(text)).toMatchObject([{ exception: 'ValueError', frames: [{ name: 'go' }] }]);
  });

  it('takes no prompt for a traceback (LG-29)', () => {
    expect(read('*** Arguments: ("a cat, Traceback (most recent call last): ValueError: no")')).toEqual([]);
  });

  it('reports a cut one only when an add-on is in it', () => {
    expect(read('Traceback (most recent call last):\n  File "/x/a.py", line 1, in f')).toEqual([]);
    expect(read('  File "/x/custom_nodes/foo/a.py", line 1, in f')).toMatchObject([{ exception: '' }]);
  });
});

describe('whose code an exception comes from', () => {
  const traceback = (...files: string[]): string =>
    `Traceback (most recent call last):\n${files.map((file) => `  File "${file}", line 1, in f`).join('\n')}\nKeyError: x`;

  it.each([
    ['lora', '/x/invokeai/backend/patches/lora_conversions/flux_utils.py'],
    ['lora', 'D:\\ui\\extensions-builtin\\sd_forge_lora\\networks.py'],
    ['lora', '/v/lib/python3.11/site-packages/diffusers/loaders/unet.py'],
    ['lora', '/v/site-packages/nunchaku/lora/flux/compose.py'],
    ['lora', '/x/comfy/lora.py'],
    ['add-on', '/x/custom_nodes/lora-pack/lora.py'],
    ['program', '/x/modules/processing.py'],
  ])('%s: %s', (code, file) => {
    // what torch does below it does not count
    const [found] = read(traceback('/x/main.py', file, '/v/site-packages/torch/nn/modules/module.py'));
    expect(found && tracebackCaptures(found).code).toBe(code);
  });

  it('takes the exception of a LoRA traceback that was cut off from its last source line', () => {
    const cut = (line: string) => read(`  File "/x/comfy/lora.py", line 1, in f\n    ${line}`);
    expect(cut('raise ValueError("no")')).toMatchObject([{ exception: 'ValueError' }]);
    expect(cut('assert len(keys) == 0')).toMatchObject([{ exception: 'AssertionError' }]);
    expect(cut('x = 1')).toMatchObject([{ exception: '' }]);
  });
});

describe('owner of a frame', () => {
  it.each([
    ['/x/extensions/sd-foo/scripts/a.py', 'extension', 'sd-foo'],
    ['D:\\ui\\extensions\\b\\c.py', 'extension', 'b'],
    ['/x/ComfyUI/custom_nodes/Foo/nodes.py', 'custom-node', 'Foo'],
    ['/x/ComfyUI/custom_nodes/one.py', 'custom-node', 'one'],
  ])('%s', (file, kind, name) => {
    expect(ownerOf(file)).toEqual({ kind, name });
  });

  it('is nobody for what ships with the program, also when reached through an extension', () => {
    expect(ownerOf('/x/extensions-builtin/Lora/networks.py')).toBeNull();
    expect(ownerOf('/x/extensions/lycoris/../../extensions-builtin/Lora/lora.py')).toBeNull();
    expect(ownerOf('/x/comfy_extras/nodes_a.py')).toBeNull();
  });

  it('tells whether the innermost own code is the add-on', () => {
    const [found] = read(
      'Traceback (most recent call last):\n  File "/x/extensions/a/b.py", line 1, in load_lora\n  File "/v/site-packages/torch/x.py", line 1, in f\nOSError: x',
    );
    expect(found && tracebackCaptures(found)).toMatchObject({ extension: 'a', innermost: 'yes', during: 'lora', function: 'f' });
  });

  it('tells how far a training had come, and in which package it stopped', () => {
    const [found] = read(
      'Traceback (most recent call last):\n  File "/x/sd-scripts/library/train_util.py", line 3, in get_optimizer\n  File "/v/lib/python3.10/site-packages/bitsandbytes/cextension.py", line 20, in <module>\n  File "/usr/lib/python3.10/ctypes/__init__.py", line 374, in __init__\nOSError: libcudart.so.11.0: cannot open',
    );
    expect(found && tracebackCaptures(found)).toMatchObject({ stage: 'optimizer', package: 'bitsandbytes' });
    const [own] = read(
      'Traceback (most recent call last):\n  File "/v/site-packages/a/b.py", line 1, in f\n  File "/x/c.py", line 1, in g\nOSError: x',
    );
    expect(own && tracebackCaptures(own)).not.toHaveProperty('package');
  });
});
