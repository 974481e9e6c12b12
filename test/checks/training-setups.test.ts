import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { concat, jpeg, pixels, png, segment, webp } from '../formats/picture/make';
import { plant, runChecks, tempFolder } from './plant';

const here = path.dirname(fileURLToPath(import.meta.url));
const { result } = compileBuiltIn(path.join(here, '../../rules'));
const fixtures = path.join(here, '../fixtures/training-setups');

let root = '';
beforeEach(() => {
  root = tempFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

async function look(target: string, piped: string | null = null): Promise<Store> {
  const store = new Store(registry);
  const input = piped === null ? null : { name: '-' as const, bytes: new TextEncoder().encode(piped) };
  await runChecks([createTrainingCheck(input)], [target], { store });
  expect(store.notes().filter((note) => note.code === 'undeclared-fact' || note.code === 'wrong-type')).toEqual([]);
  return store;
}

/** Rules told as error or warning, first one first. */
const told = (store: Store): string[] =>
  diagnose(store, result.base)
    .findings.filter((s) => s.rule.severity !== 'info' && s.explainedBy === null)
    .map((s) => s.rule.id.replace('training/', ''));

const first = (store: Store, fact: string): unknown => store.value(store.subjects('training')[0]?.id ?? '', `training.${fact}`);

describe('the pictures of a data set', () => {
  it('are told from each other: copies, tiny ones, transparent ones, one colour, lying on their side', async () => {
    const even = (value: number) => pixels(64, 64, () => [value, value, value]);
    const mixed = (seed: number) => pixels(64, 64, (x, y) => [(x * 4 + seed) % 256, (y * 4) % 256, ((x + y) * 2) % 256]);
    const lying = Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0);
    const files: Record<string, Uint8Array> = {
      'a.png': png({ width: 64, height: 64, rows: mixed(1) }),
      'b.png': png({ width: 64, height: 64, rows: mixed(1) }),
      'c.png': png({ width: 64, height: 64, rows: mixed(9) }),
      'black.png': png({ width: 64, height: 64, rows: even(0) }),
      'clear.webp': webp(['VP8X', Uint8Array.of(0x10, 0, 0, 0, 99, 2, 0, 99, 2, 0)], ['VP8 ', new Uint8Array(10)]),
      'side.jpg': jpeg(segment(0xe1, concat(new TextEncoder().encode('Exif\0\0'), lying))),
    };
    const folder = path.join(root, 'img', '5_thing');
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) {
      fs.writeFileSync(path.join(folder, name), bytes);
      fs.writeFileSync(path.join(folder, name.replace(/\.\w+$/, '.txt')), `thing, ${name}`);
    }
    const script = `accelerate launch train_network.py --train_data_dir="${path.join(root, 'img')}" --resolution=512 --enable_bucket`;
    fs.writeFileSync(path.join(root, 'train.sh'), script);
    const store = await look(path.join(root, 'train.sh'));
    const of = (fact: string): unknown => store.value(store.subjects('dataset')[0]?.id ?? '', `dataset.${fact}`);
    expect(of('duplicates')).toEqual(['b.png = a.png']);
    expect(of('plain')).toEqual(['black.png']);
    expect(of('alpha')).toEqual(['clear.webp']);
    expect(of('turned')).toEqual(['side.jpg']);
    expect((of('tiny') as string[]).join()).toMatch(/a\.png.*b\.png.*c\.png/s);
    expect((of('tiny') as string[]).join()).not.toContain('clear.webp');
  });
});

describe('sound set-ups of every program', () => {
  it.each(fs.readdirSync(fixtures))('%s is silent', async (name) => {
    const store = await look(path.join(fixtures, name));
    expect(store.subjects('training').length + store.subjects('dataset').length).toBeGreaterThan(0);
    expect(told(store)).toEqual([]);
  });

  it.each([
    ['ai-toolkit.yaml', 'ai-toolkit', 'flux', 1800, 32],
    ['onetrainer.json', 'onetrainer', 'sdxl', undefined, 16],
    ['simpletuner.json', 'simpletuner', 'sdxl', 8000, 16],
    ['diffusers-flux-prodigy.sh', 'diffusers', 'flux', 500, 16],
    ['musubi-wan.sh', 'musubi-tuner', 'wan', undefined, 32],
    ['anima.sh', 'sd-scripts', 'anima', undefined, 8],
    ['musubi-qwen.toml', 'musubi-tuner', 'qwen-image', undefined, 16],
    ['musubi-hunyuan.toml', 'musubi-tuner', undefined, undefined, 32],
    ['musubi-framepack.bat', 'musubi-tuner', 'framepack', undefined, 32],
    ['musubi-newer.sh', 'musubi-tuner', undefined, undefined, 32],
    ['lora-scripts-flux.toml', 'sd-scripts', 'flux', undefined, 4],
    ['kohya-gui-flux.json', 'sd-scripts', 'flux', undefined, 16],
    ['kohya-gui-preset.json', 'sd-scripts', 'sdxl', undefined, 32],
    ['diffusion-pipe.toml', 'other', undefined, undefined, undefined],
    ['config-elsewhere.sh', 'sd-scripts', 'sdxl', undefined, undefined],
    ['options-in-a-variable.sh', 'sd-scripts', 'sdxl', undefined, undefined],
  ])('%s is read as %s', async (name, trainer, family, steps, rank) => {
    const store = await look(path.join(fixtures, name));
    expect([first(store, 'trainer'), first(store, 'scriptFamily'), first(store, 'steps'), first(store, 'rank')]).toEqual([
      trainer,
      family,
      steps,
      rank,
    ]);
  });
});

