import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GraphReading, readGraph } from '../../../src/formats/comfy-graph/read';

const FIXTURES = join(import.meta.dirname, '../../fixtures/graphs');
const fixture = (name: string): string => readFileSync(join(FIXTURES, `${name}.json`), 'utf8');

function must(json: string): GraphReading {
  const graph = readGraph(json);
  if (!graph) throw new Error('no graph');
  return graph;
}

/** A plain text-to-picture graph with LoRA nodes put in by the caller. */
function api(nodes: object = {}, sampler: object = {}): string {
  return JSON.stringify({
    '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'base.safetensors' } },
    '3': { class_type: 'CLIPTextEncode', inputs: { text: 'a cat', clip: ['1', 1] } },
    '4': { class_type: 'CLIPTextEncode', inputs: { text: 'bad', clip: ['1', 1] } },
    '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 768, batch_size: 2 } },
    '6': {
      class_type: 'KSampler',
      inputs: {
        seed: 1,
        steps: 20,
        cfg: 7,
        sampler_name: 'euler',
        model: ['1', 0],
        positive: ['3', 0],
        negative: ['4', 0],
        latent_image: ['5', 0],
        ...sampler,
      },
    },
    '7': { class_type: 'VAEDecode', inputs: { samples: ['6', 0], vae: ['1', 2] } },
    '8': { class_type: 'SaveImage', inputs: { images: ['7', 0] } },
    ...nodes,
  });
}

const lora = (inputs: object = {}): object => ({
  class_type: 'LoraLoader',
  inputs: { model: ['1', 0], clip: ['1', 1], lora_name: 'a.safetensors', strength_model: 0.8, strength_clip: 0.5, ...inputs },
});

describe('graphs that were recorded', () => {
  it.each(['healthy', 'model-only', 'not-wired', 'stacked', 'tag-in-text'])('%s: both formats tell the same', (name) => {
    const a = must(fixture(`${name}.prompt`));
    const u = must(fixture(`${name}.workflow`));
    const brief = (g: GraphReading): unknown => [
      g.positive,
      g.negative,
      g.checkpoint,
      g.steps,
      g.width,
      g.wiring,
      g.loras.map((l) => [l.name, l.strength, l.strengthTe, l.wiring, l.base]),
    ];
    expect(brief(u)).toEqual(brief(a));
  });
  it('reads a healthy one', () => {
    expect(must(fixture('healthy.prompt'))).toMatchObject({
      wiring: [],
      loras: [{ strength: 1, strengthTe: 1, active: true, base: 'v1-5-pruned-emaonly-fp16.safetensors' }],
    });
  });
  it('sees the faults', () => {
    expect(must(fixture('not-wired.prompt')).wiring).toEqual(['loader-unconnected']);
    expect(must(fixture('tag-in-text.prompt')).wiring).toEqual(['tag-in-text']);
    expect(must(fixture('model-only.prompt')).wiring).toEqual([]);
  });
});

describe('wiring', () => {
  it('model output unused, text encoder used', () => {
    const g = must(api({ '2': lora(), '3': { class_type: 'CLIPTextEncode', inputs: { text: 'a', clip: ['2', 1] } } }));
    expect(g.loras[0]?.wiring).toEqual(['model-output-unused']);
  });
  it('text encoder not connected, unless its strength is zero', () => {
    expect(must(api({ '2': lora() }, { model: ['2', 0] })).wiring).toEqual(['clip-not-connected']);
    expect(must(api({ '2': lora({ strength_clip: 0 }) }, { model: ['2', 0] })).wiring).toEqual([]);
  });
  it('a model that only reaches a scheduler is unused', () => {
    const g = must(api({ '2': lora(), '9': { class_type: 'BasicScheduler', inputs: { model: ['2', 0], steps: 20 } } }));
    expect(g.loras[0]?.wiring).toEqual(['loader-unconnected']);
  });
  it('follows chains, patches and guiders', () => {
    const chain = {
      '2': { class_type: 'LoraLoaderModelOnly', inputs: { model: ['1', 0], lora_name: 'a.safetensors', strength_model: 1 } },
      '10': { class_type: 'ModelSamplingFlux', inputs: { model: ['2', 0] } },
      '11': { class_type: 'BasicGuider', inputs: { model: ['10', 0], conditioning: ['3', 0] } },
      '6': { class_type: 'SamplerCustomAdvanced', inputs: { guider: ['11', 0], noise: ['12', 0], latent_image: ['5', 0] } },
      '12': { class_type: 'RandomNoise', inputs: { noise_seed: 5 } },
    };
    expect(must(api(chain))).toMatchObject({
      wiring: [],
      positive: 'a cat',
      seed: '5',
      loras: [{ base: 'base.safetensors', strengthTe: null }],
    });
  });
  it('believes nodes it does not know', () => {
    const g = must(
      api({
        '2': { class_type: 'Some LoRA Thing', inputs: { model: ['1', 0], lora_name: 'a.safetensors', strength: 0.4 } },
        '9': { class_type: 'Mystery', inputs: { model: ['2', 0] } },
        '10': { class_type: 'SaveImage', inputs: { images: ['9', 0] } },
      }),
    );
    expect(g.loras[0]).toMatchObject({ strength: 0.4, wiring: [] });
  });
});

