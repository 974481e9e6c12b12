import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { createTrainingLogsCheck } from '../../src/checks/training/logs-check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { compileSignatures } from '../../src/formats/log/signature';
import { plant, runChecks, tempFolder } from './plant';

const here = path.dirname(fileURLToPath(import.meta.url));
const { result, signatures } = compileBuiltIn(path.join(here, '../../rules'));
const compiled = compileSignatures(signatures);

let root = '';
beforeEach(() => {
  root = tempFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

async function told(text: string): Promise<{ rules: string[]; store: Store }> {
  plant(root, { 'train.log': text });
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null), createTrainingLogsCheck(compiled, null)], [path.join(root, 'train.log')], {
    store,
  });
  expect(store.notes().filter((note) => note.code === 'undeclared-fact' || note.code === 'wrong-type')).toEqual([]);
  const rules = diagnose(store, result.base)
    .findings.filter((s) => s.rule.severity !== 'info' && s.explainedBy === null)
    .map((s) => s.rule.id.replace('training/', ''));
  return { rules, store };
}

const base = [
  'python',
  'sdxl_train_network.py',
  '--pretrained_model_name_or_path=/m/sd_xl_base_1.0.safetensors',
  '--train_data_dir=/d',
  '--resolution=1024,1024',
  '--output_dir=/o',
  '--network_module=networks.lora',
];
const failed = (
  more: readonly string[],
  status: number,
  before = 'prepare tokenizer\n',
  swap: readonly string[] = base,
): string =>
  `${before}Traceback (most recent call last):\nsubprocess.CalledProcessError: Command '[${[...swap, ...more]
    .map((word) => `'${word.replaceAll('\\', '\\\\')}'`)
    .join(', ')}]' returned non-zero exit status ${status}.\n`;

describe('the command that a log repeats', () => {
  it.each([
    ['a pair that excludes itself', failed(['--cache_text_encoder_outputs'], 1), ['option-conflicts']],
    ['warm-up without a schedule for it', failed(['--lr_warmup_steps=100'], 1), ['optimizer-options']],
    ['the module of another model', failed(['--network_module=networks.lora_flux'], 1), ['module-other-script']],
    ['nothing amiss', failed(['--lr_scheduler=cosine', '--save_precision=fp16'], 1), []],
    ['what is poor and stops nothing', failed(['--learning_rate=1', '--cache_latents', '--lr_scheduler_num_cycles=1'], 1), []],
    ['names that a newer version may have', failed(['--brand_new_option=3', '--network_module=networks.brand_new'], 1), []],
    ['options in a file', failed([], 1, 'x\n', ['python', 'train_network.py', '--config_file', 'D:\\a\\b.toml']), []],
    ['a run that made steps', failed(['--lr_warmup_steps=100'], 1, 'steps:  10%|#  | 1/9 [00:01<00:00]\n'), []],
    [
      'a cause that the log tells as well, told once',
      failed(['--lr_warmup_steps=100'], 1, 'ValueError: constant does not require `num_warmup_steps`. Set None or 0.\n'),
      ['log-optimizer-arguments'],
    ],
    [
      'a module that Python does not find',
      failed(['--network_module=networks.lorra'], 1, "ModuleNotFoundError: No module named 'networks.lorra'\n"),
      ['module-name'],
    ],
  ])('%s', async (_what, text, rules) => {
    expect((await told(text)).rules).toEqual(rules);
  });

  it('is told with line and column in the log', async () => {
    const refused = 'sdxl_train_network.py: error: unrecognized arguments: --learing_rate=1\n';
    const text = failed(['--learing_rate=1'], 2, `one\ntwo\n${refused}`);
    const { store } = await told(text);
    const [subject] = store.subjects('training');
    const column = (text.split('\n')[4] ?? '').indexOf("'--learing_rate") + 1;
    expect(store.value(subject?.id ?? '', 'training.unknownOptions')).toEqual([`5: ${column}: --learing_rate → --learning_rate`]);
    expect(subject?.path).toBe(path.join(root, 'train.log'));
  });

  it('keeps the line of a log that is longer than what is read of it', async () => {
    const quiet = `${'2024-01-01 00:00:00 INFO one more line of note\n'.repeat(30_000)}`;
    const refused = 'sdxl_train_network.py: error: unrecognized arguments: --learing_rate=1\n';
    const { store } = await told(failed(['--learing_rate=1'], 2, quiet + refused));
    expect(String(store.value(store.subjects('training')[0]?.id ?? '', 'training.unknownOptions'))).toMatch(/^30003: /);
  });
});
