import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInfotext } from '../../src/formats/infotext/a1111';
import { readJsonParameters } from '../../src/formats/infotext/json';
import { parseInfotext, parseSettings } from '../../src/formats/infotext/parse';

const LINE =
  'Steps: 30, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 42, Size: 512x768, Model hash: 6ce0161689, Model: v1-5';

describe('infotext', () => {
  it('reads prompt, negative prompt and settings', () => {
    const g = readInfotext(
      `1girl <lora:a:0.8>\nsecond line\nNegative prompt: bad\nvery bad\n${LINE}, Lora hashes: "a: 875272272a3d, b c: 1", Version: v1.10.1`,
    );
    expect(g).toMatchObject({
      ui: 'a1111',
      positive: '1girl <lora:a:0.8>\nsecond line',
      negative: 'bad\nvery bad',
      checkpoint: 'v1-5',
      checkpointHash: '6ce0161689',
      width: 512,
      height: 768,
      steps: 30,
      cfg: 7,
      sampler: 'DPM++ 2M Karras',
      seed: '42',
      clipSkip: 1,
    });
    expect([...(g.loraHashes ?? [])]).toEqual([
      ['a', '875272272a3d'],
      ['b c', '1'],
    ]);
  });
  it('takes a last line with fewer than three pairs for prompt', () => {
    expect(parseInfotext('a cat, style: oil')).toEqual({ positive: 'a cat, style: oil', negative: '', settings: new Map() });
  });
  it('finds the parameters above lines that a site appended', () => {
    expect(readInfotext(`a cat\n${LINE}\nTemplate: a cat\nNegative Template: x`)).toMatchObject({ steps: 30, positive: 'a cat' });
  });
  it('IM-28 of `Lora hashes` with mismatched quotes nothing is told: who is missing in the rest is not known', () => {
    const read = (field: string) => {
      const { loraHashes, hashesDamaged, version } = readInfotext(`x <lora:a:1>\n${LINE}, ${field}, Version: v1.10.1`);
      return { names: loraHashes === null ? null : [...loraHashes.keys()], hashesDamaged, version };
    };
    const version = 'v1.10.1';
    expect(read('Lora hashes: "a: 1, b: 2"')).toEqual({ names: ['a', 'b'], hashesDamaged: false, version });
    for (const field of ['"a: 1, b: 2', 'a: 1, b: 2"', "'a: 1, b: 2'", 'a: 1, b: 2', '"a: 1", b: 2"'])
      expect([field, read(`Lora hashes: ${field}`)]).toEqual([
        field,
        field === '"a: 1", b: 2"'
          ? { names: ['a'], hashesDamaged: false, version }
          : { names: null, hashesDamaged: true, version },
      ]);
    expect(read('Nothing: 1')).toEqual({ names: null, hashesDamaged: false, version });
  });
  it('decodes quoted values and survives broken quotes (IM-28)', () => {
    expect(parseSettings('A1: "x, y: \\"z\\"", Bb: 2').get('A1')).toBe('x, y: "z"');
    expect(parseSettings('Lora hashes: "a: 1, b: 2, Version: v1').get('Version')).toBe('v1');
    expect(parseSettings('Aa: "x"y, Bb: 2').get('Bb')).toBe('2');
  });
  it.each([
    ['f2.0.1v1.10.1-previous-669-gdfdcbab6', 'forge'],
    ['f0.0.18v1.10.0RC-latest-572-g1234567', 'forge'],
    ['f1.0.0v2-v1.10.1RC-latest-2510-g3b56b268', 'reforge'],
    ['f1.3.5-v1.10.1RC', 'reforge'],
    ['classic', 'forge-classic'],
    ['neo-2.22', 'forge-neo'],
    ['v1.10.1-12-gabcdef01', 'a1111'],
    ['Fooocus v2.5.5', 'fooocus'],
  ])('version %s is %s', (version, ui) => {
    expect(readInfotext(`a\n${LINE}, Version: ${version}`).ui).toBe(ui);
  });
  it('knows SD.Next by its App field and hires passes by theirs', () => {
    expect(readInfotext(`a\n${LINE}, App: SD.Next, Version: 058a7f0`).ui).toBe('sdnext');
    expect(readInfotext(`a\n${LINE}, Hires upscale: 2, Hires prompt: "b, c"`)).toMatchObject({
      hires: true,
      hiresPrompt: 'b, c',
    });
  });
  it('is linear and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ':', ',', '"', '\\', '\n', ' ', 'é') }), (s) => {
        expect(parseInfotext(s).settings).toBeInstanceOf(Map);
      }),
      { numRuns: 500 },
    );
    expect(parseSettings('a'.repeat(300_000)).size).toBe(0);
    expect(parseSettings('aa: "x, '.repeat(40_000)).size).toBeGreaterThan(0);
  });
});

describe('JSON parameters', () => {
  it('reads SwarmUI', () => {
    const g = readJsonParameters(
      JSON.stringify({
        sui_image_params: { prompt: 'cat', model: 'x', loras: ['a', 'b'], loraweights: ['0.5', '2'], steps: 20, cfgscale: 7 },
      }),
    );
    expect(g).toMatchObject({
      ui: 'swarmui',
      checkpoint: 'x',
      steps: 20,
      loras: [
        { name: 'a', strength: 0.5 },
        { name: 'b', strength: 2 },
      ],
    });
  });
  it('reads Fooocus', () => {
    const g = readJsonParameters(
      JSON.stringify({
        prompt: 'cat',
        base_model: 'x',
        lora_combined_1: 'a.safetensors : 0.5',
        resolution: '(1152, 896)',
        version: 'Fooocus v2.5.5',
      }),
    );
    expect(g).toMatchObject({ ui: 'fooocus', width: 1152, height: 896, loras: [{ name: 'a.safetensors', strength: 0.5 }] });
  });
  it('reads InvokeAI, and nothing from other JSON', () => {
    const g = readJsonParameters(
      JSON.stringify({
        app_version: '6.1',
        model: { name: 'x' },
        loras: [{ model: { name: 'a' }, weight: 0.75 }],
        positive_prompt: 'cat',
      }),
    );
    expect(g).toMatchObject({ ui: 'invokeai', checkpoint: 'x', loras: [{ name: 'a', strength: 0.75 }] });
    expect(readJsonParameters('{"a": 1}')).toBeNull();
    expect(readJsonParameters('{broken')).toBeNull();
  });
});
