import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCommands } from '../../src/formats/training/command';
import { readConfigToml } from '../../src/formats/training/config-files';
import { readScript } from '../../src/formats/training/lex';
import { readToml } from '../../src/formats/training/toml';
import { argvInBash, put, runCli, temporaryFolder } from './helpers';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), '../fixtures');
const blog = path.join(fixtures, 'training-cases/blog-command.sh');
const { cases } = JSON.parse(fs.readFileSync(path.join(fixtures, 'training-parser.json'), 'utf8')) as {
  cases: { file: string | null; variant: string; argv: string[]; accepted: boolean }[];
};
/** What sd-scripts' own parser accepted of this command (scripts/freeze-parsers.py --parse). */
const accepted = (variant: string): string[] | undefined =>
  cases.find((each) => each.file === 'blog-command.sh' && each.variant === variant && each.accepted)?.argv;

describe('the corrected command of the blog', () => {
  it.runIf(process.platform !== 'win32').each([
    ['needed', []],
    ['advised', ['--advised']],
  ])("%s: bash hands on what the trainer's own parser accepted", async (variant, flags) => {
    const { stdout, status } = await runCli(['train', '--corrected', ...flags, blog]);
    expect(status).toBe(0);
    const argv = argvInBash(stdout);
    expect(argv.slice(0, 4)).toEqual(['launch', '--num_cpu_threads_per_process', '8', 'train_network.py']);
    expect(argv.slice(4)).toEqual(accepted(variant));
  });

  it.each(['cmd', 'powershell', 'bash'] as const)('says the same in %s', async (shell) => {
    const { stdout } = await runCli(['train', '--corrected', '--advised', '--shell', shell, blog]);
    const [setup] = readCommands(readScript(stdout, shell));
    expect(setup?.problems).toEqual([]);
    expect(setup?.prefix).toEqual(['accelerate', 'launch', '--num_cpu_threads_per_process', '8', 'train_network.py']);
    const argv = [...(setup?.options.values() ?? [])].flatMap(({ name, values }) => [`--${name}`, ...values]);
    const wanted = (accepted('advised') ?? []).flatMap((word) => word.split('='));
    expect(argv.map((word) => word.replace(/\$HOME|%USERPROFILE%/g, '/home/user'))).toEqual(wanted);
  });

  it('says the same in TOML, with numbers as numbers', async () => {
    const { stdout } = await runCli(['train', '--corrected', '--advised', '--shell', 'toml', blog]);
    const { problems, options } = readConfigToml(readToml(stdout));
    expect(problems).toEqual([]);
    expect(options.get('network_module')?.values).toEqual(['networks.lora']);
    expect(stdout).toMatch(/^lr_warmup_steps = 0\.05$/m);
    expect(stdout).not.toContain('$HOME');
  });

  it('shows needed and advised changes apart', async () => {
    const { stdout, stderr } = await runCli(['train', '--corrected', '--diff', blog]);
    const [needed, advised] = stdout.split(/^--- /m).slice(1);
    expect(needed).toContain('-  --network_dim=32 \\          # rank');
    expect(needed).not.toContain('--seed');
    expect(advised).toMatch(/^\+ {2}--seed=42$/m);
    expect(stderr).toContain('advised besides');
  });

  it('leaves nothing to tell but advice', async () => {
    const corrected = put(temporaryFolder(), 'train.sh', (await runCli(['train', '--corrected', blog])).stdout);
    const { stdout } = await runCli(['train', corrected, '--json']);
    const { findings } = JSON.parse(stdout) as { findings: { severity: string }[] };
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });
});

describe('a command that does not fit the card', () => {
  const script = (rest: string): string =>
    put(
      temporaryFolder(),
      'train.sh',
      `accelerate launch sdxl_train_network.py --pretrained_model_name_or_path=/m/x.safetensors --train_data_dir=/d \\\n --network_module=networks.lora --output_dir=/o --learning_rate=1e-4 --max_train_epochs=10 ${rest}\n`,
    );
  const large =
    '--resolution=1024 --mixed_precision=bf16 --network_dim=32 --network_alpha=16 --train_batch_size=2 --shuffle_caption';

  it('gets the options with which it does, without what they exclude, and is then told as fitting', async () => {
    const file = script(large);
    const { stdout, stderr, status } = await runCli(['train', file, '--corrected', '--vram', '6']);
    expect(status).toBe(0);
    const [setup] = readCommands(readScript(stdout, 'bash'));
    const given = (name: string) => setup?.options.get(name)?.values[0];
    for (const name of ['gradient_checkpointing', 'cache_text_encoder_outputs', 'network_train_unet_only'])
      expect(setup?.options.has(name), name).toBe(true);
    expect(setup?.options.has('shuffle_caption')).toBe(false);
    expect([given('network_dim'), given('network_alpha')]).toEqual(['8', '4']);
    expect(stderr).toMatch(/about \d+\.\d GiB at the peak before, \d\.\d GiB with the changes, for a card of 6 GiB/);
    const again = await runCli(['train', script(large), '--json', '--vram', '6']);
    const cured = await runCli(['train', put(temporaryFolder(), 'train.sh', stdout), '--json', '--vram', '6']);
    const rules = (json: string): string[] => JSON.parse(json).findings.map(({ rule }: { rule: string }) => rule);
    expect(rules(again.stdout)).toContain('training/memory-too-large');
    expect(rules(cured.stdout)).not.toContain('training/memory-too-large');
  });

  it('is left alone when it fits, and told when nothing helps', async () => {
    const file = script(large);
    const fits = await runCli(['train', file, '--corrected', '--vram', '80']);
    expect(fits.stdout).toBe(fs.readFileSync(file, 'utf8'));
    const never = await runCli(['train', file, '--corrected', '--vram', '2']);
    expect(never.stderr).toContain('no options that are known make it fit 2 GiB');
    expect(never.stdout).toBe(fs.readFileSync(file, 'utf8'));
  });

  it('whose data set file is not opened keeps its size and batch', async () => {
    const file = script(`${large.replace(/--resolution=1024|--train_batch_size=2/g, '')} --dataset_config=d.toml`);
    const { stdout } = await runCli(['train', file, '--corrected', '--vram', '8']);
    expect(stdout).not.toMatch(/--resolution|--train_batch_size/);
  });
});
