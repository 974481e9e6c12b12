import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { demoPicture } from '../../src/demo/png';
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

/** What is told as error or warning of one file, or of a folder (`.`). */
async function told(
  files: { readonly [name: string]: string | Uint8Array },
  target?: string,
): Promise<{ rules: string[]; store: Store }> {
  plant(root, files);
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null)], [path.join(root, target ?? Object.keys(files)[0] ?? '')], { store });
  const rules = diagnose(store, result.base)
    .findings.filter((s) => s.rule.severity !== 'info' && s.explainedBy === null)
    .map((s) => s.rule.id.replace('training/', ''));
  return { rules, store };
}

/** A sound command in pieces; the slip of `--lr_scheduler` shows that the rest is still judged. */
const pieces = (folder: string, schedule = 'cosine'): string[] => [
  'accelerate launch train_network.py',
  '--pretrained_model_name_or_path=/far/v1-5-pruned.safetensors',
  `--train_data_dir=${folder}`,
  '--resolution=512',
  '--output_dir=/far/o',
  '--network_module=networks.lora',
  '--learning_rate=1e-4',
  '--caption_extension=.txt',
  `--lr_scheduler=${schedule}`,
  '--max_train_epochs=10',
];
const line = (folder = '/far/img', schedule?: string): string => pieces(folder, schedule).join(' ');

describe('a command as people paste it', () => {
  it.each([
    ['whole', line(), []],
    ['cut in the middle', `${pieces('/far/img').slice(0, 4).join(' \\\n')} \\\n`, ['ends-early']],
    ['with a sign at its end, and nothing amiss', `${pieces('/far/img').join(' \\\n')} \\\n`, []],
    ['with the prompt in front', `PS C:\\sd-scripts> ${line()}`, ['prompt-sign']],
    ['twice in one line', `${line()} ${line('/far/other')}`, ['two-commands']],
    ['twice on two lines', `${line()}\n${line('/far/other')}`, []],
    ['with smart quotes', line('\u201c/far/img\u201d'), ['odd-characters']],
    ['with the line breaks of a screenshot', pieces('/far/img').join('\n'), ['command-cut']],
    ['with a line break inside of a word', line().replace('v1-5', 'v1-\n5'), ['command-cut']],
    ['with a blank in a path', line('/far/my pictures'), ['stray-word']],
    ['with one dash instead of two', line().replace('--resolution', '-resolution'), ['unknown-option']],
    ['with a tilde in quotes', line('"~/img"'), ['tilde-path']],
  ])('%s', async (_, text, expected) => {
    expect((await told({ 'paste.txt': `${text}\n` })).rules).toEqual(expected);
  });

  it('is judged to its end all the same', async () => {
    const { rules } = await told({ 'paste.txt': `PS C:\\sd-scripts> ${line('/far/img', 'cosin')}\n` });
    expect(rules).toEqual(expect.arrayContaining(['prompt-sign']));
    const { rules: broken } = await told({ 'b.txt': `${line('/far/img', 'cosin').replace('v1-5', 'v1-\n5')}\n` });
    expect(broken).toContain('command-cut');
  });
});

it('a list in a PowerShell variable is no stray word', async () => {
  const script = `$more = [System.Collections.ArrayList]::new()\n$dir = "/far/img"\n${line('$dir')} $more\n`;
  expect((await told({ 'a.ps1': script })).rules).toEqual([]);
});

it('a key of musubi-tuner in a subset of sd-scripts is told', async () => {
  const subset = '[general]\nresolution = 512\n[[datasets]]\n[[datasets.subsets]]\nimage_directory = "/far/x"\n';
  expect((await told({ 'a.toml': subset })).rules).toEqual(['config-faults']);
});

describe('paths by system', () => {
  const batch = `@echo off\n${line('D:\\训练\\img')}\npause\n`;

  it('a batch file in UTF-8 with Chinese folders is told, unless it sets the code page', async () => {
    expect((await told({ 'a.bat': batch })).rules).toEqual(['path-not-ascii']);
    expect((await told({ 'b.bat': batch.replace('@echo off', '@echo off\nchcp 65001 >nul') })).rules).toEqual([]);
  });

  it('one in the code page of the system, and any script on Linux, is not', async () => {
    const gbk = Buffer.concat([Buffer.from(`${line('D:\\')}`), Uint8Array.of(0xd1, 0xb5, 0xc1, 0xb7), Buffer.from('\\img\n')]);
    const joined = Buffer.from(
      gbk.toString('latin1').replace('--train_data_dir=D:\\', '--train_data_dir=D:\\\xd1\xb5\xc1\xb7\\img'),
      'latin1',
    );
    expect((await told({ 'a.bat': new Uint8Array(joined) })).rules).not.toContain('path-not-ascii');
    expect((await told({ 'a.sh': `${line('/far/训练/img')}\n` })).rules).toEqual([]);
  });

  it('a TOML text in double quotes turns backslashes into other signs', async () => {
    const toml = (quote: string): string =>
      `pretrained_model_name_or_path = ${quote}C:\\new\\m.safetensors${quote}\ntrain_data_dir = ${quote}C:\\img${quote}\nresolution = 512\nnetwork_module = "networks.lora"\nlearning_rate = 1e-4\n`;
    expect((await told({ 'a.toml': toml('"') })).rules).toEqual(['toml-escape']);
    expect((await told({ 'b.toml': toml("'") })).rules).toEqual([]);
  });
});

it('a TOML file with a syntax error names the line and judges the rest', async () => {
  const { store, rules } = await told({
    'a.toml':
      'pretrained_model_name_or_path = "/far/m.safetensors"\nresolution = 512,512\nnetwork_module = "networks.lora"\nlearning_rate = 1e-4\nlr_scheduler = "cosin"\n',
  });
  expect(rules).toEqual(['config-faults', 'optimizer-options']);
  expect(store.value<string[]>(store.subjects('training')[0]?.id ?? '', 'training.configFaults')?.[0]).toMatch(/^2: /);
});

it('a folder above the parent of the numbered folders is found, a caption in GBK named', async () => {
  const picture = demoPicture(64, 64, '', 1);
  const files = {
    'data/img/10_cat/1.png': picture,
    'data/img/10_cat/1.txt': 'cat',
    'data/img/10_cat/2.png': picture,
    'data/img/10_cat/2.txt': Uint8Array.of(0xc3, 0xa8, 0x2c, 0xbf, 0xc9, 0xb0, 0xae),
  };
  const { rules, store } = await told(files, 'data');
  expect(rules).toEqual(['captions-encoding']);
  expect(store.value(store.subjects('dataset')[0]?.id ?? '', 'dataset.badEncoding')).toEqual(['2.txt']);
});

it('sample prompts in GBK are told with their line', async () => {
  const gbk = Buffer.concat([
    Buffer.from('a cat --w 512 --h 512\n'),
    Uint8Array.of(0xb0, 0xae),
    Buffer.from(' --w 512 --h 512\n'),
  ]);
  const { rules, store } = await told({
    'a.sh': `${line()} --sample_prompts=p.txt --sample_every_n_epochs=1\n`,
    'p.txt': new Uint8Array(gbk),
  });
  expect(rules).toEqual(['sample-lines']);
  const id = store.subjects('training')[0]?.id ?? '';
  expect(store.value(id, 'training.sampleFaultKinds')).toEqual(['not-utf8']);
  expect(store.value<string[]>(id, 'training.sampleFaults')?.[0]).toMatch(/^2: /);
});
