import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { safetensorsHeader, sizeOf, type TensorPlan } from '../../src/demo/tensors';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { plant, runChecks, tempFolder } from './plant';

const { result } = compileBuiltIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../rules'));

let root = '';
beforeEach(() => {
  root = tempFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** A safetensors file of zeros. */
function file(tensors: readonly TensorPlan[]): Uint8Array {
  const size = tensors.reduce((sum, tensor) => sum + sizeOf(tensor), 0);
  return new Uint8Array(Buffer.concat([safetensorsHeader(tensors, {}), Buffer.alloc(size)]));
}

const F16 = (name: string, ...shape: number[]): TensorPlan => ({ name, shape, dtype: 'F16' });
const BLOCKS = [
  'down_blocks_1_attentions_0',
  'down_blocks_1_attentions_1',
  'up_blocks_2_attentions_0',
  'up_blocks_2_attentions_1',
];

/** Attention layers of SD1.5 (640 wide, text 768 wide) as networks.lora writes them; alpha 0 by its zeros. */
const kohya = (rank: number): TensorPlan[] =>
  BLOCKS.flatMap((block) =>
    [
      ['to_q', 640],
      ['to_k', 768],
    ].flatMap(([part, from]) => {
      const name = `lora_unet_${block}_transformer_blocks_0_attn2_${part}`;
      return [F16(`${name}.lora_down.weight`, rank, Number(from)), F16(`${name}.lora_up.weight`, 640, rank)];
    }),
  );
const loha = (rank: number): TensorPlan[] =>
  BLOCKS.flatMap((block) => {
    const name = `lora_unet_${block}_transformer_blocks_0_attn2_to_k`;
    return ['hada_w1', 'hada_w2'].flatMap((half) => [F16(`${name}.${half}_a`, 640, rank), F16(`${name}.${half}_b`, rank, 768)]);
  });
const peft = (rank: number): TensorPlan[] =>
  BLOCKS.flatMap((block) => {
    const name = `base_model.model.${block.replace(/_(\d)_/, '.$1.').replace(/_(\d)$/, '.$1')}.transformer_blocks.0.attn2.to_k`;
    return [F16(`${name}.lora_A.weight`, rank, 768), F16(`${name}.lora_B.weight`, 640, rank)];
  });

async function told(tensors: readonly TensorPlan[], options: string): Promise<string[]> {
  plant(root, {
    'start.safetensors': file(tensors),
    'train.sh': `accelerate launch train_network.py --pretrained_model_name_or_path=/far/v1-5-pruned.safetensors --train_data_dir=/far/img --resolution=512 --output_dir=/far/o --learning_rate=1e-4 --caption_extension=.txt --network_weights=start.safetensors ${options}\n`,
  });
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null)], [path.join(root, 'train.sh')], { store });
  return diagnose(store, result.base)
    .findings.map((s) => s.rule.id.replace('training/', ''))
    .filter((rule) => /^(?:start-|dim-|missing)/.test(rule));
}

it.each([
  ['the same rank', kohya(8), '--network_module=networks.lora --network_dim=8 --network_alpha=8', []],
  ['another rank', kohya(8), '--network_module=networks.lora --network_dim=16 --network_alpha=8', ['start-rank']],
  ['the rank of the trainer when none is set', kohya(8), '--network_module=networks.lora', ['start-rank']],
  ['rank and alpha from the file', kohya(8), '--network_module=networks.lora --dim_from_weights', []],
  [
    'rank given all the same',
    kohya(8),
    '--network_module=networks.lora --dim_from_weights --network_dim=8',
    ['dim-from-weights'],
  ],
  ['a LoHa for networks.lora', loha(8), '--network_module=networks.lora --network_dim=8 --network_alpha=8', ['start-kind']],
  [
    'a LoHa for the LoHa of LyCORIS',
    loha(8),
    '--network_module=lycoris.kohya --network_args algo=loha --network_dim=8 --network_alpha=8',
    [],
  ],
  ['the keys of PEFT', peft(8), '--network_module=networks.lora --network_dim=8 --network_alpha=8', ['start-keys']],
])('going on with %s', async (_, tensors, options, expected) => {
  expect((await told(tensors, options)).filter((rule) => rule !== 'start-alpha')).toEqual(expected);
});

it('SD1.5 keys for the SDXL script', async () => {
  plant(root, {
    'start.safetensors': file(kohya(8)),
    'train.sh':
      'accelerate launch sdxl_train_network.py --pretrained_model_name_or_path=/far/sd_xl.safetensors --train_data_dir=/far/img --resolution=1024 --output_dir=/far/o --learning_rate=1e-4 --network_module=networks.lora --network_dim=8 --network_alpha=8 --network_weights=start.safetensors\n',
  });
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null)], [path.join(root, 'train.sh')], { store });
  expect(diagnose(store, result.base).findings.map((s) => s.rule.id)).toContain('training/start-other-family');
});

it('rank and alpha from a file that is not named', async () => {
  plant(root, {
    'train.sh':
      'accelerate launch train_network.py --pretrained_model_name_or_path=/far/a.safetensors --train_data_dir=/far/img --resolution=512 --output_dir=/far/o --learning_rate=1e-4 --network_module=networks.lora --dim_from_weights\n',
  });
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null)], [path.join(root, 'train.sh')], { store });
  expect(store.value(`training:${path.join(root, 'train.sh')}`, 'training.missing')).toEqual(['--network_weights']);
});
