import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imagesCheck } from '../../src/checks/images/check';
import { gatherText, promptsCheck } from '../../src/checks/prompts/check';
import type { FactSpec } from '../../src/facts/define';
import { checkpointFacts } from '../../src/facts/registry/checkpoint';
import { imageFacts } from '../../src/facts/registry/image';
import { buildRegistry } from '../../src/facts/registry/index';
import { chosenFacts, installFacts } from '../../src/facts/registry/install';
import { loraFacts } from '../../src/facts/registry/lora';
import { promptFacts } from '../../src/facts/registry/prompt';
import { scriptFacts } from '../../src/facts/registry/script';
import { useFacts } from '../../src/facts/registry/use';
import { Store } from '../../src/facts/store';
import type { Subject } from '../../src/facts/subject';
import { type Json, known } from '../../src/facts/value';
import { nodePlatform } from '../../src/platform/node';
import { chunk, pixels, png, text } from '../formats/picture/make';

const LISTS: readonly (readonly FactSpec[])[] = [
  installFacts,
  chosenFacts,
  loraFacts,
  checkpointFacts,
  imageFacts,
  promptFacts,
  scriptFacts,
  useFacts,
];
const LINE = 'Steps: 20, Sampler: Euler, CFG scale: 7, Seed: 42, Size: 512x512, Model hash: 6ce0161689, Model: base';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prompts-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array, ageHours = 0): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  const at = 1_760_000_000 - ageHours * 3600;
  utimesSync(full, at, at);
  return full;
}

interface Lora {
  readonly name: string;
  readonly alias?: string;
  readonly family?: string;
  readonly words?: readonly string[];
  readonly visible?: boolean;
}

interface World {
  readonly ui?: string;
  readonly loras?: readonly Lora[];
  readonly base?: string;
  readonly install?: { readonly [fact: string]: Json };
}

/** Runs both checks on the folder, with an install, LoRAs and a checkpoint made up. */
async function run(
  world: World,
): Promise<{ store: Store; fact: (kind: 'use' | 'prompt' | 'image', index: number, name: string) => Json | undefined }> {
  const store = new Store(buildRegistry(LISTS));
  const all = new Set(LISTS.flat().map((f) => f.id));
  const id = `install:${root}`;
  const subjects: Subject[] = [{ kind: 'install', id, path: root, label: 'test' }];
  const facts: Record<string, Record<string, ReturnType<typeof known>>> = {
    [id]: {
      'install.ui': known(world.ui ?? 'a1111'),
      'install.os': known('linux'),
      'install.paramsFile': known(join(root, 'params.txt')),
      'install.outputFolders': known([join(root, 'outputs')]),
      'install.workflowFolders': known([join(root, 'workflows')]),
      'install.configFile': known(join(root, 'config.txt')),
      ...Object.fromEntries(Object.entries(world.install ?? {}).map(([k, v]) => [k, known(v)])),
    },
  };
  for (const lora of world.loras ?? []) {
    const label = `${lora.name.split('/').pop()}.safetensors`;
    const subject: Subject = {
      kind: 'lora',
      id: `lora:${lora.name}`,
      path: join(root, 'models', `${lora.name}.safetensors`),
      label,
      links: { install: id },
    };
    subjects.push(subject);
    facts[subject.id] = {
      'lora.name': known(lora.name),
      'lora.stem': known(label.replace('.safetensors', '')),
      'lora.folder': known('lora'),
      'lora.visible': known(lora.visible ?? true),
      'lora.family': known(lora.family ?? 'sd15'),
      'lora.triggerWords': known(lora.words ?? []),
      ...(lora.alias ? { 'lora.alias': known(lora.alias) } : {}),
    };
  }
  subjects.push({
    kind: 'checkpoint',
    id: 'checkpoint:base',
    path: join(root, 'base.safetensors'),
    label: 'base.safetensors',
    links: { install: id },
  });
  facts['checkpoint:base'] = { 'checkpoint.name': known('base'), 'checkpoint.family': known(world.base ?? 'sd15') };
  store.add('seed', all, { subjects, facts, notes: [] });
  for (const check of [imagesCheck, promptsCheck]) {
    const signal = new AbortController().signal;
    const context = {
      platform: nodePlatform(),
      signal,
      depth: 'normal' as const,
      targets: [root],
      searching: false,
      facts: store,
      progress: () => undefined,
    };
    store.add(check.id, new Set(check.provides), await check.run(context));
  }
  expect(store.notes().filter((n) => /undeclared|wrong-type|unknown-subject/.test(n.code))).toEqual([]);
  const fact = (kind: 'use' | 'prompt' | 'image', index: number, name: string): Json | undefined => {
    const subject = store.subjects(kind)[index];
    return subject && store.value(subject.id, `${kind}.${name}`);
  };
  return { store, fact };
}

