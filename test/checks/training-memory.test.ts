import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { known } from '../../src/facts/value';
import { plant, runChecks, tempFolder } from './plant';

const { result } = compileBuiltIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../rules'));

let root = '';
beforeEach(() => {
  root = tempFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

interface Asked {
  readonly name?: string;
  readonly text: string;
  readonly vram?: number;
  /** A card of this machine: name, maker, GiB. */
  readonly own?: readonly [string, string, number];
  readonly more?: { readonly [name: string]: string };
}

async function look({ name = 'train.sh', text, vram, own, more = {} }: Asked) {
  plant(root, { [name]: text, ...more });
  const store = new Store(registry);
  if (own)
    store.add('gpu', new Set(['gpu.vendor', 'gpu.vramTotal']), {
      subjects: [{ kind: 'gpu', id: 'gpu:0', label: own[0] }],
      facts: { 'gpu:0': { 'gpu.vendor': known(own[1]), 'gpu.vramTotal': known(own[2] * 1024 ** 3) } },
      notes: [],
    });
  await runChecks([createTrainingCheck(null, vram ?? null)], [path.join(root, name)], { store });
  const id = `training:${path.join(root, name)}`;
  const rules = diagnose(store, result.base).findings.map((s) => s.rule.id);
  return {
    fits: store.get(id, 'training.memoryFits'),
    changes: store.value<string[]>(id, 'training.memoryChanges') ?? [],
    told: rules.filter((rule) => rule.startsWith('training/memory')),
  };
}

const sdxl = (options: string): string =>
  `accelerate launch sdxl_train_network.py --pretrained_model_name_or_path=/m/sd_xl.safetensors --train_data_dir=/d \\\n --network_module=networks.lora --output_dir=/o ${options}\n`;
const FULL = '--resolution=1024 --mixed_precision=bf16 --network_dim=32 --train_batch_size=2';
const THRIFTY =
  '--resolution=1024 --mixed_precision=bf16 --network_dim=8 --sdpa --gradient_checkpointing --cache_latents --cache_text_encoder_outputs --network_train_unet_only --optimizer_type=AdamW8bit --fp8_base';

it('tells that SDXL without checkpointing does not fit 6 GB, and what would', async () => {
  const { fits, changes, told } = await look({ text: sdxl(FULL), vram: 6 });
  expect(fits).toEqual(known('no'));
  expect(told).toEqual(['training/memory-too-large']);
  expect(changes).toContain('--gradient_checkpointing');
});

it('is silent about the recipe for 6 GB', async () => {
  const { fits, told } = await look({ text: sdxl(THRIFTY), vram: 6 });
  expect(fits).toMatchObject({ state: 'known' });
  expect(fits).not.toEqual(known('no'));
  expect(told).toEqual([]);
});

it('takes the card of this machine when none is named, but not one that trains nothing', async () => {
  expect((await look({ text: sdxl(FULL), own: ['NVIDIA GeForce RTX 2060', 'nvidia', 6] })).fits).toEqual(known('no'));
  expect((await look({ text: sdxl(FULL), own: ['Intel UHD', 'intel', 1] })).fits.state).toBe('unknown');
  expect((await look({ text: sdxl(FULL) })).fits.state).toBe('unknown');
});

it('says nothing where an option that counts is open', async () => {
  for (const options of [FULL.replace('=2', '=$BATCH'), `${FULL} --deepspeed`, `${FULL} \\`])
    expect((await look({ text: sdxl(options), vram: 6 })).fits.state, options).toBe('na');
});

it('without a size only says that not even a small one fits', async () => {
  const flux = (more: string) =>
    `accelerate launch flux_train_network.py --mixed_precision=bf16 --network_module=networks.lora_flux --dataset_config=d.toml --gradient_checkpointing --cache_latents --cache_text_encoder_outputs ${more}\n`;
  expect((await look({ text: flux(''), vram: 12 })).fits).toEqual(known('no'));
  expect((await look({ text: flux('--fp8_base'), vram: 24 })).fits.state).toBe('unknown');
});

it('reads batch and size from the data set file', async () => {
  const dataset = (batch: number): string =>
    `[general]\nresolution = 1024\nbatch_size = ${batch}\n[[datasets]]\n[[datasets.subsets]]\nimage_dir = "/d/x"\n`;
  const text = sdxl(THRIFTY.replace('--resolution=1024', '--dataset_config=d.toml'));
  expect((await look({ text, vram: 8, more: { 'd.toml': dataset(1) } })).fits).toEqual(known('yes'));
  expect((await look({ text, vram: 8, more: { 'd.toml': dataset(16) } })).fits).toEqual(known('no'));
});

it('reads what other trainers say of the form of the weights', async () => {
  const job = (quantize: boolean): string =>
    `job: extension\nconfig:\n  name: a\n  process:\n    - type: sd_trainer\n      network: {type: lora, linear: 16}\n      datasets: [{folder_path: /d, resolution: [512, 768]}]\n      train: {batch_size: 1, steps: 100, lr: 1e-4, dtype: bf16, gradient_checkpointing: true, optimizer: adamw8bit}\n      model: {name_or_path: black-forest-labs/FLUX.1-dev, is_flux: true, quantize: ${quantize}}\n`;
  expect((await look({ name: 'a.yaml', text: job(false), vram: 24 })).fits).toEqual(known('no'));
  expect((await look({ name: 'a.yaml', text: job(true), vram: 24 })).fits).not.toEqual(known('no'));
  const trainer = (form: string): string =>
    JSON.stringify({
      training_method: 'LORA',
      model_type: 'FLUX_DEV_1',
      base_model_name: 'x',
      batch_size: 1,
      resolution: '768',
      lora_rank: 16,
      gradient_checkpointing: 'ON',
      transformer: { weight_dtype: form },
      optimizer: { optimizer: 'ADAMW_8BIT' },
    });
  expect((await look({ name: 'a.json', text: trainer('BFLOAT_16'), vram: 16 })).fits).toEqual(known('no'));
  expect((await look({ name: 'a.json', text: trainer('NFLOAT_4'), vram: 16 })).fits).not.toEqual(known('no'));
});

const wan = (options: string): string =>
  `accelerate launch wan_train_network.py --dit=/m/wan.safetensors --dataset_config=data.toml --sdpa --mixed_precision bf16 --fp8_base \\\n --gradient_checkpointing --network_module networks.lora_wan --network_dim 32 --optimizer_type adamw8bit --learning_rate 2e-4 --output_dir o --output_name x ${options}\n`;
const clips = (rest: string): { readonly [name: string]: string } => ({
  'data.toml': `[general]\nresolution = [512, 512]\n[[datasets]]\n${rest}\n`,
});

it('counts the frames of clips and the variant of a video model', async () => {
  const large = '--task t2v-14B';
  const short = await look({ text: wan(large), vram: 24, more: clips('image_directory = "pictures"') });
  const long = await look({
    text: wan(large),
    vram: 24,
    more: clips('video_directory = "clips"\ntarget_frames = [1, 81]\nframe_extraction = "head"'),
  });
  const small = await look({
    text: wan('--task t2v-1.3B'),
    vram: 24,
    more: clips('video_directory = "clips"\ntarget_frames = [33]'),
  });
  expect(long.fits).toEqual(known('no'));
  for (const { fits } of [short, small]) expect(['yes', 'tight']).toContain(fits.state === 'known' ? fits.value : fits.state);
  expect(long.changes.some((change) => change.startsWith('--blocks_to_swap'))).toBe(true);
});

it('says nothing where two base models take turns', async () => {
  const both = await look({
    text: wan('--task t2v-A14B --dit_high_noise h.safetensors'),
    vram: 8,
    more: clips('image_directory = "p"'),
  });
  expect(both.told).toEqual([]);
});
