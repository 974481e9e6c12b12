import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostileStrings, liveCharacters } from '../hostile';
import { put, type Ran, runCli, safetensors, temporaryFolder } from './helpers';

const STRINGS = hostileStrings();

/** As a file name: no separator, no NUL, short enough for every file system. */
const asName = (text: string): string => text.replace(/[/\0]/g, '_').slice(0, 40);

/** An A1111-like folder in which every place that a program could show holds hostile text. */
function hostileInstall(): string {
  const folder = temporaryFolder();
  for (const name of ['webui.py', 'launch.py', 'modules/sd_models.py']) put(folder, name, '');
  put(folder, 'config.json', JSON.stringify({ sd_model_checkpoint: STRINGS[0], lora_preferred_name: STRINGS[3] }));
  for (const [index, text] of STRINGS.entries()) {
    const tensor = { dtype: 'F16', shape: [1, 1], data_offsets: [0, 2] };
    const header = {
      __metadata__: { ss_output_name: text, [text.slice(0, 200)]: 'x', ss_base_model_version: text },
      [text.slice(0, 300)]: tensor,
    };
    put(folder, `models/Lora/${index}${asName(text)}.safetensors`, safetensors(header, 2));
    put(folder, `models/Lora/broken${index}${asName(text)}.safetensors`, text.slice(0, 2000));
  }
  return folder;
}

function expectHarmless({ stdout, stderr, status }: Ran): void {
  expect(liveCharacters(stdout).slice(0, 3)).toEqual([]);
  expect(liveCharacters(stderr).slice(0, 3)).toEqual([]);
  expect([0, 1, 2, 3]).toContain(status);
}

describe('outside text never acts on the terminal', () => {
  test.each([['text'], ['--json']])('check of an install full of it (%s)', async (form) => {
    const ran = await runCli(['check', hostileInstall(), ...(form === 'text' ? [] : [form])]);
    expect([0, 1]).toContain(ran.status);
    if (form === '--json') expect(JSON.parse(ran.stdout).schema).toBe('lora-doctor/report@1');
    expectHarmless(ran);
  });

  test.each([['text'], ['--json']])('inspect of the files themselves (%s)', async (form) => {
    const folder = path.join(hostileInstall(), 'models', 'Lora');
    expectHarmless(await runCli(['inspect', folder, ...(form === 'text' ? [] : [form])]));
  });

  test.each([['text'], ['--json']])('a log full of it (%s)', async (form) => {
    const lines = STRINGS.flatMap((text) => [
      `RuntimeError: ${text}`,
      `Loading weights [abc] from ${text}.safetensors`,
      text.slice(0, 3000),
    ]);
    const log = `Traceback (most recent call last):\n  File "${STRINGS[1]}", line 3, in ${STRINGS[2]}\n${lines.join('\n')}\n`;
    expectHarmless(await runCli(['log', '-', ...(form === 'text' ? [] : [form])], { stdin: log }));
  });

  test('words of the command line', async () => {
    // A NUL cannot be in an argument, and the system limits their length.
    const words = STRINGS.map((text) => text.replaceAll('\0', '_').slice(0, 1000));
    const runs = [];
    for (const word of words.filter((_, index) => index % 12 === 0)) {
      runs.push(await runCli([word]), await runCli(['check', `--${word}`]), await runCli(['explain', word]));
    }
    for (const ran of runs) expectHarmless(ran);
  });
});

test.skipIf(process.platform === 'win32')('a folder of pipes, devices and links to itself ends with a result', async () => {
  const folder = temporaryFolder();
  for (const name of ['webui.py', 'launch.py', 'modules/sd_models.py']) put(folder, name, '');
  const loras = path.join(folder, 'models', 'Lora');
  mkdirSync(loras, { recursive: true });
  const make = (script: string): Buffer => execFileSync('sh', ['-c', script], { cwd: loras });
  make('for n in 1 2 3 4 5; do mkfifo pipe$n.safetensors; done');
  make('ln -s . self; ln -s .. up; ln -s /dev/zero zero.safetensors; ln -s missing gone.safetensors; ln -s loop.pt loop.pt');
  const { status, stdout } = await runCli(['check', folder, '--json']);
  expect([0, 1]).toContain(status);
  expect(JSON.parse(stdout).schema).toBe('lora-doctor/report@1');
});
