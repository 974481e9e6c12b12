import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/formats/json';
import { readSettingsText, repeatedKeys } from '../../src/formats/settings-text';

const slipOf = (text: string) => {
  const { slip } = readSettingsText(text);
  return slip && [slip.kind, slip.line, slip.column];
};

describe('a settings file as a person reads it', () => {
  test.each<[string, string, [string, number, number] | null]>([
    ['sound', '{"a": 1, "b": [true, null, -1.5e3, "x\\n\\u00e9"], "c": {}}', null],
    ['what Python writes', '{"a": NaN, "b": -Infinity}', null],
    ['a comment', '{\n  // mine\n  "a": 1}', ['comment', 2, 3]],
    ['a comment of Python', '{"a": 1 # mine\n}', ['comment', 1, 9]],
    ['a comma too many', '{\n"a": 1,\n}', ['comma-too-many', 2, 7]],
    ['one in a list', '{"a": [1, 2,]}', ['comma-too-many', 1, 12]],
    ['a comma too few', '{"a": 1\n"b": 2}', ['comma-missing', 2, 1]],
    ['a colon too few', '{"a" 1}', ['colon-missing', 1, 6]],
    ['single quotes', "{'a': 1}", ['single-quotes', 1, 2]],
    ['quotes of a Chinese keyboard', '{“a”: 1}', ['curly-quotes', 1, 2]],
    ['its comma', '{"a": 1，"b": 2}', ['full-width-sign', 1, 8]],
    ['its colon', '{"a"：1}', ['full-width-sign', 1, 5]],
    ['no closing quote', '{"a": "x,\n"b": 1}', ['quote-missing', 1, 7]],
    ['a Windows path', '{"a": "D:\\sd\\out"}', ['single-backslash', 1, 10]],
    ['words of Python', '{"a": True}', ['python-word', 1, 7]],
    ['a bare text', '{"a": dreams.pt}', ['bare-word', 1, 7]],
    ['a bare key', '{a: 1}', ['bare-word', 1, 2]],
  ])('CF-04 names what was done: %s', (_, text, slip) => {
    expect(slipOf(text)).toEqual(slip);
  });

  test('CF-04 reads what was meant', () => {
    const { entries } = readSettingsText(`{ // mine\n 'sd_vae': “a.pt”,\n "n": {"x": [1, 2]}\n "on": True,\n}`);
    expect(entries.map(({ key, line, value }) => [key, line, value])).toEqual([
      ['sd_vae', 2, 'a.pt'],
      ['n', 3, '{…}'],
      ['on', 4, 'True'],
    ]);
  });

  test('CF-01 takes no value that is not whole', () => {
    const text = '{"a": 1, "b": "two", "c": [3, {"d": 4}], "e": 567}';
    const whole = readSettingsText(text).entries;
    for (let length = 0; length < text.length; length++) {
      const { entries } = readSettingsText(text.slice(0, length));
      expect(entries).toEqual(whole.slice(0, entries.length));
    }
  });

  test('CF-05 gives all values and lines of a key', () => {
    const { entries } = readSettingsText('{"a": 1,\n"b": 2,\n"a": "three"}');
    expect(repeatedKeys(entries)).toEqual([
      [
        { key: 'a', line: 1, value: '1' },
        { key: 'a', line: 3, value: 'three' },
      ],
    ]);
  });

  test('finds no slip in JSON, and all its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { entries, slip } = readSettingsText(text);
        expect(slip).toBeNull();
        expect(entries.map(({ key }) => parseJson(`"${key}"`))).toEqual(Object.keys(value));
      }),
    );
  });

  test('ends with any text', () => {
    const word = fc.constantFrom('{', '}', '[', ']', '"', "'", '\\', ':', ',', '，', '//', '/*', '#', '\n', 'a', '1', '“', ' ');
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 80 }), (parts) => {
        const text = `{${parts.join('')}`;
        expect(readSettingsText(text).entries.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
    expect(readSettingsText(`{"a":${'['.repeat(4_000_000)}`).entries).toEqual([]);
  });
});
