import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { readSafetensors } from '../../src/formats/safetensors';
import { lookAtWeights, type WeightsLook, type WeightsOptions } from '../../src/weights/look';
import { kernels } from './kernels';

const MATHS = kernels();

type Numbers = readonly number[];
interface Given {
  readonly shape: Numbers;
  readonly values: Numbers;
}

/** An F32 file of the given tensors. */
function fileOf(tensors: { readonly [name: string]: Given }): Uint8Array {
  let at = 0;
  const header: { [name: string]: object } = {};
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + 4 * values.length] };
    at += 4 * values.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + at);
  const view = new DataView(out.buffer);
  view.setUint32(0, text.length, true);
  out.set(text, 8);
  Object.values(tensors)
    .flatMap(({ values }) => values)
    .forEach((value, i) => {
      view.setFloat32(8 + text.length + 4 * i, value, true);
    });
  return out;
}

/** With the kernels; the plain loops must say the same. */
function lookAt(data: Uint8Array, options?: WeightsOptions): WeightsLook {
  const header = readSafetensors(bytesOf(data));
  if (!header.ok) throw new Error(header.error.message);
  const plain = lookAtWeights(bytesOf(data), header.header, options);
  const look = lookAtWeights(bytesOf(data), header.header, { ...options, maths: MATHS });
  const { norm: a, modules: b, ...rest } = plain;
  const { norm: c, modules: d, ...same } = look;
  expect(same).toEqual(rest);
  expect(d.map(({ name }) => name)).toEqual(b.map(({ name }) => name));
  for (const [i, { norm }] of b.entries()) expect(Math.abs((d[i]?.norm ?? 0) - norm)).toBeLessThanOrEqual(1e-4 * norm);
  expect(c === null).toBe(a === null);
  return look;
}

function lora(name: string, up: Numbers, down: Numbers, rank: number, alpha: number | null = rank): { [name: string]: Given } {
  return {
    [`${name}.lora_up.weight`]: { shape: [up.length / rank, rank], values: up },
    [`${name}.lora_down.weight`]: { shape: [rank, down.length / rank], values: down },
    ...(alpha === null ? {} : { [`${name}.alpha`]: { shape: [], values: [alpha] } }),
  };
}

const A = lora('lora_unet_a', [1, 2], [3, 4], 1);

