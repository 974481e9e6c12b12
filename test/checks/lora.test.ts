import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckContext } from '../../src/checks/check';
import { loraCheck } from '../../src/checks/lora/check';
import { smallLoraCheck } from '../../src/checks/lora/small-check';
import type { FactStore, Gathered } from '../../src/facts/snapshot';
import type { Subject } from '../../src/facts/subject';
import { type Json, unknown } from '../../src/facts/value';
import type { SafetensorsHeader } from '../../src/formats/safetensors-header';
import { nodePlatform } from '../../src/platform/node';
import { fixture, headerOf } from '../formats/model/headers';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lora-check-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A real file: the header and zeros, `cut` bytes short. */
function write(path: string, header: SafetensorsHeader, cut = 0): string {
  const entries = Object.fromEntries(
    header.tensors.map(({ name, dtype, shape, begin, end }) => [name, { dtype, shape, data_offsets: [begin, end] }]),
  );
  const metadata = header.metadata.size > 0 ? { __metadata__: Object.fromEntries(header.metadata) } : {};
  const json = Buffer.from(JSON.stringify({ ...metadata, ...entries }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const end = header.tensors.reduce((most, tensor) => Math.max(most, tensor.end), 0);
  const full = join(root, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, Buffer.concat([length, json, Buffer.alloc(end - cut)]));
  return full;
}

const small = (metadata: Record<string, string> = {}, context = 768): SafetensorsHeader => {
  const name = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';
  return headerOf(
    { [`${name}.alpha`]: [], [`${name}.lora_down.weight`]: [4, context], [`${name}.lora_up.weight`]: [1280, 4] },
    metadata,
  );
};

function store(installs: Record<string, Record<string, Json>>): FactStore {
  const subjects = Object.keys(installs).map((path): Subject => ({ kind: 'install', id: `install:${path}`, path, label: 'ui' }));
  const value = (id: string, fact: string): Json | undefined => installs[id.slice(8)]?.[fact];
  return {
    subjects: (kind) => (kind === 'install' ? subjects : []),
    subject: (id) => subjects.find((subject) => subject.id === id),
    get: (id, fact) => {
      const found = value(id, fact);
      return found === undefined ? unknown('not-collected') : { state: 'known', value: found };
    },
    value: <T extends Json>(id: string, fact: string) => value(id, fact) as T | undefined,
  };
}

async function run(
  installs: Record<string, Record<string, Json>>,
  targets: string[] = [],
): Promise<(path: string, fact: string) => Json | undefined | null> {
  const gathered = await gather(installs, targets);
  return (path, fact) => {
    const id = `${fact.split('.')[0]}:${join(root, path)}`;
    const found = gathered.facts[id]?.[fact];
    return found?.state === 'known' ? found.value : found?.state === 'na' ? null : undefined;
  };
}

const contextFor = (installs: Record<string, Record<string, Json>>, targets: string[] = []): CheckContext => ({
  platform: nodePlatform(),
  signal: new AbortController().signal,
  depth: 'normal',
  targets,
  searching: targets.length === 0,
  facts: store(installs),
  progress: () => undefined,
});

const gather = async (installs: Record<string, Record<string, Json>>, targets: string[] = []): Promise<Gathered> =>
  loraCheck.run(contextFor(installs, targets));

const a1111 = (extra: Record<string, Json> = {}) => ({
  [root]: {
    'install.ui': 'a1111',
    'install.loraFolders': [join(root, 'Lora')],
    'install.checkpointFolders': [join(root, 'ckpt')],
    ...extra,
  },
});

describe('the lora check', () => {
  it('says what a LoRA is and under which name the program knows it', async () => {
    write('Lora/people/zvx.safetensors', fixture('sdscripts-sdxl-lora-r8-pony'), 0);
    const fact = await run(a1111());
    const path = 'Lora/people/zvx.safetensors';
    expect(fact(path, 'lora.name')).toBe('people/zvx');
    expect(fact(path, 'lora.family')).toBe('sdxl');
    expect(fact(path, 'lora.lineage')).toBe('pony');
    expect(fact(path, 'lora.rank')).toBe(8);
    expect(fact(path, 'lora.unetModules')).toBe(722);
    expect(fact(path, 'lora.textEncoderModules')).toBe(264);
    expect(fact(path, 'lora.triggerWords')).toContain('zvx');
    expect(fact(path, 'lora.visible')).toBe(true);
    expect(fact(path, 'lora.shownAs')).toBe('SDXL');
  });

  it('counts the missing bytes of a cut file, and still knows what it was', async () => {
    write('Lora/cut.safetensors', small(), 1000);
    const fact = await run(a1111());
    expect(fact('Lora/cut.safetensors', 'lora.containerOk')).toBe(false);
    expect(fact('Lora/cut.safetensors', 'lora.missingBytes')).toBe(1000);
    expect(fact('Lora/cut.safetensors', 'lora.family')).toBe('sd15');
  });

  it('tells why a file is not listed', async () => {
    write('Lora/a.safetensors.corrupted', small());
    write('Lora/b.safetensors.crdownload', small());
    write('Lora/c.sft', small());
    write('ckpt/d.safetensors', small());
    const fact = await run(a1111());
    expect(fact('Lora/a.safetensors.corrupted', 'lora.hiddenReason')).toBe('corrupted-rename');
    expect(fact('Lora/a.safetensors.corrupted', 'lora.stem')).toBe('a');
    expect(fact('Lora/b.safetensors.crdownload', 'lora.hiddenReason')).toBe('download-leftover');
    expect(fact('Lora/c.sft', 'lora.hiddenReason')).toBe('extension');
    expect(fact('ckpt/d.safetensors', 'lora.hiddenReason')).toBe('not-lora-folder');
    expect(fact('ckpt/d.safetensors', 'lora.folder')).toBe('checkpoint');
    expect(fact('ckpt/d.safetensors', 'checkpoint.kind')).toBeUndefined();
  });

  it('lists what another program lists', async () => {
    write('Lora/c.sft', small());
    const fact = await run(a1111({ 'install.ui': 'comfyui' }));
    expect(fact('Lora/c.sft', 'lora.visible')).toBe(true);
  });

  it('knows hidden folders where the setting says so', async () => {
    write('Lora/.old/x.safetensors', small());
    expect((await run(a1111()))('Lora/.old/x.safetensors', 'lora.visible')).toBe(true);
    expect((await run(a1111({ 'install.listHiddenFiles': false })))('Lora/.old/x.safetensors', 'lora.hiddenReason')).toBe(
      'hidden-folder',
    );
  });

  it('finds LoRAs that share a name or an alias', async () => {
    write('Lora/a/x.safetensors', small({ ss_output_name: 'last' }));
    write('Lora/b/x.safetensors', small({ ss_output_name: 'y' }));
    write('Lora/y.safetensors', small({ ss_output_name: 'last' }));
    const fact = await run(a1111());
    expect(fact('Lora/a/x.safetensors', 'lora.sameStem')).toEqual([join(root, 'Lora/b/x.safetensors')]);
    expect(fact('Lora/a/x.safetensors', 'lora.aliasShared')).toEqual([join(root, 'Lora/y.safetensors')]);
    expect(fact('Lora/b/x.safetensors', 'lora.aliasOf')).toEqual([join(root, 'Lora/y.safetensors')]);
  });

  it('reads what stands beside a LoRA', async () => {
    write('Lora/x.safetensors', small());
    writeFileSync(
      join(root, 'Lora/x.json'),
      JSON.stringify({ 'activation text': 'zvx, hat', 'sd version': 'SD2', 'preferred weight': 0.7 }),
    );
    writeFileSync(join(root, 'Lora/x.civitai.info'), '{broken');
    const fact = await run(a1111());
    expect(fact('Lora/x.safetensors', 'lora.sidecarWords')).toEqual(['zvx', 'hat']);
    expect(fact('Lora/x.safetensors', 'lora.shownAs')).toBe('SD2');
    expect(fact('Lora/x.safetensors', 'lora.preferredWeight')).toBe(0.7);
  });

  it('keeps a whole checkpoint in the LoRA folder as a misplaced file, and knows checkpoints in theirs', async () => {
    const whole = headerOf({
      'model.diffusion_model.input_blocks.0.0.weight': [4, 4, 1, 1],
      ...Object.fromEntries(
        [0, 1, 2, 3, 4, 5].map((n) => [
          `model.diffusion_model.input_blocks.${n}.1.transformer_blocks.0.attn2.to_k.weight`,
          [4, 768],
        ]),
      ),
      'first_stage_model.decoder.conv_in.weight': [4, 4, 1, 1],
      'cond_stage_model.transformer.text_model.final_layer_norm.weight': [4],
    });
    write('Lora/big.safetensors', whole);
    write('ckpt/big.safetensors', whole);
    const fact = await run(a1111());
    expect(fact('Lora/big.safetensors', 'lora.kind')).toBe('checkpoint');
    expect(fact('Lora/big.safetensors', 'lora.adapter')).toBeNull();
    expect(fact('ckpt/big.safetensors', 'checkpoint.family')).toBe('sd15');
    expect(fact('ckpt/big.safetensors', 'checkpoint.hasVae')).toBe(true);
    expect(fact('ckpt/big.safetensors', 'checkpoint.textEncoders')).toEqual(['clip_l']);
  });

  it('takes a file and a folder that belong to no install', async () => {
    const file = write('one.safetensors', small({}, 1024));
    write('some/two.safetensors', small());
    writeFileSync(join(root, 'some/two.png'), 'no model');
    const fact = await run({}, [file, join(root, 'some')]);
    expect(fact('one.safetensors', 'lora.family')).toBe('sd21');
    expect(fact('some/two.safetensors', 'lora.family')).toBe('sd15');
    expect(fact('some/two.safetensors', 'lora.visible')).toBeNull();
  });

  it('lists what a pickle would import, also under another name and in the embeddings folder', async () => {
    const evil = Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1');
    for (const path of ['Lora/a.pt', 'Lora/b.safetensors', 'emb/c.pt', 'ckpt/d.ckpt']) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), evil);
    }
    const fact = await run(a1111({ 'install.embeddingFolders': [join(root, 'emb')] }));
    for (const path of ['Lora/a.pt', 'Lora/b.safetensors', 'emb/c.pt']) {
      expect(fact(path, 'lora.pickleVerdict')).toBe('dangerous');
      expect(fact(path, 'lora.pickleGlobals')).toEqual(['os.system']);
    }
    expect(fact('emb/c.pt', 'lora.folder')).toBe('embedding');
    expect(fact('ckpt/d.ckpt', 'checkpoint.pickleVerdict')).toBe('dangerous');
  });

  it('knows what a download left instead of a model', async () => {
    mkdirSync(join(root, 'Lora'));
    writeFileSync(join(root, 'Lora/page.safetensors'), '<!DOCTYPE html><html><title>Sign in</title></html>');
    writeFileSync(join(root, 'Lora/empty.safetensors'), '');
    writeFileSync(join(root, 'Lora/zeros.safetensors'), Buffer.alloc(5000));
    const fact = await run(a1111());
    expect(fact('Lora/page.safetensors', 'lora.container')).toBe('html');
    expect(fact('Lora/empty.safetensors', 'lora.container')).toBe('empty');
    expect(fact('Lora/empty.safetensors', 'lora.missingBytes')).toBeNull();
    expect(fact('Lora/zeros.safetensors', 'lora.containerOk')).toBe(false);
  });

  it('gives every fact it promises a declared name, and only those', async () => {
    write('Lora/x.safetensors', small());
    write('Lora/cut.safetensors', small(), 5);
    write('ckpt/x.ckpt', small());
    const gathered = await gather(a1111());
    const names = Object.values(gathered.facts).flatMap((facts) => Object.keys(facts));
    expect(names.filter((name) => !loraCheck.provides.includes(name))).toEqual([]);
    expect(gathered.subjects.every((subject) => subject.links?.install === `install:${root}`)).toBe(true);
  });
});

