import { describe, expect, test } from 'vitest';
import { put, runCli, temporaryFolder } from './helpers';

const NOTHING: readonly (readonly [string, string])[] = [
  ['nothing.txt', ''],
  ['blank.log', ' \r\n\n'],
  ['prose.txt', 'Dear all,\nmy pictures come out black since yesterday, what can I do?\n'],
  ['comments.sh', '# only\n# comments\n'],
  ['comments.toml', '# only\n'],
  ['zh.txt', '我今天想训练一个角色，但是出来的图全是黑的，怎么办？\n'],
];

describe('what says nothing is not called sound', () => {
  test.each(NOTHING)('%s, as a file and in a pipe', async (name, text) => {
    const file = put(temporaryFolder(), name, text);
    for (const [command, status, code] of [
      ['train', 2, 'no-training'],
      ['log', 3, 'no-log'],
    ] as const) {
      for (const [target, stdin] of [
        [file, undefined],
        ['-', text],
      ] as const) {
        const ran = await runCli([command, target, '--json'], stdin === undefined ? {} : { stdin });
        expect([command, target === '-', ran.status]).toEqual([command, target === '-', status]);
        const document = JSON.parse(ran.stdout);
        expect([document.schema, document.error.code]).toEqual(['lora-doctor/error@1', code]);
        expect(document.error.remedy).not.toBe('');
      }
    }
  });

  test('a short log without a fault still is, and an error alone is still told', async () => {
    const sound = 'prepare tokenizer\nsteps: 100%|##########| 100/100 [00:10<00:00,  9.80it/s, avr_loss=0.1]\nmodel saved.\n';
    for (const command of ['train', 'log']) {
      const fine = await runCli([command, '-'], { stdin: sound });
      expect([command, fine.status]).toEqual([command, 0]);
      expect(fine.stdout).toContain('Nothing wrong was found');
      const failed = await runCli([command, '-'], { stdin: 'torch.OutOfMemoryError: CUDA out of memory.\n' });
      expect([command, failed.status]).toEqual([command, 1]);
    }
  });

  test('it is told in Chinese too', async () => {
    const { stderr, status } = await runCli(['log', '-', '--lang', 'zh-CN'], { stdin: '你好\n' });
    expect(status).toBe(3);
    expect(stderr).toContain('没有可诊断的内容');
  });
});
