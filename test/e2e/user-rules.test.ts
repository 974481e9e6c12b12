import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { put, runCli, temporaryFolder } from './helpers';

const GOOD = `schema: 1
id: machine/too-many-cooks
cause: extension-conflict
scope: install
severity: warning
gate: decisive
title: { en: 'Our house rule', zh: '自定规则' }
message: { en: 'This is {install.ui}.', zh: '这是 {install.ui}。' }
when: { install.ui: a1111 }
fixes:
  - id: ask
    title: { en: 'Ask', zh: '询问' }
    steps: { en: ['Ask us.'], zh: ['请询问。'] }
references: ['our own']
examples:
  - { name: 'a1111', facts: { install.ui: a1111 }, expect: fires }
  - { name: 'comfyui', facts: { install.ui: comfyui }, expect: silent }
  - { name: 'not known', facts: { install.ui: { unknown: unreadable } }, expect: unknown }
`;
const BROKEN = GOOD.replace('id: machine/too-many-cooks', 'id: machine/broken').replace(
  'install.ui: a1111 }\nfixes',
  'instal.ui: a1111 }\nfixes',
);

function folders(): { rules: string; install: string } {
  const rules = temporaryFolder();
  put(rules, 'machine/too-many-cooks.yaml', GOOD);
  put(rules, 'machine/broken.yaml', BROKEN);
  const install = temporaryFolder();
  for (const name of ['webui.py', 'launch.py', 'modules/sd_models.py', 'models/Lora/.keep']) put(install, name, '');
  return { rules, install };
}

describe('--rules DIR', () => {
  test('uses the good rule and names the broken one with file, line and column', async () => {
    const { rules, install } = folders();
    const { stdout, stderr } = await runCli(['check', install, '--json', '--rules', rules]);
    const found = JSON.parse(stdout).findings.filter((f: { rule: string }) => f.rule === 'machine/too-many-cooks');
    expect(found).toMatchObject([{ cause: 'extension-conflict', severity: 'warning', message: 'This is a1111.' }]);
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${rules}/machine/broken.yaml:9:9: there is no fact "instal.ui"; did you mean "install.ui"?`,
    ]);
  });

  test("lists the good one as the user's and explains it", async () => {
    const { rules } = folders();
    const list = await runCli(['rules', 'list', '--json', '--rules', rules]);
    const own = JSON.parse(list.stdout).rules.filter((r: { source: string }) => r.source === 'user');
    expect(own.map((r: { id: string }) => r.id)).toEqual(['machine/too-many-cooks']);
    expect((await runCli(['explain', 'machine/too-many-cooks', '--rules', rules])).stdout).toContain('Ask us.');
  });

  test('rules test runs the examples and counts the errors', async () => {
    const { rules } = folders();
    const { status, stdout } = await runCli(['rules', 'test', '--json', '--rules', rules]);
    expect(status).toBe(1);
    const document = JSON.parse(stdout);
    expect(document.outcomes).toHaveLength(3);
    expect(document.errors).toMatchObject([{ file: `${rules}/machine/broken.yaml`, line: 9, column: 9 }]);
  });

  test('what is no rule file is named, and the rest goes on', async () => {
    const { rules } = folders();
    put(rules, 'stray.yaml', GOOD);
    put(rules, 'machine/long.yaml', `# ${'x'.repeat(70_000)}`);
    put(rules, 'machine/\u001b[2Jx.yaml', 'a: [');
    if (process.platform !== 'win32') execFileSync('mkfifo', [`${rules}/machine/pipe.yaml`]);
    const { stdout, stderr } = await runCli(['rules', 'list', '--rules', rules]);
    expect(stdout).toContain('machine/too-many-cooks');
    for (const name of ['stray.yaml:1:1', 'long.yaml:1:1', '␛[2Jx.yaml:1:']) expect(stderr).toContain(name);
    if (process.platform !== 'win32') expect(stderr).toContain('pipe.yaml:1:1: cannot be read: not a regular file');
    expect(stderr).not.toContain('\u001b');
  });

  test.each([['list'], ['test']])('a folder that is not there is an error of usage (rules %s)', async (word) => {
    for (const where of ['./nowhere', put(temporaryFolder(), 'file', '')]) {
      const { status, stdout } = await runCli(['rules', word, '--json', '--rules', where]);
      expect(status).toBe(2);
      expect(JSON.parse(stdout).error.code).toBe('no-rules-folder');
    }
  });
});
