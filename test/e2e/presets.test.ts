import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { argvInBash, ROOT, runCli as run } from './helpers';

describe('docs/plans', () => {
  it.each(['plans.md', 'plans.zh-CN.md'])('%s says what its commands print', async (name) => {
    const text = readFileSync(path.join(ROOT, 'docs', name), 'utf8');
    const blocks = [...text.matchAll(/```console\n\$ lora-doctor ([^\n]+)\n([\s\S]*?)```/g)];
    expect(blocks.length).toBe(6);
    for (const [, call = '', printed] of blocks) {
      const words = [...call.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
      expect(await run(words)).toMatchObject({ status: 0, stdout: printed });
    }
  });
});

describe('preset', () => {
  const asked = ['preset', 'train', '--gpu', 'RTX 2060', '--family', 'sdxl'];

  it.each(['shell', 'cmd', 'powershell', 'toml'])(
    'prints a training as %s that `train -` finds nothing wrong with',
    async (format) => {
      const { stdout } = await run([...asked, '--format', format]);
      const { status, stdout: report } = await run(['train', '--json', '-'], { stdin: stdout });
      expect(status).toBe(0);
      expect(JSON.parse(report).summary).toMatchObject({ errors: 0, warnings: 0 });
    },
  );

  it.runIf(process.platform !== 'win32').each([
    ['sd15', '6'],
    ['sdxl', '6'],
    ['flux', '8'],
  ])('prints a bash command of %s on %s GB that hands on exactly its arguments', async (family, vram) => {
    const words = ['preset', 'train', '--gpu', 'RTX 2060', '--family', family, '--vram', vram, '--format'];
    const argv = argvInBash((await run([...words, 'shell'])).stdout);
    expect(argv.slice(0, 2)).toEqual(['launch', '--num_cpu_threads_per_process=1']);
    expect(argv.slice(3)).toEqual((await run([...words, 'args'])).stdout.trim().split(' '));
  });

  it('names the call of vram that repeats its prediction', async () => {
    const { presets } = JSON.parse((await run([...asked, '--json'])).stdout);
    const [{ vram, peak, fits }] = presets[0].predicted;
    const { status, stdout } = await run([...vram.slice(1), '--json']);
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { peak, fits }]);
  });

  it('is for the card of this machine when none is named, and says on stderr which that is', async () => {
    const { status, stdout, stderr } = await run(['preset', '--json', '--family', 'sd15', '--for', 'generate']);
    const { query } = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      query.gpu === null ? /none of known size was found here: settings for 6 GB/ : /for the card of this machine: /,
    );
  });

  it('is 0 with nothing published, 2 for words it does not know', async () => {
    expect((await run(['preset', '--for', 'train', '--family', 'flux', '--vram', '6'])).status).toBe(0);
    expect((await run(['preset', '--family', 'sdx', '--vram', '6'])).status).toBe(2);
  });
});