describe('verdicts', () => {
  it('computes ΔW with alpha/rank', () => {
    const look = lookAt(fileOf({ ...A, ...lora('lora_unet_b', [0.3, 0, 0, 0.4], [1, 0, 0, 1], 2, 1) }));
    expect(look).toMatchObject({ verdict: 'overcooked', tensors: 6, nan: 0, inf: 0, zeroModules: 0, partial: false });
    expect(look.modules.map((m) => [m.rank, m.alpha, m.scale])).toEqual([
      [1, 1, 1],
      [2, 1, 0.5],
    ]);
    expect(look.modules[0]?.norm).toBeCloseTo(Math.sqrt(5) * 5, 6);
    expect(look.modules[1]?.norm).toBeCloseTo(0.25, 6);
    expect(look.modules[1]?.spectral).toBeCloseTo(0.2, 6);
    expect(look.norm?.max).toBeCloseTo(Math.sqrt(5) * 5, 6);
  });

  it('nan before inf before dead; alpha is not counted', () => {
    expect(lookAt(fileOf(lora('lora_unet_a', [Number.NaN, Number.POSITIVE_INFINITY], [0, 0], 1)))).toMatchObject({
      verdict: 'nan',
      nan: 1,
      inf: 1,
    });
    expect(lookAt(fileOf(lora('lora_unet_a', [1, Number.NEGATIVE_INFINITY], [0, 0], 1)))).toMatchObject({
      verdict: 'inf',
      inf: 1,
    });
    expect(lookAt(fileOf(lora('lora_unet_a', [0.1, 0.1], [1, 1], 1, Number.NaN)))).toMatchObject({
      verdict: 'suspicious',
      nan: 0,
      suspicions: [{ code: 'alpha-nan' }],
    });
  });

  it('dead: either factor zero, a product of zero, or alpha 0', () => {
    const dead = [
      lora('lora_unet_a', [0, 0], [1, 2], 1),
      lora('lora_unet_a', [1, 2], [0, 0], 1),
      lora('lora_unet_a', [1, 2], [3, 4], 1, 0),
      lora('lora_unet_a', [1, 0], [0, 0, 5, 6], 2),
    ];
    for (const module of dead)
      expect(lookAt(fileOf(module))).toMatchObject({ verdict: 'dead', zeroModules: 1, deadModules: ['lora_unet_a'] });
    expect(lookAt(fileOf({ ...A, ...lora('lora_te_b', [0], [1], 1) }))).toMatchObject({
      verdict: 'partly-dead',
      deadModules: ['lora_te_b'],
    });
  });

  it('a last layer of the text encoder that training did not reach is no fault', () => {
    const te = (layer: number, up: number): { [name: string]: Given } =>
      lora(`lora_te_text_model_encoder_layers_${layer}_mlp_fc1`, [up], [1], 1);
    const small = lora('lora_unet_a', [0.1], [1], 1);
    expect(lookAt(fileOf({ ...small, ...te(10, 0.1), ...te(11, 0) }))).toMatchObject({ verdict: 'sound', zeroModules: 1 });
    expect(lookAt(fileOf({ ...small, ...te(10, 0), ...te(11, 0.1) })).verdict).toBe('partly-dead');
    expect(lookAt(fileOf({ ...small, ...te(10, 0), ...te(11, 0) })).verdict).toBe('partly-dead');
  });

  it('overcooked and suspicious', () => {
    expect(lookAt(fileOf(A)).verdict).toBe('overcooked');
    const small = {
      ...lora('lora_unet_a', [0.1], [1], 1),
      ...lora('lora_unet_b', [0.1], [1], 1),
      ...lora('lora_unet_c', [0.1], [1], 1),
    };
    const codes = (more: { [name: string]: Given }): unknown[] => {
      const look = lookAt(fileOf({ ...small, ...more }));
      return [look.verdict, ...look.suspicions.map((found) => found.code)];
    };
    expect(codes({})).toEqual(['sound']);
    expect(codes(lora('lora_unet_d', [3], [1], 1))).toEqual(['suspicious', 'outlier']);
    expect(codes(lora('lora_unet_d', [0.1], [1], 1, null))).toEqual(['suspicious', 'alpha-missing']);
    expect(codes(lora('lora_unet_d', [0.01], [1], 1, 9))).toEqual(['suspicious', 'alpha-huge']);
    expect(codes(lora('lora_unet_d', [0.1], [1], 1, -1))).toEqual(['suspicious', 'alpha-negative']);
    expect(
      codes({ 'lora_unet_d.lora_up.weight': { shape: [1, 1], values: [1] }, 'lora_unet_d.alpha': { shape: [], values: [1] } }),
    ).toEqual(['suspicious', 'half-pair']);
    const mismatch = {
      'x.lora_A.weight': { shape: [2, 1], values: [1, 1] },
      'x.lora_B.weight': { shape: [1, 3], values: [1, 1, 1] },
    };
    expect(codes(mismatch)).toEqual(['suspicious', 'rank-mismatch']);
  });

  it('says when a budget left something out', () => {
    const look = lookAt(fileOf({ ...A, ...lora('lora_unet_b', [1], [1], 1) }), { maxBytes: 16 });
    expect(look).toMatchObject({ partial: true, bytesRead: 16 });
    expect(look.modules.map((m) => m.name)).toEqual(['lora_unet_a']);
    expect(lookAt(fileOf(A), { stop: () => true })).toMatchObject({ partial: true, bytesRead: 0, norm: null });
  });
});

