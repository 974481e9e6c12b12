import { describe, expect, test } from 'vitest';
import { put, runCli, temporaryFolder } from './helpers';

/** The line of a stack trace: `    at name (file:1:2)`. */
const STACK = /^\s+at .+:\d+:\d+\)?$/m;

describe('the contract of the command line', () => {
  test('--version prints the version alone', async () => {
    const { status, stdout, stderr } = await runCli(['--version']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('--help goes to stdout and names the commands', async () => {
    const { status, stdout, stderr } = await runCli(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const word of ['check', 'watch', 'inspect', 'log', 'explain', 'demo']) expect(stdout).toContain(word);
  });

  test('a misspelt command is an error with a suggestion', async () => {
    const { status, stdout, stderr } = await runCli(['inspct']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('inspect');
    expect(stderr).not.toMatch(STACK);
  });

  test('a misspelt option is an error with a suggestion', async () => {
    const { status, stdout, stderr } = await runCli(['check', '--dpeth', 'quick']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--depth');
  });

  test('with --json the error is one document on stdout', async () => {
    const { status, stdout } = await runCli(['inspct', '--json']);
    expect(status).toBe(2);
    const document = JSON.parse(stdout);
    expect(document.schema).toBe('lora-doctor/error@1');
    expect(document.error).toEqual({
      code: expect.any(String),
      message: expect.any(String),
      remedy: expect.stringContaining('inspect'),
    });
  });

  test('the same error speaks Chinese when asked', async () => {
    const { status, stderr } = await runCli(['inspct', '--lang', 'zh-CN']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/\p{Script=Han}/u);
  });

  test('a folder that is not there is an error of usage, without a stack trace', async () => {
    const { status, stdout, stderr } = await runCli(['check', './nowhere', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout).schema).toBe('lora-doctor/error@1');
    expect(stderr).not.toMatch(STACK);
  });

  test('a folder without an install is an error of usage', async () => {
    const { status, stdout } = await runCli(['check', temporaryFolder(), '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error.remedy).not.toBe('');
  });

  test('check --json of a small install gives one valid report on stdout', async () => {
    const folder = temporaryFolder();
    put(folder, 'webui.py', '');
    put(folder, 'launch.py', '');
    put(folder, 'modules/sd_models.py', '');
    put(folder, 'models/Lora/empty.safetensors', '');
    const { status, stdout, stderr } = await runCli(['check', folder, '--json', '--no-cache']);
    const report = JSON.parse(stdout);
    expect(report.schema).toBe('lora-doctor/report@1');
    expect(report.summary.errors).toBeGreaterThan(0);
    expect(status).toBe(1);
    expect(stderr).not.toMatch(STACK);
  });
});
