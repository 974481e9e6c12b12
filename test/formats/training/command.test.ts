import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommands } from '../../../src/formats/training/command';
import { readConfigToml, readGuiConfig } from '../../../src/formats/training/config-files';
import type { Setup } from '../../../src/formats/training/given';
import { readScript } from '../../../src/formats/training/lex';
import { SD_OPTIONS, scriptOf } from '../../../src/formats/training/options';
import { readToml } from '../../../src/formats/training/toml';

const command = (options: string, script = 'train_network.py'): Setup => {
  const [setup] = readCommands(readScript(`accelerate launch --num_cpu_threads_per_process 1 ${script} ${options}`, 'bash'));
  if (!setup) throw new Error('no command');
  return setup;
};
const problems = (setup: Setup): string[] =>
  setup.problems.map(({ kind, text, nearest }) => `${kind} ${text} ${nearest ?? ''}`.trim());
const given = (setup: Setup): Record<string, readonly string[]> =>
  Object.fromEntries([...setup.options].map(([name, { values }]) => [name, values]));

describe('readCommands', () => {
  it('reads options with and without an equals sign, flags and lists', () => {
    const setup = command('--network_dim=4 --learning_rate 1e-4 --sdpa --optimizer_args "a=1" "b=2" --text_encoder_lr 1e-5 2e-5');
    expect(problems(setup)).toEqual([]);
    expect(given(setup)).toEqual({
      network_dim: ['4'],
      learning_rate: ['1e-4'],
      sdpa: [],
      optimizer_args: ['a=1', 'b=2'],
      text_encoder_lr: ['1e-5', '2e-5'],
    });
  });

  it('takes the beginning of a name as argparse does', () => {
    expect(given(command('--network_mod networks.lora'))).toEqual({ network_module: ['networks.lora'] });
  });

  it('names what is wrong, and what was meant', () => {
    expect(problems(command('--learing_rate=1e-4'))).toEqual([
      'unknown-option --learing_rate --learning_rate'.replace('--learning', 'learning'),
    ]);
    expect(problems(command('\u2013learning_rate=1e-4'))).toEqual(['dash-option \u2013learning_rate=1e-4 learning_rate']);
    expect(problems(command('--network_dim --sdpa'))).toEqual(['missing-value --network_dim']);
    expect(problems(command('--network_dim=four'))).toEqual(['bad-value --network_dim four']);
    expect(problems(command('--mixed_precision fp8'))).toEqual(['bad-value --mixed_precision fp8']);
    expect(problems(command('--output_name=my cat'))).toEqual(['stray-word cat']);
    expect(problems(command('--sdpa=yes'))).toEqual(['bad-value --sdpa=yes']);
  });

  it('leaves values alone that only the shell knows, and scripts that nobody knows', () => {
    expect(problems(command('--network_dim=$DIM'))).toEqual([]);
    expect(problems(command('--strange --network_dim=x', 'my_train.py'))).toEqual([]);
  });

  it('tells a line that was run on its own', () => {
    const [setup] = readCommands(readScript('python train_network.py --sdpa\n  --network_dim=4\n', 'bash'));
    expect(setup && problems(setup)).toEqual(['line-cut --network_dim=4']);
  });

  it('is empty without a training command', () => {
    expect(readCommands(readScript('pip install torch', 'bash'))).toEqual([]);
  });

  it('accepts every option that it lists', () => {
    const sample = { flag: '', int: '=1', float: '=0.5', text: '=a', list: ' a=1', choice: '', maybe: '' } as const;
    const scripts = [
      'train_network',
      'flux_train_network',
      'anima_train_network',
      'wan_train_network',
      'train_dreambooth_lora_sdxl',
    ];
    const all = scripts.flatMap((name) => (scriptOf(`${name}.py`)?.options ?? []).map((option) => ({ name, option })));
    fc.assert(
      fc.property(fc.constantFrom(...all), ({ name, option }) => {
        const value = option.kind === 'choice' ? `=${option.choices[0]}` : sample[option.kind];
        expect(problems(command(`--${option.name}${value}`, `${name}.py`))).toEqual([]);
      }),
      { numRuns: 800 },
    );
    expect(new Set(SD_OPTIONS.map((option) => option.name)).size).toBe(SD_OPTIONS.length);
  });

  it('knows which script of a trainer has an option', () => {
    expect(problems(command('--guidance_scale=1', 'flux_train_network.py'))).toEqual([]);
    expect(problems(command('--guidance_scale=1')).map((p) => p.split(' ')[0])).toEqual(['unknown-option']);
  });

  it('reports of other programs only what is a slip of a letter or two', () => {
    expect(problems(command('--some_new_option 3', 'train_dreambooth_lora_flux.py'))).toEqual([]);
    expect(problems(command('--learing_rate 1e-4', 'train_dreambooth_lora_flux.py'))).toEqual([
      'unknown-option --learing_rate learning_rate',
    ]);
  });
});

describe('configurations', () => {
  it('flattens tables, leaves out what is switched off, and tells ignored names', () => {
    const setup = readConfigToml(readToml('[a]\nnetwork_dim = 4\nsdpa = true\nxformers = false\n[b]\nlearing_rate = 1e-4'));
    expect(given(setup)).toEqual({ network_dim: ['4'], sdpa: [] });
    expect(problems(setup)).toEqual(['unknown-key learing_rate learning_rate']);
  });

  it('reads what the kohya_ss window saves', () => {
    const json = {
      pretrained_model_name_or_path: 'm',
      train_data_dir: 'd',
      optimizer: 'Prodigy',
      sdxl: true,
      LoRA_type: 'Standard',
      xformers: 'sdpa',
      lr_warmup: 10,
    };
    const setup = readGuiConfig(json);
    expect(setup?.script).toBe('sdxl_train_network.py');
    expect(setup && given(setup)).toEqual({
      pretrained_model_name_or_path: ['m'],
      train_data_dir: ['d'],
      optimizer_type: ['Prodigy'],
      lr_warmup_steps: ['10%'],
      network_module: ['networks.lora'],
    });
    expect(readGuiConfig({ a: 1 })).toBeNull();
  });

  it.each([
    [{ LoRA_type: 'Flux1', flux1_checkbox: true }, 'flux_train_network.py', 'networks.lora_flux'],
    [{ LoRA_type: 'Standard', sd3_checkbox: true }, 'sd3_train_network.py', 'networks.lora_sd3'],
    [{ LoRA_type: 'LyCORIS/LoKr', sdxl: true }, 'sdxl_train_network.py', 'lycoris.kohya'],
    [{ LoRA_type: 'Anima', anima_checkbox: true }, 'anima_train_network.py', 'networks.lora_anima'],
    [{ network_dim: 8 }, 'train_network.py', 'networks.lora'],
    [{ sdxl: true, stop_text_encoder_training: 0 }, 'sdxl_train.py', undefined],
    [{ stop_text_encoder_training: 0 }, 'train_db.py', undefined],
  ])('takes script and module of the window from %j', (more, script, module) => {
    const setup = readGuiConfig({ pretrained_model_name_or_path: 'm', train_data_dir: 'd', ...more });
    expect([setup?.script, setup?.options.get('network_module')?.values[0]]).toEqual([script, module]);
  });
});
