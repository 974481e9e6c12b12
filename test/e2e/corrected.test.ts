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