describe('node packs', () => {
  const one = (class_type: string, inputs: object): GraphReading['loras'] =>
    must(api({ '2': { class_type, inputs: { model: ['1', 0], clip: ['1', 1], ...inputs } } }, { model: ['2', 0] })).loras;
  it('rgthree Power Lora Loader', () => {
    const loras = one('Power Lora Loader (rgthree)', {
      lora_1: { on: true, lora: 'a.safetensors', strength: 0.7, strengthTwo: 0.2 },
      lora_2: { on: false, lora: 'b.safetensors', strength: 1 },
      lora_3: { on: true, lora: 'None', strength: 1 },
    });
    expect(loras).toMatchObject([
      { name: 'a.safetensors', strength: 0.7, strengthTe: 0.2, active: true, style: 'loose' },
      { name: 'b.safetensors', active: false },
    ]);
  });
  it('stacks with numbers and switches', () => {
    expect(
      one('CR LoRA Stack', {
        switch_1: 'On',
        lora_name_1: 'a.safetensors',
        model_weight_1: 0.5,
        clip_weight_1: 0.4,
        switch_2: 'Off',
        lora_name_2: 'b.safetensors',
        lora_name_3: 'None',
      }),
    ).toMatchObject([
      { name: 'a.safetensors', strength: 0.5, strengthTe: 0.4, active: true },
      { name: 'b.safetensors', active: false },
    ]);
    expect(one('Lora Loader Stack (rgthree)', { lora_01: 'a.safetensors', strength_01: 0.3, lora_02: 'None' })).toMatchObject([
      { strength: 0.3 },
    ]);
  });
  it('LoRA Manager and SwarmUI', () => {
    expect(
      one('Lora Loader (LoraManager)', { loras: { __value__: [{ name: 'a', strength: '0.5', active: true }] } }),
    ).toMatchObject([{ name: 'a', style: 'loose' }]);
    expect(one('SwarmLoraLoader', { lora_names: 'a,b', lora_weights: '0.5,1' })).toMatchObject([
      { name: 'a', strength: 0.5 },
      { name: 'b', strength: 1 },
    ]);
  });
  it('leaves savers alone', () => {
    expect(one('SaveLoRA', { lora_name: 'a.safetensors' })).toEqual([]);
  });
});