const flags =
  '--pretrained_model_name_or_path=/far/m.safetensors --train_data_dir=/far/img --resolution=512 --output_dir=/far/out --network_module=networks.lora --learning_rate=1e-4 --max_train_epochs=4';
const lines = flags.split(' ');
const bash = `accelerate launch train_network.py \\\n  ${lines.join(' \\\n  ')}\n`;

describe('faults in set-ups of other programs', () => {
  it.each([
    [
      'a misspelt option of diffusers',
      'a.sh',
      'accelerate launch train_dreambooth_lora_sdxl.py --pretrained_model_name_or_path=m/n --instance_data_dir=/far/x --learing_rate=1e-4',
      'unknown-option',
    ],
    [
      'Prodigy at the rate of AdamW',
      'a.yaml',
      'job: extension\nconfig:\n  process:\n    - train: { steps: 100, lr: 1e-4, optimizer: prodigy }\n',
      'adaptive-rate',
    ],
    [
      'no attention in musubi-tuner',
      'a.sh',
      'accelerate launch wan_train_network.py --dit /far/d --dataset_config /far/x.toml --network_module networks.lora_wan --output_dir o --output_name n --task t2v-1.3B',
      'missing-options',
    ],
    [
      'a misspelt name in a data set of musubi-tuner',
      'a.toml',
      '[[datasets]]\nimage_directory = "/far/x"\nnum_repeat = 2\n',
      'config-faults',
    ],
    [
      'a misspelt name in a file of musubi-tuner',
      'a.toml',
      'dit = "/far/d"\nnetwork_module = "networks.lora_wan"\nnetwork_dimm = 16\nlearning_rate = 1e-4\n',
      'ignored-keys',
    ],
    [
      'warm-up without a schedule for it in musubi-tuner',
      'a.toml',
      'dit = "/far/d"\nnetwork_module = "networks.lora_wan"\nlr_warmup_steps = 100\nlearning_rate = 1e-4\n',
      'optimizer-options',
    ],
    [
      'a module of SD1.5 in the Flux page of lora-scripts',
      'a.toml',
      'model_train_type = "flux-lora"\nnetwork_module = "networks.lora"\npretrained_model_name_or_path = "/far/flux1-dev.safetensors"\n',
      'module-other-script',
    ],
    [
      'a plain module ticked for Flux in the kohya_ss window',
      'a.json',
      '{"LoRA_type": "Standard", "flux1_checkbox": true, "pretrained_model_name_or_path": "/far/flux1-dev.safetensors", "train_data_dir": "/far/i"}',
      'module-other-script',
    ],
    [
      'a pair that excludes itself, with more options elsewhere',
      'a.sh',
      'accelerate launch sdxl_train_network.py --config_file=/far/c.toml --cache_latents --color_aug\n',
      'option-conflicts',
    ],
    [
      'accelerate on the processor',
      'default_config.yaml',
      'compute_environment: LOCAL_MACHINE\ndistributed_type: NO\nuse_cpu: true\n',
      'accelerate-settings',
    ],
    ['a size in one piece', 'prompts.txt', 'a cat --w 512x768 --s 20\n', 'sample-lines'],
    ['the module of another model', 'a.sh', bash.replace('train_network.py', 'flux_train_network.py'), 'module-other-script'],
    [
      'an XL name in the script of SD1.5',
      'a.sh',
      bash.replace('m.safetensors', 'juggernautXL_v9.safetensors'),
      'base-name-other',
    ],
    ['a slip in a published name', 'a.sh', bash.replace('/far/m.', '/far/v1-5-prunned-emaonly.'), 'base-name-misspelt'],
    [
      'a caption ending without its dot',
      'a.sh',
      bash.replace('--resolution', '--caption_extension=txt --resolution'),
      'caption-dot',
    ],
    [
      'limits of buckets below the resolution',
      'a.sh',
      bash.replace('--resolution=512', '--resolution=1536 --enable_bucket'),
      'bucket-limits',
    ],
    [
      'a set-up without its requirements',
      'a.sh',
      'git clone https://x/sd-scripts\ncd sd-scripts\npip install torch==2.0.1+cu118 torchvision\n',
      'setup-steps',
    ],
  ])('%s', async (_what, name, text, rule) => {
    plant(root, { [name]: text });
    expect(told(await look(path.join(root, name)))).toContain(rule);
  });

  it('says that a program is not known, in a note', async () => {
    const store = await look(path.join(fixtures, 'diffusion-pipe.toml'));
    expect(store.notes().map(({ code, detail }) => [code, detail])).toEqual([['trainer-not-known', 'diffusion-pipe']]);
  });

  it('reads the file that a command names, by the trainer of the command', async () => {
    plant(root, {
      'a.sh': 'accelerate launch wan_train_network.py --config_file=a.toml --task t2v-1.3B\n',
      'a.toml': 'dit = "/far/d"\nfp8_scaled = true\nnetwork_module = "networks.lora_wan"\nlearning_rate = 1e-4\n',
    });
    const store = await look(path.join(root, 'a.sh'));
    expect(told(store)).toEqual(expect.arrayContaining(['missing-options', 'option-conflicts']));
    expect(first(store, 'missing')).toBeUndefined();
    expect(store.value(store.subjects('training')[1]?.id ?? '', 'training.missing')).toEqual([
      '--dataset_config',
      '--output_dir',
      '--output_name',
      '--sdpa',
    ]);
  });

  it('takes no shell script for a configuration, and a text of one for it', async () => {
    const script =
      'config_file="/far/c.toml"\nsample_prompts="/far/p.txt"\nexport HF_HOME="hub"\npython "./scripts/$name" --config_file="$config_file"\n';
    plant(root, { 'run.sh': script, 'notes.txt': 'network_module = "networks.lora"\nlearning_rate = 1e4\nnetwork_dim = 4\n' });
    expect((await look(path.join(root, 'run.sh'))).subjects('training')).toEqual([]);
    expect((await look('-', script)).subjects('training')).toEqual([]);
    expect(told(await look(path.join(root, 'notes.txt')))).toEqual(['rate-too-high']);
  });

  it('leaves TOML and YAML of others alone', async () => {
    plant(root, { 'pyproject.toml': '[project]\nname = "x"\nversion = "1"\n', 'a.yaml': 'services:\n  web: {}\n' });
    expect((await look(root)).subjects('training')).toEqual([]);
  });
});

