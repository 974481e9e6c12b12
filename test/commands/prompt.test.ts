import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { demoPicture } from '../../src/demo/png';
import { A1111, COMFY, plant } from '../checks/plant';
import { put, type Ran, ROOT, runCli, safetensors, temporaryFolder } from '../e2e/helpers';

const FIXTURES = path.join(ROOT, 'test', 'fixtures', 'prompts');
const NOTES = readFileSync(path.join(FIXTURES, 'three-prompts.txt'), 'utf8');

const UNET = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q';
const LORA = safetensors(
  {
    [`${UNET}.lora_down.weight`]: { dtype: 'F16', shape: [4, 320], data_offsets: [0, 2560] },
    [`${UNET}.lora_up.weight`]: { dtype: 'F16', shape: [320, 4], data_offsets: [2560, 5120] },
  },
  5120,
);

/** `use.name` → what becomes of it, and the strengths. */
function uses(ran: Ran): Record<string, unknown> {
  const { facts } = JSON.parse(ran.stdout);
  return Object.fromEntries(
    facts.subjects
      .filter((s: { kind: string }) => s.kind === 'use')
      .map(({ facts: f }: { facts: Record<string, { value: unknown }> }) => [
        f['use.name']?.value,
        [f['use.outcome']?.value, f['use.strength']?.value, f['use.strengthTe']?.value],
      ]),
  );
}

function problems(ran: Ran): string[] {
  const { facts } = JSON.parse(ran.stdout);
  return facts.subjects.flatMap((s: { facts: Record<string, { value?: { kind: string; text: string }[] }> }) =>
    (s.facts['prompt.tagProblems']?.value ?? []).map((p) => `${p.kind} ${p.text}`),
  );
}

const prompt = (words: string[], options: Parameters<typeof runCli>[1] = {}): Promise<Ran> =>
  runCli(['prompt', ...words, '--json', '--no-redact'], options);

describe('prompt on a kind of program', () => {
  test.each(['a1111', 'forge'])('reads three labelled prompts as %s does', async (ui) => {
    const ran = await prompt(['-', '--ui', ui], { stdin: NOTES });
    expect(ran.status).toBe(1);
    expect(problems(ran)).toEqual(['in-negative-prompt <lora:catgirl_v1:-0.1>']);
    expect(JSON.parse(ran.stdout).facts.subjects.filter((s: { kind: string }) => s.kind === 'prompt')).toHaveLength(3);
    expect(uses(ran)).toMatchObject({
      cyberpunk_style: ['loads-if-present', 0.3, 0.3],
      soft_light: ['loads-if-present', 0.4, 0.4],
      catgirl_v1: ['loads-if-present', 0.8, 0.8],
    });
  });

  test('knows that ComfyUI reads none of it', async () => {
    const ran = await prompt(['-', '--ui', 'comfyui'], { stdin: NOTES });
    expect(uses(ran)).toEqual({});
    expect(problems(ran).filter((p) => p.startsWith('tag-in-comfyui-text'))).toHaveLength(6);
  });

  test('takes the strengths of U-Net and text encoder apart', async () => {
    const ran = await prompt(['a <lora:one:0.5:1> <lora:two> <lora:three:te=0:unet=0.7>', '--ui', 'forge']);
    expect(uses(ran)).toEqual({
      one: ['loads-if-present', 1, 0.5],
      two: ['loads-if-present', 1, 1],
      three: ['loads-if-present', 0.7, 0],
    });
  });

  test('one bad number switches off every LoRA, in A1111 and in Forge', async () => {
    for (const ui of ['a1111', 'forge']) {
      const ran = await prompt(['<lora:good:1> <lora:bad:0,8>', '--ui', ui]);
      expect(uses(ran)).toMatchObject({ good: ['all-off-bad-tag', 1, 1], bad: ['all-off-bad-tag', undefined, undefined] });
      expect(JSON.parse(ran.stdout).findings[0].cause).toBe('prompt-syntax');
    }
  });

  test('full-width colons, other brackets and capital letters are no tags', async () => {
    const ran = await prompt(['<lora：a：1>, (lora:b:1), <LORA:c:1>, &lt;lora:d:1&gt;', '--ui', 'a1111']);
    expect(uses(ran)).toEqual({});
    expect(
      problems(ran)
        .map((p) => p.split(' ')[0])
        .sort(),
    ).toEqual(['full-width-colon', 'html-escaped', 'unknown-keyword', 'wrong-brackets']);
  });

  test('an extension or a folder in the name is never found', async () => {
    const ran = await prompt(['<lora:a.safetensors:1> <lora:sub/b:1>', '--ui', 'a1111']);
    expect(uses(ran)).toMatchObject({ 'a.safetensors': ['missing', 1, 1], 'sub/b': ['missing', 1, 1] });
  });
});

