import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPreset } from '../../src/commands/preset';
import { compilePresets } from '../../src/presets/compile';
import { type PresetQuery, presetsFor } from '../../src/presets/find';
import { FORMATS, printPresets } from '../../src/presets/print';
import { presetBook } from '../../src/presets/schema';
import { CARDS } from '../../src/vram/cards';

const folder = path.join(import.meta.dirname, '../../rules/presets');
const files = readdirSync(folder).map((file) => ({ file, text: readFileSync(path.join(folder, file), 'utf8') }));
const { presets: book, errors } = compilePresets(files);
const query = (over: Partial<PresetQuery>): PresetQuery => ({
  vramGib: 6,
  generation: null,
  family: null,
  task: null,
  ui: null,
  ...over,
});
const named = (over: Partial<PresetQuery>) =>
  presetsFor(book, query(over)).fitting.flatMap(({ settings }) =>
    settings.map(({ name, value }) => `${name}=${String(value ?? '')}`),
  );

describe('the shipped presets', () => {
  it('compile without errors and survive JSON', () => {
    expect(errors).toEqual([]);
    expect(presetBook.parse(JSON.parse(JSON.stringify(book)))).toEqual(book);
  });

  it('cover generation and training of SD1.5 and SDXL on 6 GB for every card generation', () => {
    for (const generation of CARDS.slice(0, 6)) {
      for (const family of ['sd15', 'sdxl']) {
        for (const [task, ui] of [
          ['generate', 'a1111'],
          ['train', 'kohya'],
        ] as const) {
          expect(
            presetsFor(book, query({ generation, family, task, ui })).fitting.length,
            `${generation} ${family} ${task}`,
          ).toBe(1);
        }
      }
    }
  });

  it.each([
    ['rtx30', 'mixed_precision=bf16'],
    ['rtx20', 'mixed_precision=fp16'],
    ['gtx10', 'mixed_precision=fp16'],
    ['gtx16', 'mixed_precision=no'],
  ] as const)('train %s with %s and only that', (generation, wanted) => {
    const precision = named({ generation, family: 'sd15', task: 'train' }).filter((name) => name.startsWith('mixed_precision'));
    expect(precision).toEqual([wanted]);
  });

  it('names no memory flag for programs that have none', () => {
    for (const ui of ['forge', 'comfyui', 'sdnext', 'fooocus']) {
      for (const { settings } of presetsFor(book, query({ ui, family: 'sdxl', task: 'generate' })).fitting) {
        expect(
          settings.filter(({ name, when }) => /vram|no-half/.test(name) && !when),
          ui,
        ).toEqual([]);
      }
    }
  });
});

describe('presetsFor', () => {
  it('answers honestly what nobody has published, with the nearest', () => {
    expect(presetsFor(book, query({ task: 'train', family: 'flux', vramGib: 6 }))).toMatchObject({
      fitting: [],
      nearest: { id: 'train-flux-8gb' },
    });
    expect(presetsFor(book, query({ task: 'train', family: 'sdxl', vramGib: 2 }))).toMatchObject({
      fitting: [],
      nearest: { id: 'train-sdxl-6gb' },
    });
    expect(presetsFor(book, query({ task: 'generate', family: 'wan', ui: 'comfyui' })).nearest?.ui).toEqual(['comfyui']);
    expect(presetsFor([], query({}))).toEqual({ fitting: [], nearest: null });
  });
});

