import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommands } from '../../../src/formats/training/command';
import { readConfigToml } from '../../../src/formats/training/config-files';
import { readScript } from '../../../src/formats/training/lex';
import { MUSUBI_OPTIONS, SD_OPTIONS } from '../../../src/formats/training/options';
import { ownerOfScript, ownerOfToml } from '../../../src/formats/training/owner';
import { Options } from '../../../src/formats/training/set-options';
import { readToml } from '../../../src/formats/training/toml';

const owner = (toml: string) => ownerOfToml(readToml(toml));

describe('ownerOfToml', () => {
  it.each([
    [
      'a module of musubi-tuner alone',
      'network_module = "networks.lora_wan"\nlearning_rate = 1e-4\n',
      'musubi-tuner',
      null,
      'wan',
    ],
    ['written with its package', 'network_module = "musubi_tuner.networks.lora_zimage"\n', 'musubi-tuner', null, 'z-image'],
    [
      'names of musubi-tuner, module of a plain name',
      'dit = "d"\nnetwork_module = "networks.lora"\nsdpa = true\n',
      'musubi-tuner',
      null,
      null,
    ],
    ['names of sd-scripts', 'pretrained_model_name_or_path = "m"\nnetwork_module = "networks.lora"\n', 'sd-scripts', null, null],
    ['few names, a LyCORIS module', 'network_module = "lycoris.kohya"\n', 'sd-scripts', null, null],
    ['the window of lora-scripts', 'model_train_type = "sdxl-lora"\n', 'sd-scripts', 'sdxl_train_network.py', null],
    ['a page of it that nobody knows', 'model_train_type = "new-lora"\n', 'sd-scripts', null, null],
    ['diffusion-pipe', 'micro_batch_size_per_gpu = 1\noutput_dir = "o"\n', 'other', null, null],
    ['no training', '[project]\nname = "x"\nversion = "1"\n', 'other', null, null],
    ['names that many programs have', 'output_dir = "o"\nseed = 1\n', 'other', null, null],
    ['nothing', '', 'other', null, null],
  ])('%s', (_what, toml, trainer, script, family) => {
    const found = owner(toml);
    expect([found.trainer, found.script, found.family]).toEqual([trainer, script, family]);
  });

  it('never takes a sound file of one program for the other', () => {
    const sample = { flag: 'true', int: '1', float: '0.5', text: '"a"', list: '["a=1"]', choice: '', maybe: '"a"' } as const;
    const files = [
      {
        trainer: 'sd-scripts',
        table: SD_OPTIONS,
        always: 'pretrained_model_name_or_path = "m"\nnetwork_module = "networks.lora"',
      },
      { trainer: 'musubi-tuner', table: MUSUBI_OPTIONS, always: 'dit = "m"\ndataset_config = "d.toml"' },
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...files).chain((file) => fc.tuple(fc.constant(file), fc.subarray([...file.table], { maxLength: 30 }))),
        ([{ trainer, always }, some]) => {
          const own = some.filter(({ name }) => !always.includes(`${name} =`));
          // Names that the other program has alone do not stand in a sound file.
          const lines = own.map(({ name, kind, choices }) => `${name} = ${kind === 'choice' ? `"${choices[0]}"` : sample[kind]}`);
          const setup = readConfigToml(readToml(`${always}\n${lines.join('\n')}\n`));
          expect([setup.trainer, setup.problems]).toEqual([trainer, []]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('readConfigToml', () => {
  const kinds = (toml: string, asked?: 'sd-scripts' | 'musubi-tuner') =>
    readConfigToml(readToml(toml), asked).problems.map(({ kind, text, nearest }) => `${kind} ${text} ${nearest ?? ''}`.trim());

  it('tells a slip in a file of musubi-tuner, and not a name that a newer version may have', () => {
    const toml = 'dit = "d"\nnetwork_module = "networks.lora_wan"\nlearing_rate = 1e-4\nbrand_new_switch = true\n';
    expect(kinds(toml)).toEqual(['unknown-key learing_rate learning_rate']);
  });

  it('knows names of the scripts of sd-scripts that train no LoRA', () => {
    expect(kinds('pretrained_model_name_or_path = "m"\ncond_emb_dim = 32\nlearning_rate_te1 = 1e-5\n')).toEqual([]);
    expect(kinds('pretrained_model_name_or_path = "m"\nno_such_name = 32\n')).toEqual(['unknown-key no_such_name']);
  });

  it('goes by the trainer whose command names the file', () => {
    expect(kinds('fp8_t5 = true\noutput_dir = "o"\n', 'musubi-tuner')).toEqual([]);
    expect(kinds('fp8_t5 = true\noutput_dir = "o"\n', 'sd-scripts').join()).toContain('unknown-key fp8_t5');
  });

  it('says nothing of the names of a program that it does not know', () => {
    expect(kinds('micro_batch_size_per_gpu = 1\nseed = "x"\nepohcs = 3\n')).toEqual([]);
  });
});

describe('ownerOfScript', () => {
  it.each([
    ['sdxl_train_network.py', [], '', 'sd-scripts'],
    ['src/musubi_tuner/brand_new_train_network.py', [], '', 'musubi-tuner'],
    ['ernie_image_train_network.py', ['dit', 'vae', 'learning_rate'], 'networks.lora_ernie_image', 'musubi-tuner'],
    ['brand_new_train_network.py', ['dit', 'dataset_config', 'sdpa', 'learning_rate'], 'networks.lora_brand_new', 'musubi-tuner'],
    ['train_network_fork.py', ['pretrained_model_name_or_path', 'learning_rate'], 'networks.lora', 'sd-scripts'],
    ['sdxl_train.py', ['pretrained_model_name_or_path'], '', 'sd-scripts'],
    ['train_controlnet.py', ['pretrained_model_name_or_path', 'resolution', 'learning_rate'], '', 'other'],
    ['train_unconditional.py', ['resolution', 'output_dir', 'train_batch_size', 'lr_warmup_steps'], '', 'other'],
    ['train.py', ['deepspeed', 'config'], '', 'other'],
  ])('%s', (path, given, module, trainer) => {
    expect(ownerOfScript(path, given, module).trainer).toBe(trainer);
  });
});

describe('a command of which a part is not to be seen', () => {
  const command = (options: string) => readCommands(readScript(`accelerate launch train_network.py ${options}`, 'bash'))[0];

  it.each([
    ['a variable', '--network_dim=4 $EXTRA'],
    ['a list', `--network_args "a=1" "$${'{EXTRA[@]}'}"`],
    ['all arguments of a script', '--sdpa "$@"'],
    ['dots', '--sdpa ... --network_dim=4'],
    ['dots in brackets with words', '--sdpa (... more of them ...)'],
    ['dots for a value', '--network_args ...'],
  ])('%s', (_what, options) => {
    const setup = command(options);
    expect(setup?.open).toBe(true);
    expect(setup?.problems).toEqual([]);
  });

  it.each(['--output_dir=$OUT --sdpa', '--output_dir $OUT', '--network_args $ARGS', '--output_name a...b'])(
    'is not meant by %s',
    (options) => {
      expect(command(options)?.open).toBe(false);
    },
  );

  it('lets nothing follow from what is left out, and all from what is there', () => {
    const setup = command('--network_dim=4 $EXTRA');
    if (!setup) throw new Error('no command');
    const open = new Options(setup);
    expect(open.sure(() => open.has('seed'))).toBeNull();
    expect(open.sure(() => open.number('network_dim'))).toBe(4);
    expect(open.fact('network_alpha').state).toBe('unknown');
    const whole = new Options({ options: setup.options });
    expect(whole.sure(() => whole.has('seed'))).toBe(false);
    expect(whole.fact('network_alpha')).toMatchObject({ state: 'known', value: 1 });
  });
});

it('a name that is kept in a variable runs nothing; on a condition it does not count', () => {
  const bash = 'S=./sdxl_train_network.py\nif [ $X ]; then\n  S=./flux_train_network.py\nfi\naccelerate launch $S --sdpa\n';
  expect(readCommands(readScript(bash, 'bash')).map((setup) => setup.script)).toEqual(['sdxl_train_network.py']);
  const power = '$s = "./sdxl_train_network.py"\nif ($x) {\n  $s = "./flux_train_network.py"\n}\npython $s --sdpa\n';
  expect(readCommands(readScript(power, 'powershell')).map((setup) => setup.script)).toEqual(['sdxl_train_network.py']);
});
