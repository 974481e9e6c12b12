import fc from 'fast-check';
import { expect, it } from 'vitest';
import { folded, nextWide } from '../../../src/formats/log/full-width';
import { createLogReader } from '../../../src/formats/log/reader';
import { signatures } from './load-signatures';

const signalsOf = (text: string): string[] => {
  const reader = createLogReader({ signatures });
  reader.feed(new TextEncoder().encode(text));
  reader.end();
  return reader.sessions().flatMap(({ signals }) => signals.map(({ signal }) => signal));
};

it.each([
  ['KeyError： ‘time_embed.0.weight’', "KeyError: 'time_embed.0.weight'"],
  ['ＣＵＤＡ　ｏｕｔ　ｏｆ　ｍｅｍｏｒｙ', 'CUDA out of memory'],
  ['OSError：[WinError 1455] 页面文件太小', 'OSError: [WinError 1455] 页面文件太小'],
  ['文件 D：\\模型（1）', '文件 D:\\模型(1)'],
  ['shape（77×768）', 'shape(77×768)'],
])('%s', (wide, plain) => {
  expect(folded(wide)).toBe(plain);
});

it('leaves the dash in front of an option alone, and all that is not wide', () => {
  expect(folded('－－learning_rate')).toBe('－－learning_rate');
  const text = 'num train images * repeats / 学習画像の数、繰り返し。';
  expect(folded(text)).toBe(text);
});

it('finds each character that it changes', () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '：', '“', '█', 'é', '　', '\u00a0', '【', '学', '\n') }), (text) => {
      const bytes = encoder.encode(text);
      if (folded(text) !== text) expect(nextWide(bytes, 0, bytes.length)).toBeLessThan(bytes.length);
    }),
  );
});

it.each([
  ['RuntimeError：CUDA out of memory．Tried to allocate 20．00 MiB', 'cuda-out-of-memory'],
  ['ModuleNotFoundError： No module named ‘lycoris’', 'module-not-found'],
  ['出图报错：ＣＵＤＡ　ｏｕｔ　ｏｆ　ｍｅｍｏｒｙ．　Tried to allocate 2 GiB', 'cuda-out-of-memory'],
])('%s is read as it was printed', (line, signal) => {
  expect(signalsOf(line)).toContain(signal);
});

it('looks for wide characters alone only in what is short enough to have been pasted', () => {
  const line = 'ＣＵＤＡ ｏｕｔ ｏｆ ｍｅｍｏｒｙ． Tried to allocate 2 GiB\n';
  expect(signalsOf(`${'x\n'.repeat(1000)}${line}`)).toContain('cuda-out-of-memory');
  expect(signalsOf(`${'x\n'.repeat(3000)}${line}`)).not.toContain('cuda-out-of-memory');
});
