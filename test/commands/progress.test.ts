import { expect, test } from 'vitest';
import { ProgressLine } from '../../src/commands/progress';
import { nodePlatform } from '../../src/platform/node';

function line(isTTY: boolean, lang: 'en' | 'zh-CN' = 'en') {
  let clock = 0;
  let text = '';
  const write = (part: string | Uint8Array): void => {
    text += String(part);
  };
  const stderr = { write, isTTY, columns: 100 };
  const progress = new ProgressLine({ stderr, lang, platform: { ...nodePlatform(), now: () => clock } });
  return {
    at(ms: number, done: number) {
      clock = ms;
      progress.show('a\u001b]2;x\u0007.log', done, 10e9);
    },
    end: () => progress.end(),
    text: () => text,
  };
}

test('LG-01 says how far a long read has come, on a terminal, and takes it away again', () => {
  const { at, end, text } = line(true);
  at(100, 1e9);
  expect(text()).toBe('');
  at(1000, 2.5e9);
  expect(text()).toContain('2.5 / 10.0 GB  25 %  3 s left (Ctrl-C stops)');
  expect(text().replaceAll('\u001b[K', '').replaceAll('\r', '')).not.toMatch(/\p{Cc}/u);
  end();
  expect(text().endsWith('\r\u001b[K')).toBe(true);
  const chinese = line(true, 'zh-CN');
  chinese.at(1000, 5e9);
  expect(chinese.text()).toContain('约剩 1 秒');
});

test('LG-01 a pipe sees nothing of it', () => {
  const { at, end, text } = line(false);
  at(1000, 2.5e9);
  end();
  expect(text()).toBe('');
});
