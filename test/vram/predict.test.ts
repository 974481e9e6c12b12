import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIB } from '../../src/vram/bytes';
import { modelOf } from '../../src/vram/models';
import { predictRow } from '../../src/vram/predict';
import { readRow } from '../../src/vram/read';

const gib = (row: object): number => predictRow(row).peak / GIB;
const TRAIN = { kind: 'train', task: 'lora', tool: 'sd-scripts', model_family: 'SDXL', resolution: '1024', batch: 1, rank: 8 };
const PICTURE = { kind: 'inference', task: 'txt2img', tool: 'diffusers', model_family: 'SDXL', resolution: '1024', batch: 1 };

describe('the words of a row', () => {
  it.each([
    ['SD1.x', 'sd15'],
    ['SD1.x distilled (tiny-sd)', 'sd15'],
    ['SDXL', 'sdxl'],
    ['SSD-1B', 'ssd-1b'],
    ['Flux.1-dev', 'flux'],
    ['Flux.2 klein 4B', 'flux2'],
    ['PixArt-Sigma', 'pixart'],
    ['HunyuanImage-2.1', 'hunyuan-image-2.1'],
  ])('%s', (words, family) => {
    const { settings } = readRow({ kind: 'inference', model_family: words });
    expect(modelOf(settings.model).family).toBe(family);
    expect(predictRow({ kind: 'inference', model_family: words }).peak).toBeGreaterThan(GIB);
  });

  it('reads sizes, precisions and what is switched on', () => {
    expect(readRow({ ...PICTURE, resolution: '2048x1080' }).settings).toMatchObject({ width: 2048, height: 1080 });
    expect(readRow({ ...PICTURE, flags: 'fp16 + SDPA + VAE slicing' }).settings).toMatchObject({
      vaeSlicing: true,
      computeBits: 16,
    });
    const quantised = readRow({
      kind: 'train',
      task: 'lora',
      model_family: 'Flux.1-dev',
      precision: 'int4 base, bf16 LoRA',
    }).settings;
    expect(quantised.coreBits).toBeLessThan(5);
    expect(readRow({ ...TRAIN, blocks_to_swap: 22 }).settings.swappedBlocks).toBe(22);
  });

  it('says what it assumed, and nothing of what was told', () => {
    const fields = predictRow(TRAIN).assumed.map(({ field }) => field);
    expect(fields).toContain('optimizer');
    for (const told of ['rank', 'batch', 'resolution']) expect(fields).not.toContain(told);
  });
});

describe('what the physics says', () => {
  it('more pictures, pixels or rank never take less', () => {
    expect(gib({ ...TRAIN, batch: 4 })).toBeGreaterThan(gib(TRAIN));
    expect(gib({ ...TRAIN, rank: 128 })).toBeGreaterThan(gib(TRAIN));
    expect(gib({ ...TRAIN, resolution: '768' })).toBeLessThan(gib(TRAIN));
    expect(gib({ ...PICTURE, batch: 4 })).toBeGreaterThan(gib(PICTURE));
  });

  it('savings save', () => {
    expect(gib({ ...TRAIN, fp8_base: true })).toBeLessThan(gib({ ...TRAIN, fp8_base: false }));
    expect(gib({ ...TRAIN, gradient_checkpointing: true })).toBeLessThan(gib({ ...TRAIN, gradient_checkpointing: false }));
    const cached = { ...TRAIN, cache_text_encoder: true, text_encoder_trained: false };
    expect(gib(cached)).toBeLessThan(gib({ ...TRAIN, cache_text_encoder: false }));
    expect(gib({ ...TRAIN, optimizer: 'AdamW8bit' })).toBeLessThan(gib({ ...TRAIN, optimizer: 'AdamW' }));
    const flux = { ...TRAIN, model_family: 'Flux.1-dev', fp8_base: true };
    expect(gib({ ...flux, blocks_to_swap: 28 })).toBeLessThan(gib(flux));
  });

  it('a card that is too small gets the cheapest changes, after which it fits', () => {
    const found = predictRow({ ...TRAIN, cache_text_encoder: false, gpu: 'RTX 2060', gpu_vram_gb: 6 });
    expect(found.fits).toBe('no');
    expect(found.changes.length).toBeGreaterThan(0);
    expect(found.after?.peak).toBeLessThan(6 * GIB);
    expect(predictRow({ ...TRAIN, gpu_vram_gb: 24 })).toMatchObject({ fits: 'yes', changes: [], after: null });
    expect(predictRow(TRAIN).fits).toBe('unknown');
  });
});

describe('any row', () => {
  const value = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('SDXL', 'Flux.1-dev', 'lora', 'train', '512x768', 'nf4', '8bit or Adafactor', 'model CPU offload', '1e9'),
  );
  const fields = [
    'kind',
    'task',
    'model_family',
    'resolution',
    'batch',
    'rank',
    'optimizer',
    'precision',
    'flags',
    'tool',
    'gpu',
    'gpu_vram_gb',
    'blocks_to_swap',
    'fp8_base',
    'frames',
  ];
  const row = fc.dictionary(fc.constantFrom(...fields), value);

  it('gets an answer whose parts sum to its peak, between its bounds', () => {
    fc.assert(
      fc.property(row, (given) => {
        const { peak, low, high, parts } = predictRow(given);
        expect(Number.isSafeInteger(peak) && peak > 0).toBe(true);
        expect(low).toBeLessThanOrEqual(peak);
        expect(high).toBeGreaterThanOrEqual(peak);
        expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(peak);
        for (const { bytes } of parts) expect(bytes).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no less with a larger batch or rank', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 64 }), (given, batch, rank) => {
        const base = { ...given, batch, rank };
        expect(predictRow({ ...base, batch: batch * 2 }).peak).toBeGreaterThanOrEqual(predictRow(base).peak);
        expect(predictRow({ ...base, rank: rank * 2 }).peak).toBeGreaterThanOrEqual(predictRow(base).peak);
      }),
      { numRuns: 500 },
    );
  });
});
