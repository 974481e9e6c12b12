import { describe, expect, it } from 'vitest';
import { runPreset } from '../../src/commands/preset';
import { presetDocument, presetPlanDocument, presetRecipeDocument } from '../../src/presets/documents';
import { presetsFor } from '../../src/presets/find';
import { printPlan } from '../../src/presets/plan';
import { FORMATS, type Format, printPresets } from '../../src/presets/print';
import type { PresetQuery } from '../../src/presets/query';
import { recipeText } from '../../src/presets/recipe';
import type { Page } from '../../src/presets/sheet';
import { timeOf } from '../../src/presets/time';
import { textWidth } from '../../src/report/width';
import { book, GPUS, page, query } from './book';

const q = query({ gpu: 'RTX 2060', family: 'sd15', task: 'train' });
const print = (format: Format, over: PresetQuery = q, at: Page = page()) =>
  printPresets(book, presetsFor(book, over), over, format, at);

describe('printPresets', () => {
  it('writes a training configuration with its sources', () => {
    const toml = print('toml');
    expect(toml).toContain('\nmixed_precision = "fp16"\n');
    expect(toml).toContain('\nunet_lr = 1e-4\n');
    expect(toml).toContain('\nresolution = "512,512"\n');
    expect(toml).toContain('# source: https://github.com/bmaltais/kohya_ss/issues/927\ncaption_extension = ".txt"\n');
    expect(toml).toContain('# max_data_loader_n_workers = 0  (only if: the system is Windows');
    for (const line of toml.trimEnd().split('\n'))
      expect(line).toMatch(/^(#.*|[a-z0-9_]+ = (true|false|\[?[\d.e-]+]?|"[^"\n]*"))$/);
    expect(print('toml', { ...q, family: 'flux', vramGib: 8 })).toContain(
      '\noptimizer_args = ["relative_step=False", "scale_parameter=False", "warmup_init=False"]\n',
    );
  });

  it('writes arguments on one line, without what is conditional', () => {
    const args = print('args');
    expect(args).toMatch(/^--pretrained_model_name_or_path=\S+ .*--gradient_checkpointing .*--mixed_precision=fp16 .*\n$/);
    expect(args.trimEnd()).not.toContain('\n');
    expect(args).not.toContain('max_data_loader');
    const pictures = query({ family: 'sdxl', task: 'generate', ui: 'a1111' });
    expect(print('args', { ...pictures, gpu: 'RTX 2060' })).toBe('--medvram-sdxl --xformers\n');
    expect(print('args', { ...pictures, gpu: 'RTX 5060' })).toBe('--medvram-sdxl --opt-sdp-attention\n');
    expect(print('args', { ...q, gpu: null })).toContain('--mixed_precision=fp16');
  });

  it.each([
    ['shell', ' \\', '# ', 'COMMANDLINE_ARGS="--medvram-sdxl --xformers" ./webui.sh'],
    ['cmd', ' ^', 'rem ', 'set COMMANDLINE_ARGS=--medvram-sdxl --xformers\ncall webui.bat'],
    ['powershell', ' `', '# ', "$env:COMMANDLINE_ARGS = '--medvram-sdxl --xformers'\n.\\webui.bat"],
  ] as const)('writes a whole command for %s that no comment breaks', (format, continues, mark, start) => {
    const lines = print(format).trimEnd().split('\n');
    const at = lines.findIndex((line) => line.startsWith('accelerate launch'));
    expect(lines.slice(0, at).every((line) => line.startsWith(mark))).toBe(true);
    const command = lines.slice(at);
    expect(command[0]).toContain(` train_network.py${continues}`);
    expect(command.slice(0, -1).every((line) => line.endsWith(continues) && !line.includes(mark))).toBe(true);
    expect(command.at(-1)?.endsWith(continues)).toBe(false);
    expect(print(format, query({ gpu: 'RTX 2060', family: 'sdxl', task: 'generate', ui: 'a1111' }))).toContain(`\n${start}\n`);
  });

  it('says where a program is set that takes no command', () => {
    const none = print('shell', query({ gpu: 'RTX 2060', family: 'sd15', ui: 'easydiffusion' }));
    expect(none).toContain('not in a command: Settings tab');
    for (const line of none.trimEnd().split('\n')) expect(line).toMatch(/^# /);
  });

  it('writes what to click in the words of the screen', () => {
    const ui = print('ui');
    expect(ui).toContain('Network Rank (Dimension) = 16');
    expect(ui).toContain('CrossAttention = sdpa');
    expect(ui).toContain('Gradient checkpointing = on');
    expect(ui).toContain('LoRA type = Standard');
    expect(print('ui', { ...q, family: 'sdxl' })).toContain('    --network_train_unet_only  (');
    expect(ui).toContain('LR warmup (% of total steps) = 5');
    expect(print('ui', { ...q, family: 'flux', vramGib: 8 })).toContain('LoRA type = Flux1');
    expect(print('ui', query({ gpu: 'RTX 3060', vramGib: 12, family: 'qwen-image', task: 'train' }))).toContain(
      'as a command only',
    );
  });

  it.each(FORMATS)('says in %s that nothing is published, and why', (format) => {
    const none = query({ task: 'train', family: 'flux' });
    const text = print(format, none);
    if (format === 'json') {
      expect(JSON.parse(text)).toMatchObject({ presets: [], nearest: 'train-flux-8gb', limits: [{ kind: 'impossible' }] });
      return;
    }
    expect(text).toContain('Nothing is published for this: train, flux, 6 GB.');
    expect(text).toContain('not possible: sd-scripts documents 8 GB');
    if (format !== 'ui' && format !== 'text') for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# |rem )/);
  });

  it('gives as JSON the estimate, the call of vram that repeats it, and the times', () => {
    const { presets } = JSON.parse(print('json'));
    expect(presets[0].predicted[0]).toMatchObject({ ui: 'kohya', family: 'sd15', fits: 'yes', time: { ground: 'other' } });
    expect(presets[0].predicted[0].vram).toEqual(expect.arrayContaining(['lora-doctor', '--rank=16', '--gpu=RTX 2060']));
  });
});

describe('pages', () => {
  it.each([80, 120])('keep to %i columns in both languages, but for commands and addresses', (width) => {
    for (const lang of ['en', 'zh-CN'] as const) {
      const at = page({ width, lang });
      const texts = GPUS.flatMap((gpu) => [printPlan(book, query({ gpu }), at), print('text', query({ gpu }), at)]);
      for (const line of [...texts, recipeText(book, at)].join('').split('\n'))
        if (!/https:|^ {4}lora-doctor /.test(line)) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    }
  });

  it('plan: pictures in each program, training with its command, what does not go, numbered sources', () => {
    const text = printPlan(book, query({ gpu: 'GTX 1660 Ti' }), page());
    expect(text).toContain('Plan for GTX 1660 Ti, 6 GB');
    expect(text).toMatch(/ {2}comfyui {7}2\.4 GiB fits {2}/);
    expect(text).toContain('--upcast-sampling if pictures are black');
    expect(text).toContain('lora-doctor preset train --gpu "GTX 1660 Ti" --vram 6 --family sd15 --format shell');
    expect(text).toContain('not possible: fp8_base needs mixed_precision');
    expect(text).toMatch(/\n {2}\[1\] https:/);
  });

  it('plan: one family and task, in Chinese', () => {
    const text = printPlan(book, query({ gpu: 'RTX 2060', family: 'sdxl', task: 'train' }), page({ lang: 'zh-CN' }));
    expect(text).toContain('SDXL：LoRA 训练');
    expect(text).not.toContain('SDXL：出图');
    expect(text).toContain('放得下');
  });
});

describe('timeOf', () => {
  it('takes times of the card itself, then of its series and size, and else gives no class', () => {
    expect(timeOf(book.speeds, query({ gpu: 'NVIDIA GeForce GTX 1660 Ti' }), 'generate', 'sd15')).toMatchObject({
      ground: 'card',
      classes: ['minute', 'minute'],
    });
    expect(timeOf(book.speeds, query({ gpu: 'RTX 2070', vramGib: 8 }), 'generate', 'sd15').ground).toBe('series');
    expect(timeOf(book.speeds, query({ gpu: 'RTX 3070', vramGib: 8 }), 'train', 'flux').ground).toBe('other');
    expect(timeOf(book.speeds, query({ gpu: 'GTX 1060' }), 'train', 'sdxl')).toMatchObject({ ground: 'other', classes: null });
    expect(timeOf([], query({ gpu: 'GTX 1060' }), 'train', 'sdxl')).toMatchObject({ ground: 'none', rows: [] });
  });
});

describe('runPreset', () => {
  type Context = Parameters<typeof runPreset>[0];
  async function run(options: Record<string, string | true>, words: string[] = [], lang = 'en') {
    const out: string[] = [];
    const err: string[] = [];
    const output = (list: string[]) => ({ write: (text: string) => void list.push(text), isTTY: false });
    const context = {
      args: { words, options: new Map(Object.entries(options)) },
      lang,
      json: 'json' in options,
      color: false,
      ascii: false,
      stdout: output(out),
      stderr: output(err),
    } as unknown as Context;
    return { status: await runPreset(context, book), out: out.join(''), err: err.join('') };
  }

  it('takes the card by name and its memory', async () => {
    const { status, out } = await run({ gpu: 'GTX 1660 Ti', for: 'train', family: 'sd15', format: 'args' });
    expect(status).toBe(0);
    expect(out).toContain('--mixed_precision=no');
    expect((await run({ gpu: 'RTX 3060', for: 'train', family: 'sdxl' })).out).toContain('[train-sdxl-12gb]');
  });

  it('says when it does not know the card, and still answers', async () => {
    const { status, out, err } = await run({ gpu: 'Riva \u001b[31m TNT', vram: '6GB' }, ['train']);
    expect(status).toBe(0);
    expect(err).toContain('The card "Riva ␛[31m TNT" is not one');
    expect(out).toContain('GTX 10, RTX 20;');
    expect(out).not.toContain('\u001b');
  });

  it.each([
    [{ vram: 'much' }, '--vram takes a size'],
    [{ vram: '0' }, '--vram takes a size'],
    [{ for: 'painting' }, '--for does not know "painting"'],
    [{ family: 'sdx' }, 'Did you mean sdxl?'],
    [{ ui: 'photoshop' }, '--ui does not know'],
    [{ format: 'xml' }, '--format does not know'],
    [{ plan: true, format: 'toml' }, '--plan is text or json, not toml'],
  ])('refuses %j with a remedy', async (options, message) => {
    const { status, out, err } = await run(options as unknown as Record<string, string>);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('gives one document with --json, also of a plan and of the recipe', async () => {
    const read = async (options: Record<string, string | true>) =>
      JSON.parse((await run({ json: true, vram: '6', ...options })).out);
    for (const gpu of GPUS) presetDocument.parse(await read({ gpu, vram: '24' }));
    expect(presetDocument.parse(await read({ family: 'sdxl', for: 'generate', ui: 'a1111' }))).toMatchObject({
      query: { vramGib: 6 },
      presets: [{ id: 'a1111-sdxl-6gb' }],
    });
    expect(presetPlanDocument.parse(await read({ plan: true })).plans.length).toBe(3);
    expect(presetRecipeDocument.parse(await read({ recipe: true })).recipe.length).toBe(book.recipe.length);
  });
});