const picture = (parameters: string, shade = 90): Uint8Array =>
  png({ before: [text('parameters', parameters)], width: 16, height: 16, rows: pixels(16, 16, (x, y) => [x * 9, y * 9, shade]) });

describe('what was asked for', () => {
  it('params.txt: finds the file, the family and the trigger word', async () => {
    put(
      'params.txt',
      `zzmika in a park <lora:mika:0.8:0.5>\nNegative prompt: bad\n${LINE}, Lora hashes: "mika: 0123456789ab", Version: v1.10.1`,
    );
    const { fact, store } = await run({ loras: [{ name: 'sub/mika', words: ['zzmika'], family: 'sdxl' }] });
    expect(fact('prompt', 0, 'source')).toBe('params');
    expect(fact('prompt', 0, 'strengthSum')).toBe(0.5);
    expect(fact('prompt', 0, 'finished')).toBe(false);
    expect(fact('use', 0, 'resolution')).toBe('found');
    expect(fact('use', 0, 'strengthTe')).toBe(0.8);
    expect(fact('use', 0, 'inHashes')).toBe('yes');
    expect(fact('use', 0, 'triggerPresent')).toBe(true);
    expect(fact('use', 0, 'familyMatches')).toBe(false);
    expect(store.subjects('use')[0]?.links).toMatchObject({
      lora: 'lora:sub/mika',
      checkpoint: 'checkpoint:base',
      prompt: `prompt:${join(root, 'params.txt')}`,
    });
  });
  it('a missing LoRA has a nearest name and no hash; a trigger word may be missing', async () => {
    put('params.txt', `a cat <lora:film_grane:1> <lora:mika:1>\n${LINE}, Lora hashes: "mika: 0123456789ab"`);
    const { fact } = await run({ loras: [{ name: 'film_grain' }, { name: 'mika', words: ['zzmika', 'red_hair'] }] });
    expect([fact('use', 0, 'resolution'), fact('use', 0, 'nearest'), fact('use', 0, 'inHashes')]).toEqual([
      'missing',
      'film_grain',
      'no',
    ]);
    expect(fact('use', 1, 'triggerPresent')).toBe(false);
  });
  it.each(['"mika: 0123456789ab, film_grain: 1', 'mika: 0123456789ab, film_grain: 1"'])(
    'IM-28 Lora hashes %s tell of no LoRA whether it was loaded',
    async (damaged) => {
      put('params.txt', `a cat <lora:mika:1> <lora:film_grain:1>\n${LINE}, Lora hashes: ${damaged}, Version: v1.10.1`);
      const { fact } = await run({ loras: [{ name: 'film_grain' }, { name: 'mika' }] });
      expect([fact('use', 0, 'inHashes'), fact('use', 1, 'inHashes')]).toEqual(['unknown', 'unknown']);
    },
  );
  it('a file under another extension or in another folder is found on the disk', async () => {
    put('params.txt', `a <lora:gone:1> <lora:cut:1>\n${LINE}`);
    put('extensions/other/models/gone.safetensors', 'x');
    put('models/Lora/cut.safetensors.part', 'x');
    const { fact } = await run({});
    expect(fact('use', 0, 'resolution')).toBe('elsewhere');
    expect(String(fact('use', 0, 'foundPath'))).toContain('extensions');
    expect(String(fact('use', 1, 'foundPath'))).toContain('.part');
  });
  it('params.txt and its picture are one generation', async () => {
    const request = `a cat <lora:a:1>\n${LINE}`;
    put('params.txt', request, 0.1);
    put('outputs/2026/1.png', picture(request));
    put('outputs/2026/0.png', picture(`an older dog\n${LINE}`), 40);
    const { fact, store } = await run({ loras: [{ name: 'a' }] });
    expect(store.subjects('prompt').map((p) => p.label)).toEqual(['params.txt', '0.png']);
    expect([fact('prompt', 0, 'finished'), fact('prompt', 0, 'recent'), fact('prompt', 1, 'recent')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(store.subjects('image')[0]?.links?.prompt).toBe(`prompt:${join(root, 'params.txt')}`);
  });
  it('equal pictures with and without a LoRA show that it has no effect', async () => {
    put('outputs/1.png', picture(`a cat <lora:a:1>\n${LINE}`), 1);
    put('outputs/2.png', picture(`a cat\n${LINE}`), 2);
    put('outputs/3.png', picture(`a cat <lora:b:1>\n${LINE}`, 10), 3);
    const { store } = await run({ loras: [{ name: 'a' }, { name: 'b' }] });
    const effects = store.subjects('use').map((u) => [u.label, store.value(u.id, 'use.effect')]);
    expect(effects).toEqual([
      ['a', 'none'],
      ['b', 'changes'],
    ]);
  });
  it('one bad weight switches all off', async () => {
    put('params.txt', `a <lora:a:0,8> <lora:b:1>\n${LINE}`);
    const { fact } = await run({ loras: [{ name: 'a' }, { name: 'b' }] });
    expect(fact('prompt', 0, 'allOff')).toBe(true);
    expect(fact('prompt', 0, 'problemKinds')).toEqual(['decimal-comma']);
    expect(fact('prompt', 0, 'tagProblems')).toEqual([{ kind: 'decimal-comma', text: '<lora:a:0,8>', at: 2 }]);
  });
  it('ComfyUI: a picture with its graph, and saved workflows after it', async () => {
    const graph = {
      '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'base.safetensors' } },
      '2': { class_type: 'LoraLoaderModelOnly', inputs: { model: ['1', 0], lora_name: 'x/a.safetensors', strength_model: 0.7 } },
      '3': { class_type: 'KSampler', inputs: { model: ['2', 0], steps: 9 } },
      '4': { class_type: 'SaveImage', inputs: { images: ['3', 0] } },
    };
    put('outputs/c.png', png({ before: [chunk('tEXt', `prompt\0${JSON.stringify(graph)}`)] }));
    put(
      'workflows/w.json',
      JSON.stringify({
        ...graph,
        '2': { class_type: 'LoraLoaderModelOnly', inputs: { model: ['1', 0], lora_name: 'gone.safetensors', strength_model: 1 } },
      }),
      1,
    );
    put('workflows/notes.json', '{"a": 1}');
    const { fact, store } = await run({ ui: 'comfyui', loras: [{ name: 'x/a' }] });
    expect(store.subjects('prompt').map((p) => store.value(p.id, 'prompt.source'))).toEqual(['graph', 'workflow']);
    expect([fact('use', 0, 'resolution'), fact('use', 1, 'resolution')]).toEqual(['found', 'missing']);
    expect([fact('use', 0, 'finished'), fact('use', 0, 'strength')]).toEqual([true, 0.7]);
    expect(fact('prompt', 0, 'checkpointFamily')).toBe('sd15');
  });
  it('ComfyUI: a configured folder that cannot be reached makes a made picture no proof of a missing file', async () => {
    const graph = { '2': { class_type: 'LoraLoaderModelOnly', inputs: { lora_name: 'away.safetensors', strength_model: 1 } } };
    put('outputs/c.png', png({ before: [chunk('tEXt', `prompt\0${JSON.stringify(graph)}`)] }));
    expect((await run({ ui: 'comfyui' })).fact('use', 0, 'resolution')).toBe('missing');
    expect(
      (await run({ ui: 'comfyui', install: { 'install.missingFolders': ['/mnt/away'] } })).fact('use', 0, 'resolution'),
    ).toBeUndefined();
  });
  it('Fooocus: default LoRAs of its settings, on SDXL', async () => {
    put(
      'config.txt',
      JSON.stringify({
        default_loras: [
          [true, 'a.safetensors', 0.8],
          [true, 'None', 1],
        ],
      }),
    );
    const { fact, store } = await run({ ui: 'fooocus', loras: [{ name: 'a' }] });
    expect(store.subjects('use')).toHaveLength(1);
    expect([fact('use', 0, 'resolution'), fact('use', 0, 'familyMatches')]).toEqual(['found', false]);
  });
  it('a typed prompt, with and without an install', async () => {
    const { store } = await run({ loras: [{ name: 'Mika' }] });
    const install = store.subjects('install')[0] ?? null;
    const here = gatherText(store, install, 'a1111', 'a cat <lora:mika:0.8>');
    expect(here.facts['use:prompt:text#0']?.['use.resolution']).toEqual(known('case-differs'));
    expect(here.facts['prompt:text']?.['prompt.source']).toEqual(known('text'));
    const anywhere = gatherText(store, null, 'comfyui', 'a cat <lora:mika:0.8>');
    expect(anywhere.facts['prompt:text']?.['prompt.problemKinds']).toEqual(known(['tag-in-comfyui-text']));
    expect(anywhere.subjects.map((s) => s.kind)).toEqual(['prompt']);
  });
  it('a damaged picture and a hostile name do no harm', async () => {
    put('outputs/a.png', picture(`x <lora:a\u001b]52;c;x\u0007:1>\n${LINE}`).subarray(0, 200));
    put('outputs/b.png', '<!doctype html>', 1);
    const { fact } = await run({});
    expect([fact('image', 0, 'broken'), fact('image', 1, 'format')]).toEqual([true, 'html']);
  });
});
