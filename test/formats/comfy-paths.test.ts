import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readComfyPaths } from '../../src/formats/comfy-paths';

const kinds = (text: string) => readComfyPaths(text).problems.map((problem) => problem.kind);

describe('readComfyPaths', () => {
  it('reads sections, blocks and old names', () => {
    const text =
      'a111:\n    base_path: D:/sd\n    is_default: "false"\n    checkpoints: models/Stable-diffusion\n    loras: |\n         models/Lora\n         models/LyCORIS\n    clip: te\nempty:\n';
    const { entries, problems, fatal } = readComfyPaths(text);
    expect(fatal).toBe(false);
    expect(problems).toEqual([]);
    expect(entries.map((entry) => [entry.type, entry.value, entry.line])).toEqual([
      ['checkpoints', 'models/Stable-diffusion', 4],
      ['loras', 'models/Lora', 6],
      ['loras', 'models/LyCORIS', 7],
      ['text_encoders', 'te', 8],
    ]);
    // Any non-empty text is true for Python.
    expect(entries.every((entry) => entry.isDefault && entry.base === 'D:/sd')).toBe(true);
  });

  it.each([
    ['a:\n    loras:\n        - x\n        - y\n', 'list-value', true],
    ['a:\n    loras:\n', 'null-value', true],
    ['a:\n    base_path:\n    loras: x\n', 'null-value', true],
    ['a:\n\tloras: x\n', 'tab', true],
    ['a:\n    loras: "D:\\models\\Lora"\n', 'syntax', true],
    ['a:\n  loras: x\n vae: y\n', 'syntax', true],
    ['', 'empty-file', true],
    ['# nothing\n', 'empty-file', true],
    ['- a\n- b\n', 'syntax', true],
    ['a: text\n', 'syntax', true],
    ['a:\n    Loras: x\n', 'unknown-key', false],
  ])('%j is %s', (text, kind, fatal) => {
    const read = readComfyPaths(text);
    expect(read.problems[0]?.kind).toBe(kind);
    expect(read.fatal).toBe(fatal);
  });

  it('says which key was meant', () => {
    const near = (key: string) => readComfyPaths(`a:\n    ${key}: x\n`).problems[0];
    expect(near('lora')).toMatchObject({ kind: 'unknown-key', near: 'loras', line: 2, key: 'lora', value: 'x' });
    expect(near('LoRA')).toMatchObject({ near: 'loras' });
    expect(near('checkpoint')).toMatchObject({ near: 'checkpoints' });
    expect(near('controlnets')).toMatchObject({ near: 'controlnet' });
    expect(near('my_own_type')).toMatchObject({ near: '' });
    expect(near('ipadapter')).toBeUndefined();
  });

  it('CF-20 keeps the last of equal keys, as Python does', () => {
    expect(readComfyPaths('a:\n  loras: x\n  loras: y\n').entries.map((entry) => entry.value)).toEqual(['y']);
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'a:',
            '\n',
            '  ',
            'loras:',
            '|',
            '- ',
            '"',
            '&x',
            '*x',
            '<<: ',
            '\t',
            '{',
            '}',
            '!!python/object:x',
            'y',
            '\u0000',
          ),
          { maxLength: 30 },
        ),
        (parts) => {
          expect(Array.isArray(kinds(parts.join('')))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