describe('UI format', () => {
  const ui = (mode: number, extra: object = {}): string =>
    JSON.stringify({
      nodes: [
        {
          id: 1,
          type: 'CheckpointLoaderSimple',
          mode: 0,
          outputs: [{ type: 'MODEL' }, { type: 'CLIP' }, { type: 'VAE' }],
          widgets_values: ['base.safetensors'],
        },
        {
          id: 2,
          type: 'LoraLoaderModelOnly',
          mode,
          inputs: [{ name: 'model', type: 'MODEL', link: 1 }],
          outputs: [{ type: 'MODEL' }],
          widgets_values: ['a.safetensors', 0.6],
        },
        { id: 3, type: 'Reroute', mode: 0, inputs: [{ name: '', type: '*', link: 2 }], outputs: [{ type: 'MODEL' }] },
        {
          id: 6,
          type: 'KSampler',
          mode: 0,
          inputs: [{ name: 'model', type: 'MODEL', link: 3 }],
          outputs: [{ type: 'LATENT' }],
          widgets_values: [7, 'randomize', 22, 6.5, 'euler', 'normal', 1],
        },
        { id: 8, type: 'SaveImage', mode: 0, inputs: [{ name: 'images', type: 'IMAGE', link: 4 }] },
      ],
      links: [
        [1, 1, 0, 2, 0, 'MODEL'],
        [2, 2, 0, 3, 0, 'MODEL'],
        [3, 3, 0, 6, 0, 'MODEL'],
        [4, 6, 0, 8, 0, 'IMAGE'],
      ],
      ...extra,
    });
  it('reads widgets by position and goes through reroutes', () => {
    expect(must(ui(0))).toMatchObject({
      format: 'ui',
      steps: 22,
      cfg: 6.5,
      seed: '7',
      checkpoint: 'base.safetensors',
      loras: [{ strength: 0.6, active: true, wiring: [] }],
    });
  });
  it('bypassed and muted nodes', () => {
    expect(must(ui(4))).toMatchObject({ checkpoint: 'base.safetensors', loras: [{ active: false, wiring: ['bypassed'] }] });
    expect(must(ui(2))).toMatchObject({ loras: [{ active: false, wiring: ['muted'] }] });
  });
  it('unfolds subgraphs and takes promoted values', () => {
    const sub = {
      id: 'uuid-1',
      nodes: [
        {
          id: 5,
          type: 'LoraLoaderModelOnly',
          mode: 0,
          inputs: [{ name: 'model', type: 'MODEL', link: 1 }],
          outputs: [{ type: 'MODEL' }],
          widgets_values: ['old.safetensors', 1],
        },
      ],
      links: [
        { id: 1, origin_id: -10, origin_slot: 0, target_id: 5, target_slot: 0, type: 'MODEL' },
        { id: 2, origin_id: 5, origin_slot: 0, target_id: -20, target_slot: 0, type: 'MODEL' },
      ],
    };
    const workflow = JSON.parse(ui(0));
    workflow.nodes[1] = {
      id: 2,
      type: 'uuid-1',
      mode: 0,
      inputs: [{ name: 'model', type: 'MODEL', link: 1 }],
      outputs: [{ type: 'MODEL' }],
      properties: { proxyWidgets: [['5', 'lora_name']] },
      widgets_values: ['new.safetensors'],
    };
    workflow.definitions = { subgraphs: [sub] };
    expect(must(JSON.stringify(workflow)).loras).toMatchObject([
      { name: 'new.safetensors', node: '2:5', wiring: [], base: 'base.safetensors' },
    ]);
  });
});

describe('odd input', () => {
  it('IM-28 accepts NaN, cycles and junk', () => {
    expect(must(api().replace('"seed":1', '"seed":NaN')).steps).toBe(20);
    const cycle = must(
      JSON.stringify({
        '1': { class_type: 'LoraLoader', inputs: { model: ['2', 0], lora_name: 'a.safetensors' } },
        '2': { class_type: 'LoraLoader', inputs: { model: ['1', 0], lora_name: 'b.safetensors' } },
      }),
    );
    expect(cycle.loras).toHaveLength(2);
    for (const text of ['', '[]', '{}', '{"a": 1}', '{"nodes": []}', 'null', '{"nodes": [null, 3, {"type": 5}]}'])
      expect(readGraph(text)).toBeNull();
  });
  it('never throws on any JSON', () => {
    const node = fc.record({
      class_type: fc.constantFrom('LoraLoader', 'KSampler', 'SaveImage', 'X'),
      inputs: fc.dictionary(
        fc.constantFrom('model', 'clip', 'lora_name', 'positive', 'lora_1'),
        fc.oneof(fc.tuple(fc.constantFrom('0', '1', '2'), fc.nat(3)), fc.jsonValue({ maxDepth: 2 })),
      ),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.dictionary(fc.constantFrom('0', '1', '2'), node),
          fc.record({ nodes: fc.array(fc.jsonValue({ maxDepth: 3 })), links: fc.jsonValue({ maxDepth: 2 }) }),
        ),
        (value) => {
          const graph = readGraph(JSON.stringify(value));
          expect(graph === null || Array.isArray(graph.loras)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
