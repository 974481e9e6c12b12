import { describe, expect, it } from 'vitest';
import { compilePresets } from '../../src/presets/compile';
import { presetsFor } from '../../src/presets/find';
import { certain, type PresetQuery } from '../../src/presets/query';
import { presetBook } from '../../src/presets/schema';
import { GIB } from '../../src/vram/bytes';
import { predictRow } from '../../src/vram/predict';
import { book, errors, files, GPUS, OTHERS, query, SIZES } from './book';

const named = (over: Partial<PresetQuery>) =>
  presetsFor(book, query(over)).fitting.flatMap(({ settings }) =>
    settings.map(({ name, value }) => `${name}=${String(value ?? '')}`),
  );

describe('the shipped presets', () => {
  it('compile without errors and survive JSON', () => {
    expect(errors).toEqual([]);
    expect(presetBook.parse(JSON.parse(JSON.stringify(book)))).toEqual(book);
  });

  it.each(GPUS)('cover pictures on 6 GB for %s in each program, and LoRA training of SD1.5', (gpu) => {
    for (const ui of ['a1111', 'forge', 'reforge', 'forge-classic', 'forge-neo', 'sdnext', 'comfyui', 'swarmui'])
      for (const family of ['sd15', 'sdxl'])
        expect(presetsFor(book, query({ gpu, family, task: 'generate', ui })).fitting.length, `${ui} ${family}`).toBe(1);
    expect(presetsFor(book, query({ gpu, family: 'sd15', task: 'train' })).fitting.length).toBe(1);
  });

  it('train SDXL on 6 GB with an fp8 base and both caches on every card but GTX 16, and there say why not', () => {
    for (const gpu of GPUS.filter((one) => !one.startsWith('GTX 16'))) {
      const settings = named({ gpu, family: 'sdxl', task: 'train' });
      expect(settings, gpu).toEqual(
        expect.arrayContaining([
          'fp8_base=true',
          'cache_latents=true',
          'cache_text_encoder_outputs=true',
          'network_module=networks.lora',
        ]),
      );
    }
    const { fitting, limits } = presetsFor(book, query({ gpu: 'GTX 1660 Ti', family: 'sdxl', task: 'train' }));
    expect(fitting).toEqual([]);
    expect(limits.map(({ id, kind }) => [id, kind])).toEqual([['gtx16-sdxl-training', 'impossible']]);
  });

  it.each([
    ['RTX 3060', 'mixed_precision=bf16'],
    ['RTX 2060', 'mixed_precision=fp16'],
    ['GTX 1060', 'mixed_precision=fp16'],
    ['GTX 1660', 'mixed_precision=no'],
  ] as const)('train on %s with %s and only that', (gpu, wanted) => {
    const precision = named({ gpu, family: 'sd15', task: 'train' }).filter((name) => name.startsWith('mixed_precision'));
    expect(precision).toEqual([wanted]);
  });

  it('never pair fp8_base with full precision', () => {
    for (const gpu of GPUS)
      for (const vramGib of SIZES)
        for (const { preset, settings } of presetsFor(book, query({ gpu, vramGib, task: 'train' })).fitting) {
          const names = certain(settings, query({ gpu })).map(({ name, value }) => `${name}=${String(value)}`);
          expect(names.includes('fp8_base=true') && names.includes('mixed_precision=no'), `${preset.id} ${gpu}`).toBe(false);
        }
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

  it('give Forge Classic and Neo the flag that each of them has', () => {
    expect(named({ ui: 'forge-classic', family: 'sdxl', task: 'generate' })).toContain('--always-low-vram=');
    expect(named({ ui: 'forge-neo', family: 'sdxl', task: 'generate' })).toContain('--lowvram=');
  });

  it('fit the card that they are given for, by the same estimator that `vram` runs', () => {
    let seen = 0;
    for (const gpu of [...GPUS, ...OTHERS])
      for (const vramGib of SIZES)
        for (const { estimates } of presetsFor(book, query({ gpu, vramGib })).fitting)
          for (const { row, estimate, preset } of estimates) {
            const { need, peak, fits } = predictRow(row);
            expect([preset, gpu, vramGib, need <= vramGib * GIB, fits]).toEqual([preset, gpu, vramGib, true, estimate.fits]);
            expect(peak).toBe(estimate.peak);
            seen++;
          }
    expect(seen).toBeGreaterThan(500);
  });

  it('follow their settings: SDXL in fp8 against the same without it', () => {
    const [one] = presetsFor(book, query({ family: 'sdxl', task: 'train' })).fitting;
    const [found] = one?.estimates ?? [];
    if (!found) throw new Error('no preset');
    const { fp8_base: _, ...plain } = found.row;
    expect(predictRow(plain).peak).toBeGreaterThan(found.estimate.peak + 1.5 * GIB);
  });
});

describe('the recipe of the source text', () => {
  it('has a verdict for each line, folklore among them, and names pages that exist', async () => {
    const { compileFolklore } = await import('../../src/diagnosis/compile/folklore');
    const { readFileSync } = await import('node:fs');
    const { pages } = compileFolklore('rules/folklore.yaml', readFileSync('rules/folklore.yaml', 'utf8'));
    const named_ = book.recipe.flatMap(({ page }) => page ?? []);
    expect(named_.filter((name) => pages[name] === undefined)).toEqual([]);
    expect(book.recipe.filter(({ own, sources }) => own !== true && sources.length === 0)).toEqual([]);
    expect(new Set(book.recipe.map(({ verdict }) => verdict))).toEqual(new Set(['true', 'depends', 'folklore']));
  });

  it('quotes our own estimate as it is', () => {
    const peak = (gpu: string) =>
      (
        (presetsFor(book, query({ gpu, family: 'sd15', task: 'train' })).fitting[0]?.estimates[0]?.estimate.peak ?? 0) / GIB
      ).toFixed(1);
    const [line] = book.recipe.filter(({ said }) => said.en.includes('below 5 GB'));
    expect(line?.correct.en).toContain(`${peak('GTX 1060')} GiB`);
    expect(line?.correct.en).toContain(`${peak('GTX 1660')} GiB on GTX 16`);
    const limit = (id: string) => book.limits.find((one) => one.id === id)?.en;
    expect(limit('gtx16-sd15-training-4gb')).toContain(`about ${peak('GTX 1660')} GiB`);
    const row = presetsFor(book, query({ gpu: 'GTX 1060', family: 'sd15', task: 'train' })).fitting[0]?.estimates[0]?.row;
    const small = predictRow({ ...row, rank: 8, gpu_vram_gb: 4 });
    const [at, low, high] = [small.peak, small.low, small.high].map((bytes) => (bytes / GIB).toFixed(1));
    expect(limit('sd15-training-4gb')).toContain(`${at} GiB (${low} to ${high})`);
  });
});

describe('presetsFor', () => {
  it('answers honestly what nobody has published, with the nearest', () => {
    expect(presetsFor(book, query({ task: 'train', family: 'flux', vramGib: 6 }))).toMatchObject({
      fitting: [],
      nearest: { id: 'train-flux-8gb' },
      limits: [{ id: 'flux-training-6gb', kind: 'impossible' }],
    });
    expect(presetsFor(book, query({ task: 'generate', family: 'wan', ui: 'comfyui' })).nearest).toBeNull();
    expect(presetsFor(book, query({ task: 'generate', family: 'sdxl', ui: 'invokeai' })).nearest?.id).toBe('invokeai-sdxl');
    const empty = { presets: [], limits: [], speeds: [], recipe: [], programs: [] };
    expect(presetsFor(empty, query())).toEqual({ fitting: [], tooLarge: [], limits: [], nearest: null });
  });

  it('takes what does not fit by the estimate out, and says so', () => {
    const [train] = book.presets.filter(({ id }) => id === 'train-sdxl-16gb');
    if (!train) throw new Error('no preset');
    const wide = { ...book, presets: [{ ...train, vram: { from: 4, to: 24 } }] };
    const { fitting, tooLarge } = presetsFor(wide, query({ gpu: 'RTX 2060', vramGib: 6 }));
    expect(fitting).toEqual([]);
    expect(tooLarge.map(({ preset }) => preset)).toEqual(['train-sdxl-16gb']);
  });
});

describe('compilePresets', () => {
  it.each([
    ['presets: [', 1],
    ['presets:\n  - id: a\n    task: fly\n', 3],
    ['other: 1\n', 1],
  ])('refuses %j with its line', (text, line) => {
    const result = compilePresets([{ file: 'x.yaml', text }]);
    expect(result.book.presets).toEqual([]);
    expect(result.errors.map((error) => error.line)).toContain(line);
  });

  it('refuses an id that exists twice', () => {
    expect(compilePresets([...files, ...files]).errors[0]?.message).toContain('exists twice');
  });
});