describe('a quick look', () => {
  it('reads no alphas and lists no caption words, and says so', async () => {
    const path = `lora:${write('Lora/a.safetensors', small({ ss_tag_frequency: '{"1_x": {"zvx": 9}}' }))}`;
    const quick = await loraCheck.run({ ...contextFor(a1111()), depth: 'quick' });
    expect(quick.facts[path]?.['lora.alpha']).toEqual(unknown('not-collected'));
    expect(quick.facts[path]?.['lora.triggers']).toEqual(unknown('not-collected'));
    expect(quick.facts[path]?.['lora.triggerWords']).toEqual({ state: 'known', value: ['zvx'] });
    const normal = await gather(a1111());
    expect(normal.facts[path]?.['lora.alpha']).toEqual({ state: 'known', value: 0 });
    expect(normal.facts[path]?.['lora.triggers']).toEqual({
      state: 'known',
      value: [{ word: 'zvx', count: 9, source: 'tags' }],
    });
  });

  it('leaves out what the file does not say', async () => {
    const path = `lora:${write('Lora/a.safetensors', small())}`;
    const { facts } = await gather(a1111());
    expect(facts[path]).not.toHaveProperty(['lora.baseModel']);
    expect(facts[path]).not.toHaveProperty(['lora.vpred']);
  });
});

describe('the look at small files', () => {
  it('sees broken downloads, and nothing of whole LoRAs', async () => {
    write('Lora/whole.safetensors', fixture('sdscripts-sdxl-lora-r8-pony'));
    writeFileSync(join(root, 'Lora/empty.safetensors'), '');
    writeFileSync(join(root, 'Lora/page.safetensors'), '<!DOCTYPE html><title>Log in</title>');
    const { subjects, facts } = await smallLoraCheck.run(contextFor(a1111()));
    expect(subjects.map((subject) => subject.label)).toEqual(['empty.safetensors', 'page.safetensors']);
    const container = (file: string) => facts[`lora:${join(root, 'Lora', file)}`]?.['lora.container'];
    expect(container('empty.safetensors')).toEqual({ state: 'known', value: 'empty' });
    expect(container('page.safetensors')).toEqual({ state: 'known', value: 'html' });
  });
});