describe('what people paste', () => {
  it.each([
    ['a prompt of PowerShell in front', `PS C:\\ai> ${flags.replace(/^/, 'accelerate launch train_network.py ')}`, []],
    ['a prompt of bash with a venv', `(venv) me@box:~/sd-scripts$ accelerate launch train_network.py ${flags}`, []],
    ['a bare dollar sign', `$ accelerate launch train_network.py ${flags}`, []],
    ['a prompt of cmd', `(venv) C:\\ai\\sd-scripts>accelerate launch train_network.py ${flags}`, []],
    ['prompts of a continued command', bash.replace(/^/, '$ ').replaceAll('\n  ', '\n>   '), []],
    ['curly quotes with blanks between them', bash.replace('=/far/out', '=\u201c/far/my out\u201d'), ['odd-characters']],
    ['line breaks of a screenshot', bash.replaceAll(' \\\n', '\n'), ['command-cut']],
    [
      'a value on the next line',
      `accelerate launch train_network.py ${flags.replace('--resolution=512', '--resolution\n512')}`,
      ['command-cut'],
    ],
    ['a command that is cut in the middle', bash.split('\n').slice(0, 4).join('\n'), ['ends-early']],
    ['two commands in one', `${bash.trimEnd()} \\\n${bash}`, ['two-commands']],
  ])('%s', async (_what, text, rules) => {
    const store = await look('-', text);
    expect(
      told(store)
        .filter((rule) => !/base-missing/.test(rule))
        .sort(),
    ).toEqual([...rules].sort());
  });

  it('judges both of two commands, and the rest of one with a fault', async () => {
    const store = await look('-', `${bash}\n${bash.replace('1e-4', '1e4')}`);
    expect(store.subjects('training')).toHaveLength(2);
    expect(told(store)).toEqual(['rate-too-high']);
    expect(told(await look('-', bash.replace('1e-4', '1e4').replaceAll(' \\\n', '\n')))).toEqual(
      expect.arrayContaining(['command-cut', 'rate-too-high']),
    );
  });

  it('names line and column of a fault in TOML, and judges the rest', async () => {
    plant(root, {
      'a.toml': 'network_dim = 4\noutput_dir = "D:\\models"\nlearning_rate = 1e4\ntrain_batch_size = \nmax_train_epochs = 2\n',
    });
    const store = await look(path.join(root, 'a.toml'));
    expect(told(store)).toEqual(expect.arrayContaining(['toml-escape', 'rate-too-high']));
    expect(String(first(store, 'configFaults'))).toMatch(/^4: /);
  });
});