describe('prompt on an install', () => {
  const install = (plan: Record<string, string | Uint8Array>): string => plant(temporaryFolder(), plan);
  const words = 'x <lora:mika:0.7> <lora:nope:1>';

  test('A1111 loads the file that is there', async () => {
    const root = install({ ...A1111, 'models/Lora/mika.safetensors': LORA });
    const ran = await prompt([words, '--install', root]);
    expect(uses(ran)).toMatchObject({ mika: ['loads', 0.7, 0.7], nope: ['missing', 1, 1] });
    expect(JSON.parse(ran.stdout).findings[0]).toMatchObject({ cause: 'lora-not-found', subject: { label: 'nope' } });
  });

  test('Forge then leaves out both', async () => {
    const root = install({
      ...A1111,
      'modules_forge/forge_version.py': 'version = "2.0.1v1.10.1"\n',
      'backend/args.py': '',
      'packages_3rdparty/x.py': '',
      'extensions-builtin/sd_forge_lora/networks.py': '',
      'models/Lora/mika.safetensors': LORA,
    });
    const ran = await prompt([words, '--install', root]);
    expect(uses(ran)).toMatchObject({ mika: ['all-off-missing', 0.7, 0.7], nope: ['missing', 1, 1] });
  });

  test('the current folder is one, and the text says which file', async () => {
    const root = install({ ...A1111, 'models/Lora/mika.safetensors': LORA });
    const ran = await runCli(['prompt', 'x <lora:mika:0.7>'], { cwd: root });
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(ran.stdout.replace(/\s+/g, '')).toContain('models/Lora/mika.safetensors;U-Net0.7,textencoder0.7');
  });

  test('ComfyUI: a graph is read as a graph', async () => {
    const root = install({ ...COMFY, 'models/loras/mika.safetensors': LORA });
    const graph = {
      1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
      2: {
        class_type: 'LoraLoader',
        inputs: { model: ['1', 0], clip: ['1', 1], lora_name: 'mika.safetensors', strength_model: 0.8, strength_clip: 0.4 },
      },
      3: { class_type: 'CLIPTextEncode', inputs: { clip: ['2', 1], text: 'x' } },
      4: { class_type: 'KSampler', inputs: { model: ['2', 0], positive: ['3', 0], negative: ['3', 0], latent_image: ['5', 0] } },
      5: { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512 } },
      6: { class_type: 'VAEDecode', inputs: { samples: ['4', 0], vae: ['1', 2] } },
      7: { class_type: 'SaveImage', inputs: { images: ['6', 0] } },
    };
    const ran = await prompt(['-', '--install', root], { stdin: JSON.stringify(graph) });
    expect(uses(ran)).toEqual({ 'mika.safetensors': ['loads', 0.8, 0.4] });
  });
});