describe('printPresets', () => {
  const q = query({ generation: 'rtx20', family: 'sd15', task: 'train' });
  const print = (format: (typeof FORMATS)[number], over = q) => printPresets(presetsFor(book, over), over, format, 'en');

  it('writes a training configuration with its sources', () => {
    const toml = print('toml');
    expect(toml).toContain('\nmixed_precision = "fp16"\n');
    expect(toml).toContain('\nunet_lr = 1e-4\n');
    expect(toml).toContain('# source: https://github.com/bmaltais/kohya_ss/issues/927\ncaption_extension = ".txt"\n');
    expect(toml).toContain('# max_data_loader_n_workers = 0  (on Windows');
    for (const line of toml.trimEnd().split('\n')) expect(line).toMatch(/^(#.*|[a-z0-9_]+ = (true|false|[\d.e-]+|"[^"\n]*"))$/);
  });

  it('writes arguments on one line, without what is conditional', () => {
    const args = print('args');
    expect(args).toMatch(/^--resolution=512 --train_batch_size=1 --gradient_checkpointing .*--mixed_precision=fp16\n$/);
    expect(args).not.toContain('max_data_loader');
    expect(print('args', query({ family: 'sdxl', task: 'generate', ui: 'a1111' }))).toBe('--medvram-sdxl --xformers\n');
    expect(print('args', { ...q, generation: null })).not.toContain('mixed_precision');
  });

  it('writes a shell array that comments do not break', () => {
    const lines = print('shell').trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('#')).at(0)).toBe('args=(');
    expect(lines.at(-1)).toBe(')');
    expect(lines).toContain('  --network_dim=16');
  });

  it.each(FORMATS)('says in %s that nothing is published', (format) => {
    const none = query({ task: 'train', family: 'flux' });
    const text = print(format, none);
    if (format === 'json') expect(JSON.parse(text)).toMatchObject({ presets: [], nearest: 'train-flux-8gb' });
    else expect(text).toContain('Nothing is published for this: train, flux, 6 GB.');
    if (format !== 'json' && format !== 'text') for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^# /);
  });

  it('speaks Chinese', () => {
    const text = printPresets(presetsFor(book, query({ ui: 'sdnext' })), query({ ui: 'sdnext' }), 'text', 'zh-CN');
    expect(text).toContain('无需设置');
    expect(text).toContain('来源：https://');
  });
});

describe('compilePresets', () => {
  it.each([
    ['presets: [', 1],
    ['presets:\n  - id: a\n    task: fly\n', 3],
    ['other: 1\n', 1],
  ])('refuses %j with its line', (text, line) => {
    const result = compilePresets([{ file: 'x.yaml', text }]);
    expect(result.presets).toEqual([]);
    expect(result.errors.map((error) => error.line)).toContain(line);
  });

  it('refuses an id that exists twice', () => {
    expect(compilePresets([...files, ...files]).errors[0]?.message).toContain('exists twice');
  });
});

describe('runPreset', () => {
  type Context = Parameters<typeof runPreset>[0];
  async function run(options: Record<string, string>, words: string[] = []) {
    const out: string[] = [];
    const err: string[] = [];
    const output = (list: string[]) => ({ write: (text: string) => void list.push(text), isTTY: false });
    const context = {
      args: { words, options: new Map(Object.entries(options)) },
      lang: 'en',
      json: 'json' in options,
      stdout: output(out),
      stderr: output(err),
    } as unknown as Context;
    return { status: await runPreset(context, book), out: out.join(''), err: err.join('') };
  }

  it('takes the card by name and its memory', async () => {
    const { status, out } = await run({ gpu: 'GTX 1660 Ti 6GB', for: 'train', family: 'sd15', format: 'args' });
    expect(status).toBe(0);
    expect(out).toContain('--mixed_precision=no');
  });

  it('says when it does not know the card, and still answers', async () => {
    const { status, out, err } = await run({ gpu: 'Riva \u001b[31m TNT', vram: '6GB' }, ['train']);
    expect(status).toBe(0);
    expect(err).toContain('The card "Riva ␛[31m TNT" is not one');
    expect(out).toContain('(GTX 10, RTX 20;');
  });

  it.each([
    [{ vram: 'much' }, '--vram takes a size'],
    [{ vram: '0' }, '--vram takes a size'],
    [{ for: 'painting' }, '--for does not know "painting"'],
    [{ family: 'sdx' }, 'Did you mean sdxl?'],
    [{ ui: 'photoshop' }, '--ui does not know'],
    [{ format: 'xml' }, '--format does not know'],
  ])('refuses %j with a remedy', async (options, message) => {
    const { status, out, err } = await run(options as unknown as Record<string, string>);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('gives one document with --json', async () => {
    const { out } = await run({ json: '', family: 'sdxl', for: 'generate', ui: 'a1111' });
    expect(JSON.parse(out)).toMatchObject({
      schema: 'lora-doctor/preset@1',
      query: { vramGib: 6 },
      presets: [{ id: 'a1111-sdxl-6gb' }],
    });
  });
});
