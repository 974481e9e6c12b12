import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { createTrainingLogsCheck } from '../../src/checks/training/logs-check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { demoPicture } from '../../src/demo/png';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { compileSignatures } from '../../src/formats/log/signature';
import { type Plan, plant, runChecks, tempFolder } from './plant';

const { result, signatures } = compileBuiltIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../rules'));
const compiled = compileSignatures(signatures);

let root = '';
beforeEach(() => {
  root = tempFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

async function look(plan: Plan, target = '.'): Promise<Store> {
  plant(root, plan);
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null), createTrainingLogsCheck(compiled, null)], [path.join(root, target)], { store });
  expect(store.notes().filter((note) => note.code === 'undeclared-fact' || note.code === 'wrong-type')).toEqual([]);
  return store;
}

/** Causes told as error or warning, first one first; those that follow from another left out. */
async function causes(plan: Plan, target = '.'): Promise<string[]> {
  return diagnose(await look(plan, target), result.base)
    .findings.filter((s) => s.rule.severity !== 'info' && s.explainedBy === null)
    .map((s) => s.rule.cause);
}

const png = (): Uint8Array => demoPicture(64, 64, '', 1);

const pictures = (folder: string, ending = '.txt'): Plan =>
  Object.fromEntries(
    [1, 2].flatMap((i) => [[`${folder}/${i}.png`, png()] as const, [`${folder}/${i}${ending}`, 'a cat'] as const]),
  );
const script = (more: string): string =>
  `accelerate launch train_network.py --pretrained_model_name_or_path=/far/m.safetensors --train_data_dir=${root}/img \\\n` +
  `  --resolution=64 --output_dir=${root}/out --network_module=networks.lora --learning_rate=1e-4 --caption_extension=.txt ${more}\n`;

describe('a sound training', () => {
  it('is silent, and its steps are counted', async () => {
    const plan = { 'train.sh': script('--max_train_epochs=10 --train_batch_size=3'), ...pictures('img/5_cat') };
    expect(await causes(plan)).toEqual([]);
    const store = await look(plan);
    const [training] = store.subjects('training');
    expect(store.value(training?.id ?? '', 'training.steps')).toBe(40);
    const [dataset] = store.subjects('dataset');
    expect(store.value(dataset?.id ?? '', 'dataset.repeated')).toBe(10);
  });

  it('is found again when the job was copied to another place', async () => {
    const moved = script('').replaceAll(root, '/somewhere/else');
    const store = await look({ 'train.sh': moved, ...pictures('data/img/5_cat') });
    expect(store.value(store.subjects('dataset')[0]?.id ?? '', 'dataset.used')).toBe(2);
  });
});

describe('how the command is written', () => {
  it.each([
    ['a comment behind the sign', (s: string) => s.replace('\\\n', '\\ # why\n'), 'command-syntax'],
    ['a ~ in quotes', (s: string) => s.replace(/--train_data_dir=\S+/, '--train_data_dir="~/img"'), 'path-escape'],
    ['a misspelt option', (s: string) => s.replace('--learning_rate', '--learing_rate'), 'command-syntax'],
    ['no output folder', (s: string) => s.replace(/--output_dir=\S+/, ''), 'missing-argument'],
    ['a lost minus sign', (s: string) => s.replace('1e-4', '1e4'), 'lr-too-high'],
    [
      'AdaFactor with warm-up',
      (s: string) => `${s.trim()} --optimizer_type=adafactor --lr_warmup_steps=100`,
      'optimizer-arguments',
    ],
    ['fixed AdaFactor under a constant schedule', (s: string) => `${s.trim()} --lr_warmup_steps=0.1`, 'optimizer-arguments'],
    ['full_fp16 alone', (s: string) => `${s.trim()} --full_fp16`, 'mixed-precision'],
    ['no steps', (s: string) => `${s.trim()} --max_train_steps=0`, 'zero-steps'],
    ['a module that is not there', (s: string) => s.replace('networks.lora', 'networks.lroa'), 'command-syntax'],
  ])('%s', async (_name, change, cause) => {
    expect((await causes({ 'train.sh': change(script('')), ...pictures('img/5_cat') }))[0]).toBe(cause);
  });

  it('keeps a key to itself', async () => {
    const store = await look({ 'train.sh': script('').replace('\\\n', '--wandb_api_key=abc123 \\ # why\n') });
    const cuts = store.get(store.subjects('training')[0]?.id ?? '', 'training.cuts');
    expect(JSON.stringify(cuts)).not.toContain('abc123');
    expect(cuts.state === 'known' && cuts.value).toHaveLength(1);
  });

  it('reads the files that the command names', async () => {
    const toml = `train_data_dir = "~/img"\noutput_dir = "${root}/out"\nresolution = 64\nnetwork_module = "networks.lora"\nlearning_rate = 1e-4\n`;
    const text = `python train_network.py --pretrained_model_name_or_path=/far/m.safetensors --config_file ${root}/a.toml\n`;
    expect(await causes({ 'train.sh': text, 'a.toml': toml })).toContain('path-escape');
  });
});

describe('the data set', () => {
  it.each([
    ['captions with another ending', pictures('img/5_cat', '.caption'), 'captions-not-found'],
    ['folders without a number', pictures('img/cat'), 'dataset-folder-grammar'],
    ['0 repeats', pictures('img/0_cat'), 'dataset-folder-grammar'],
    ['pictures directly in the parent', pictures('img'), 'dataset-folder-grammar'],
    ['one level too high', pictures('img/deep/5_cat'), 'dataset-folder-grammar'],
    ['no folder', {}, 'dataset-folder-grammar'],
    ['another format', { 'img/5_cat/1.avif': 'x' }, 'zero-steps'],
    [
      'a web page',
      { ...pictures('img/5_cat'), 'img/5_cat/3.png': '<!DOCTYPE html><html>', 'img/5_cat/3.txt': 'a' },
      'wrong-file-type',
    ],
    ['a cut picture', { ...pictures('img/5_cat'), 'img/5_cat/1.png': png().subarray(0, 400) }, 'corrupt-or-truncated-file'],
    [
      'a caption that is not UTF-8',
      { ...pictures('img/5_cat'), 'img/5_cat/1.txt': Uint8Array.of(0xba, 0xba) },
      'captions-not-found',
    ],
    ['an empty caption', { ...pictures('img/5_cat'), 'img/5_cat/1.txt': '' }, 'captions-not-found'],
    ['a caption too few', { ...pictures('img/5_cat'), 'img/5_cat/3.png': png() }, 'captions-not-found'],
  ] as [string, Plan, string][])('%s', async (_name, plan, cause) => {
    expect((await causes({ 'train.sh': script(''), ...plan }))[0]).toBe(cause);
  });

  it('is looked at on its own', async () => {
    expect(await causes(pictures('cat'))).toEqual(['dataset-folder-grammar']);
    expect(await causes({ ...pictures('5_dog') }, '.')).toContain('dataset-folder-grammar');
  });
});

describe('a log', () => {
  it('is read as the trainer’s', async () => {
    const log = 'ValueError: adafactor:0.0001 does not require `num_warmup_steps`. Set None or 0.\n';
    expect(await causes({ 'run.log': log }, 'run.log')).toEqual(['optimizer-arguments']);
  });
});
