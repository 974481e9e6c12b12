import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOfWord } from '../../../src/formats/model/claims';
import { contradictions } from '../../../src/formats/model/contradictions';
import { identify } from '../../../src/formats/model/identify';
import { readMetadata } from '../../../src/formats/model/metadata';
import { triggerWords } from '../../../src/formats/model/triggers';
import { fixture } from './headers';

const found = (name: string, changes: Record<string, string> = {}): string[] => {
  const header = fixture(name);
  const metadata = new Map([...header.metadata, ...Object.entries(changes)]);
  return contradictions(identify({ ...header, metadata }), readMetadata(metadata), metadata).map(({ code }) => code);
};

describe('readMetadata', () => {
  it('reads what sd-scripts writes', () => {
    const meta = readMetadata(fixture('sdscripts-sdxl-lora-r8-pony').metadata);
    expect(meta).toMatchObject({ trainer: 'kohya-ss/sd-scripts', steps: 1200, networkDim: '8', images: 24, comment: null });
    expect(meta.baseModel).toMatch(/^pony/);
  });

  it('knows other trainers by what only they write', () => {
    expect(readMetadata(fixture('musubi-fluxkontext-lora-r16').metadata).trainer).toBe('musubi-tuner');
    expect(readMetadata(fixture('onetrainer-zimage-lora-r16-comfy').metadata).trainer).toBe('OneTrainer');
    expect(
      readMetadata(
        new Map([
          ['software', '{"name": "ai-toolkit", "version": "1"}'],
          ['training_info', '{"step": 7}'],
        ]),
      ),
    ).toMatchObject({ trainer: 'ai-toolkit', steps: 7 });
  });

  it('keeps only the file name of a path on the training machine', () => {
    expect(readMetadata(new Map([['ss_sd_model_name', 'C:\\models\\base.safetensors']])).baseModel).toBe('base.safetensors');
    expect(readMetadata(new Map([['ss_sd_model_name', 'org/model']])).baseModel).toBe('org/model');
  });

  it('takes any text without failing', () => {
    const keys = fc.constantFrom(
      'ss_tag_frequency',
      'ss_datasets',
      'ss_dataset_dirs',
      'ss_network_args',
      'software',
      'training_info',
      'ss_steps',
      'ss_network_dim',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.oneof(fc.string(), fc.json()))), (pairs) => {
        expect(readMetadata(new Map(pairs)).triggers.all.length).toBeLessThanOrEqual(50);
      }),
      { numRuns: 300 },
    );
  });
});

describe('triggerWords', () => {
  const words = (tags: object, dirs: object = {}) =>
    triggerWords(
      new Map([
        ['ss_tag_frequency', JSON.stringify(tags)],
        ['ss_dataset_dirs', JSON.stringify(dirs)],
      ]),
    );

  it('takes tags that stand in every caption, not quality words', () => {
    const { likely } = words(
      { '5_a': { zvx: 20, masterpiece: 20, '1girl': 20, hat: 9 } },
      { '5_a': { n_repeats: 5, img_count: 20 } },
    );
    expect(likely).toEqual(['zvx']);
  });

  it('falls back to the folder when captions say nothing', () => {
    expect(
      words({ '10_zvx girl': { smile: 3, hat: 4, sky: 1 } }, { '10_zvx girl': { n_repeats: 10, img_count: 30 } }).likely,
    ).toEqual(['zvx girl']);
  });

  it('adds folders up and ranks by count', () => {
    const { all } = words({ a: { x: 3, y: 9 }, b: { x: 4 } });
    expect(all.slice(0, 2)).toEqual([
      { word: 'y', count: 9, source: 'tags' },
      { word: 'x', count: 7, source: 'tags' },
    ]);
  });

  it('believes a stated phrase first', () => {
    expect(triggerWords(new Map([['modelspec.trigger_phrase', 'zvx, red hat']])).likely).toEqual(['zvx', 'red hat']);
  });
});

describe('contradictions', () => {
  it('finds none in files as trainers write them', () => {
    for (const name of [
      'sdscripts-sd15-lora-r32-te',
      'sdscripts-sdxl-lora-r8-pony',
      'lycoris-sd15-lokr-r4-tucker',
      'musubi-fluxkontext-lora-r16',
    ]) {
      expect(found(name)).toEqual([]);
    }
  });

  it('finds the rank that a merge tool leaves behind', () => {
    expect(found('sdscripts-sd15-merged-concat-r36')).toEqual(['rank']);
  });

  it('finds a wrong base model', () => {
    expect(
      found('sdscripts-sd15-lora-r32-te', {
        ss_base_model_version: 'sdxl_base_v1-0',
        'modelspec.architecture': 'stable-diffusion-xl-v1-base/lora',
      }),
    ).toEqual(['family']);
  });
});

describe('familyOfWord', () => {
  it.each([
    ['sdxl_base_v1-0', 'sdxl'],
    ['stable-diffusion-v2-768-v', 'sd21'],
    ['Flux.2-klein-4b/lora', 'flux2'],
    ['flux-1-dev/lora', 'flux'],
    ['hunyuan_video_1_5', 'hunyuan-video-1.5'],
    ['hunyuan_video', 'hunyuan-video'],
    ['Z-Image/lora', 'z-image'],
    ['stable-diffusion-v3.5/lora', 'sd3'],
    ['sd_1.5', 'sd15'],
    ['wan_2.2_14b', 'wan'],
  ])('%s is %s', (word, family) => {
    expect(familyOfWord(word)?.family).toBe(family);
  });

  it('knows no family for other words', () => {
    expect(familyOfWord('something else')).toBeNull();
  });
});
