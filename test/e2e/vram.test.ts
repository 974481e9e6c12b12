import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { vramDocument } from '../../src/report/documents';
import { put, runCli, temporaryFolder } from './helpers';

describe('vram', () => {
  test('one document for each row, and an error document for what is no row', async () => {
    const stdin = '{"id":"a","model_family":"SDXL","kind":"train","rank":8}\nnonsense\n{"id":7,"model_family":"Flux.1-dev"}\n';
    const { status, stdout, stderr } = await runCli(['vram', '-', '--json'], { stdin });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [first, error, last] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(vramDocument.parse(first).id).toBe('a');
    expect(error).toMatchObject({ schema: 'lora-doctor/error@1', error: { code: 'bad-row' } });
    expect(vramDocument.parse(last).id).toBe(7);
  });

  test('ends with 1 when it does not fit, and says in both languages what to change', async () => {
    const args = ['vram', '--family', 'sdxl', '--for', 'train', '--rank', '8', '--vram', '6'];
    const english = await runCli(args);
    expect(english.status).toBe(1);
    expect(english.stdout).toMatch(/does not fit[\s\S]*--cache_text_encoder_outputs/);
    const chinese = await runCli([...args, '--lang', 'zh-CN']);
    expect(chinese.stdout).toMatch(/显卡/);
    expect(chinese.stdout).not.toMatch(/does not fit/);
    expect((await runCli(['vram', '--family', 'sd15', '--vram', '24'])).status).toBe(0);
  });

  test('a size is read alike by the three commands that take one', async () => {
    const script = put(
      temporaryFolder(),
      'a.sh',
      'accelerate launch sdxl_train_network.py --mixed_precision=fp16 --resolution=1024\n',
    );
    const calls = [
      ['vram', '--family', 'sd15'],
      ['preset', 'generate'],
      ['train', script],
    ];
    for (const call of calls) {
      for (const size of ['6', '6gb', '6 GiB', '6144MB']) {
        const { status, stderr } = await runCli([...call, '--vram', size]);
        expect([call[0], size, status === 2, stderr.includes('--vram')]).toEqual([call[0], size, false, false]);
      }
      for (const size of ['6144', '0', 'six']) {
        const { status, stdout } = await runCli([...call, '--vram', size, '--json']);
        expect([call[0], size, status, JSON.parse(stdout).error.code]).toEqual([call[0], size, 2, 'bad-value']);
        expect(JSON.parse(stdout).error.message).toContain(size);
      }
    }
  });

  test('bad usage is 2, nothing to read is 3, and no control character gets through', async () => {
    expect((await runCli(['vram'])).status).toBe(2);
    expect((await runCli(['vram', '--family', 'sdxl', '--batch', 'many'])).status).toBe(2);
    expect((await runCli(['vram', '-'], { stdin: '' })).status).toBe(3);
    const hostile = '{"model_family":"\\u001b[31mred\\u202e","tool":"\\u0007x","gpu":"\\u001b]0;t\\u0007","gpu_vram_gb":6}';
    const { stdout } = await runCli(['vram', '-'], { stdin: hostile });
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test.runIf(process.platform === 'linux')('SY-10 a card divided by MIG gets no recommendation, and it is said why', async () => {
    const bin = temporaryFolder();
    const stub = [
      '#!/bin/sh',
      'case "$1" in',
      '-L) printf "GPU 0: NVIDIA A100 (UUID: GPU-a)\\n  MIG 1g.10gb     Device  0: (UUID: MIG-b)\\n" ;;',
      '*mig*) echo "0, Enabled" ;;',
      '*) echo "NVIDIA A100-SXM4-80GB, 81920, 80000, 535.161.08, 8.0" ;;',
      'esac',
    ];
    chmodSync(put(bin, 'nvidia-smi', `${stub.join('\n')}\n`), 0o755);
    const env = { PATH: `${bin}:${process.env.PATH}` };
    for (const args of [
      ['vram', '--family', 'sdxl'],
      ['preset', '--family', 'sdxl'],
    ]) {
      const { stdout, stderr } = await runCli(args, { env });
      expect(stderr).toContain('NVIDIA A100-SXM4-80GB is divided into parts (MIG)');
      expect(stdout).not.toContain('A100');
    }
    const whole = await runCli(['vram', '--family', 'sdxl', '--lang', 'zh-CN'], { env });
    expect(whole.stderr).toContain('MIG');
    expect(whole.stderr).toContain('请用 --vram');
  });
});
