import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSampleFile } from '../../../src/formats/training/sample-files';

const kinds = (name: string, text: string): string[] =>
  readSampleFile(name, text).faults.map(({ kind, line }) => `${line} ${kind}`);

describe('sample prompts as TOML', () => {
  const common = '[prompt]\nwidth = 512\nheight = 768\nsample_steps = 20\n';

  it('are silent when all is read', () => {
    const text = `${common}[[prompt.subset]]\nprompt = "a cat"\nseed = 1\n[[prompt.subset]]\nprompt = "a dog"\nscale = 7.5\n`;
    expect(readSampleFile('a.toml', text)).toEqual({ prompts: 2, faults: [] });
  });

  it.each([
    ['a slip in a name', '[[prompt.subset]]\nprompt = "a"\nsample_step = 20\n', ['7 unknown-switch']],
    ['the name of another program', '[[prompt.subset]]\nprompt = "a"\ncfg = 7\n', ['7 unknown-switch']],
    ['a number in quotes', '[[prompt.subset]]\nprompt = "a"\nseed = "42"\n', ['7 not-a-number']],
    ['a name that stands in both', '[[prompt.subset]]\nprompt = "a"\nwidth = 640\n', ['7 key-twice']],
    ['no subset', '', ['1 empty']],
  ])('%s', (_, more, expected) => {
    expect(kinds('a.toml', common + more)).toEqual(expected);
  });

  it('names a line that is no TOML', () => {
    expect(kinds('a.toml', '[prompt]\nwidth = 512,512\n[[prompt.subset]]\nprompt = "a"\n')).toEqual(['2 not-read']);
  });
});

describe('sample prompts as JSON', () => {
  it('are silent when all is read', () => {
    const list = [{ prompt: 'a', width: 512, height: 512 }, 'a dog --w 512 --h 512 --s 20'];
    expect(readSampleFile('a.json', JSON.stringify(list))).toEqual({ prompts: 2, faults: [] });
  });

  it('tell numbers in quotes, odd sizes, and what is no list', () => {
    expect(kinds('a.json', '[{"prompt":"a"},{"prompt":"b","width":"512","height":500}]')).toEqual([
      '2 not-a-number',
      '2 odd-size',
    ]);
    expect(kinds('a.json', '{"prompt":"a"}')).toEqual(['1 empty']);
    expect(kinds('a.json', '[7]')).toEqual(['1 not-read']);
  });
});

it('another ending stops the trainer', () => {
  expect(kinds('prompts.md', 'a cat')).toEqual(['1 unknown-ending']);
});

it('any text gives an answer', () => {
  fc.assert(
    fc.property(fc.constantFrom('a.toml', 'a.json', 'a.txt'), fc.string(), (name, text) => {
      expect(readSampleFile(name, text).prompts).toBeGreaterThanOrEqual(0);
    }),
  );
});