describe('prompt with a Python script', () => {
  const script = path.join(FIXTURES, 'client.py');
  const kindsOf = (ran: Ran): unknown =>
    JSON.parse(ran.stdout).facts.subjects[0].kind === 'machine'
      ? JSON.parse(ran.stdout).facts.subjects.find((s: { id: string }) => s.id.endsWith('client.py')).facts[
          'prompt.scriptProblemKinds'
        ].value
      : null;

  test.each(['a1111', 'forge'])('a right one has nothing wrong for %s', async (ui) => {
    const ran = await prompt([script, '--ui', ui]);
    expect(ran.status).toBe(0);
    expect(kindsOf(ran)).toEqual([]);
    expect(uses(ran)).toEqual({ catgirl_v1: ['loads-if-present', 0.8, 0.8] });
  });

  test('ComfyUI does not answer it', async () => {
    const ran = await prompt([script, '--ui', 'comfyui']);
    expect(ran.status).toBe(1);
    expect(kindsOf(ran)).toEqual(['wrong-program']);
  });

  test('without --api in the install that is the finding', async () => {
    const root = plant(temporaryFolder(), { ...A1111, 'webui-user.sh': '#!/bin/bash\nexport COMMANDLINE_ARGS="--medvram"\n' });
    const ran = await prompt([script, '--install', root]);
    expect(JSON.parse(ran.stdout).findings.map((f: { rule: string }) => f.rule)).toContain('loaded/script-api-off');
  });
});

describe('what prompt refuses', () => {
  test('no text, two texts, an unknown kind, a folder without an install', async () => {
    const folder = temporaryFolder();
    for (const words of [
      [],
      ['a', 'b'],
      ['a', '--ui', 'a111'],
      ['a', '--install', folder],
      ['nowhere.py'],
      ['a', '--install', './no'],
    ]) {
      const ran = await prompt(words);
      expect({ words, status: ran.status }).toEqual({ words, status: 2 });
      expect(JSON.parse(ran.stdout).schema).toBe('lora-doctor/error@1');
    }
  });

  test('a hostile prompt reaches neither stream raw, and is a stand-in in JSON', async () => {
    const nasty = 'x\u001b[31m <lora:a\u202eb:1> secret words';
    const text = await runCli(['prompt', nasty, '--ui', 'a1111']);
    expect(text.stdout + text.stderr).not.toMatch(/[\u001b\u202e]/);
    const ran = await runCli(['prompt', nasty, '--ui', 'a1111', '--json']);
    expect(ran.stdout).not.toContain('secret words');
  });
});

describe('image', () => {
  const infotext =
    'x, <lora:mika:0.7>, <lora:nope:1>\nNegative prompt: y\nSteps: 2, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 256x256, Model hash: 903a46ea50, Model: base, Lora hashes: "mika: 0123456789ab", Version: v1.10.1';

  test('reads how it was made and says which LoRA is missing in the install around it', async () => {
    const root = plant(temporaryFolder(), {
      ...A1111,
      'models/Lora/mika.safetensors': LORA,
      'outputs/txt2img-images/2026-01-01/00000-1.png': demoPicture(256, 256, infotext, 3),
    });
    const file = path.join(root, 'outputs/txt2img-images/2026-01-01/00000-1.png');
    const ran = await runCli(['image', file, '--json', '--no-redact']);
    expect(ran.status).toBe(1);
    expect(uses(ran)).toEqual({ mika: ['loads', 0.7, 0.7], nope: ['missing', 1, 1] });
    const report = JSON.parse(ran.stdout);
    expect(report.findings[0]).toMatchObject({ cause: 'lora-not-found', subject: { label: 'nope' } });
    const image = report.facts.subjects.find((s: { kind: string }) => s.kind === 'image');
    expect(image.facts['image.look']).toMatchObject({ value: 'normal' });
    const text = await runCli(['image', file]);
    expect(text.stdout).toContain('png, 256×256, looks like a picture');
    expect(text.stdout).toContain('nope  loads nothing');
  });

  test('says of a file that is no picture that it is none', async () => {
    const file = put(temporaryFolder(), 'a.png', 'nothing');
    const ran = await runCli(['image', file]);
    expect(ran.status).toBe(3);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('is no picture');
    const json = await runCli(['image', file, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'lora-doctor/error@1', error: { code: 'no-picture' } });
  });

  test('no file and a missing file are errors of usage', async () => {
    for (const words of [[], ['./nowhere.png']]) expect((await runCli(['image', ...words])).status).toBe(2);
  });
});
