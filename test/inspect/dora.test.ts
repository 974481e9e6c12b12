import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import type { SafetensorsHeader, TensorInfo } from '../../src/formats/safetensors-header';
import { doraNorms, type Model } from '../../src/inspect/dora';

/** A model of F32 tensors with these values. */
function model(tensors: Record<string, { shape: number[]; values: number[] }>): Model {
  const all: number[] = [];
  const infos = Object.entries(tensors).map(([name, { shape, values }]): TensorInfo => {
    const begin = all.length * 4;
    all.push(...values);
    return { name, dtype: 'F32', shape, begin, end: all.length * 4 };
  });
  const header: SafetensorsHeader = { tensors: infos, metadata: new Map(), dataStart: 0 };
  return { bytes: bytesOf(new Uint8Array(Float32Array.from(all).buffer)), header };
}

const NAME = 'lora_unet_middle_block_1_proj_in';
const base = model({ 'model.diffusion_model.middle_block.1.proj_in.weight': { shape: [2, 2], values: [3, 4, 0, 2] } });
const lora = (dora: { shape: number[]; values: number[] }, up = [0, 0], alpha = 1): Model =>
  model({
    [`${NAME}.lora_down.weight`]: { shape: [1, 2], values: [1, 1] },
    [`${NAME}.lora_up.weight`]: { shape: [2, 1], values: up },
    [`${NAME}.alpha`]: { shape: [], values: [alpha] },
    [`${NAME}.dora_scale`]: dora,
  });

describe('DoRA with the real base weights', () => {
  it('moves nothing when the magnitudes are those of the base', () => {
    expect(doraNorms(lora({ shape: [2, 1], values: [5, 2] }), base)?.computed).toEqual([{ name: NAME, norm: 0, relative: 0 }]);
    const columns = { shape: [1, 2], values: [3, Math.sqrt(20)] };
    expect(doraNorms(lora(columns), base)?.computed[0]?.norm).toBeCloseTo(0, 5);
  });

  it('scales the whole line by the magnitude', () => {
    const found = doraNorms(lora({ shape: [2, 1], values: [10, 2] }), base);
    expect(found?.computed[0]?.norm).toBeCloseTo(5, 5);
    expect(found?.median).toBeCloseTo(5 / Math.sqrt(29), 5);
  });

  it('adds the product before it normalises', () => {
    // Line 2 becomes (2, 4), of length √20, and is set to length 2.
    const found = doraNorms(lora({ shape: [2, 1], values: [5, 2] }, [0, 2]), base);
    const k = 2 / Math.sqrt(20);
    expect(found?.computed[0]?.norm).toBeCloseTo(Math.hypot(2 * k, 4 * k - 2), 5);
    const halved = doraNorms(lora({ shape: [2, 1], values: [5, 2] }, [0, 4], 0.5), base);
    expect(halved?.computed[0]?.norm).toBeCloseTo(found?.computed[0]?.norm ?? 0, 5);
  });

  it('is null for what is no DoRA, and leaves out what is beyond the budget', () => {
    expect(doraNorms(base, base)).toBeNull();
    const dora = lora({ shape: [2, 1], values: [5, 2] });
    expect(doraNorms(dora, base, () => false, 1)).toEqual({ modules: 1, computed: [], median: null });
  });
});