describe('norms against the product written out', () => {
  // Products of smaller ones are no numbers of 32 bits any more: whether they count as 0 is then a matter of the order of sums.
  const value = fc.float({ min: -2, max: 2, noNaN: true }).map((each) => (Math.abs(each) < 1e-18 ? 0 : each));
  const matrix = (count: number): fc.Arbitrary<number[]> => fc.array(value, { minLength: count, maxLength: count });

  it('LoRA, singular values included', () => {
    const shapes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }));
    const cases = shapes.chain(([out, columns, rank]) =>
      fc.record({ up: matrix(out * rank), down: matrix(rank * columns), rank: fc.constant(rank) }),
    );
    fc.assert(
      fc.property(cases, ({ up, down, rank }) => {
        const [out, columns] = [up.length / rank, down.length / rank];
        let sum = 0;
        for (let i = 0; i < out; i++) {
          for (let j = 0; j < columns; j++) {
            let cell = 0;
            for (let k = 0; k < rank; k++) cell += (up[i * rank + k] ?? 0) * (down[k * columns + j] ?? 0);
            sum += cell * cell;
          }
        }
        const found = lookAt(fileOf(lora('lora_unet_a', up, down, rank))).modules[0];
        expect(found?.norm).toBeCloseTo(Math.sqrt(sum), 4);
        const spectral = found?.spectral ?? -1;
        expect(spectral).toBeLessThanOrEqual(Math.sqrt(sum) + 1e-4);
        expect(spectral).toBeGreaterThanOrEqual(Math.sqrt(sum / Math.min(rank, out, columns)) - 1e-4);
      }),
      { numRuns: 300 },
    );
  });

  it('LoRA whose rows differ by thirty orders of magnitude', () => {
    const up = [5.270918873139045e-33, 0, 0, -0.00497383764013648, 1.5681010354052712e-25, 1.5646063004221e-12, 0, 0, 0, 0, 0, 0];
    up.push(-5.455282271359371e-28, 0, -0.15728652477264404, 0);
    const { spectral, norm } =
      lookAt(fileOf(lora('lora_unet_a', up, [0, 0, 0, 0, 0, 0, 0.3288271427154541, 0], 4))).modules[0] ?? {};
    expect(spectral).toBeCloseTo(0.00497383764013648 * 0.3288271427154541, 9);
    expect(norm).toBeCloseTo(0.00497383764013648 * 0.3288271427154541, 9);
  });

  it('LoKr and LoHa', () => {
    fc.assert(
      fc.property(matrix(4), matrix(4), matrix(4), matrix(4), (a, b, c, d) => {
        const give = (values: number[]): Given => ({ shape: [2, 2], values });
        const times = (x: number[], y: number[]): number[] =>
          [0, 1, 2, 3].map((i) => (x[i & 2] ?? 0) * (y[i & 1] ?? 0) + (x[(i & 2) + 1] ?? 0) * (y[(i & 1) + 2] ?? 0));
        const norm = (x: number[]): number => Math.hypot(...x);
        const kron = lookAt(
          fileOf({
            'lora_unet_a.lokr_w1': give(a),
            'lora_unet_a.lokr_w2_a': give(b),
            'lora_unet_a.lokr_w2_b': give(c),
            'lora_unet_a.alpha': { shape: [], values: [2] },
          }),
        );
        expect(kron.modules[0]?.norm).toBeCloseTo(norm(a) * norm(times(b, c)), 4);
        const hada = {
          'lora_unet_a.hada_w1_a': give(a),
          'lora_unet_a.hada_w1_b': give(b),
          'lora_unet_a.hada_w2_a': give(c),
          'lora_unet_a.hada_w2_b': give(d),
          'lora_unet_a.alpha': { shape: [1], values: [2] },
        };
        const [one, two] = [times(a, b), times(c, d)];
        expect(lookAt(fileOf(hada)).modules[0]?.norm).toBeCloseTo(norm(one.map((x, i) => x * (two[i] ?? 0))), 4);
      }),
      { numRuns: 200 },
    );
  });
});

interface Expected {
  readonly file: { readonly nan: number; readonly inf: number };
  readonly dead_modules: readonly string[];
  readonly verdict: string;
  readonly modules: { readonly [name: string]: { readonly fro?: number; readonly spectral?: number } };
}

describe('the corpus', () => {
  const folder = new URL('../fixtures/weights/', import.meta.url);
  const expected: { [name: string]: Expected } = JSON.parse(fs.readFileSync(new URL('expected.json', folder), 'utf8'));
  it.each(Object.entries(expected))('%s', (name, want) => {
    const look = lookAt(fs.readFileSync(new URL(`${name}.safetensors`, folder)));
    expect([look.nan, look.inf, look.verdict, [...look.deadModules].sort()]).toEqual([
      want.file.nan,
      want.file.inf,
      want.verdict,
      [...want.dead_modules].sort(),
    ]);
    const wanted = Object.entries(want.modules).filter(([, module]) => module.fro !== undefined && module.fro !== null);
    expect(look.modules.map((module) => module.name).sort()).toEqual(wanted.map(([module]) => module).sort());
    for (const found of look.modules) {
      const { fro = Number.NaN, spectral = Number.NaN } = want.modules[found.name] ?? {};
      expect(Math.abs(found.norm - fro)).toBeLessThanOrEqual(1e-5 * fro);
      if (found.spectral !== null) expect(Math.abs(found.spectral - spectral)).toBeLessThanOrEqual(1e-5 * spectral);
    }
  });
});
