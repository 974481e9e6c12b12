import { describe, expect, it } from 'vitest';
import { OPTIMIZER_FAULTS, OPTION_CONFLICTS } from '../../src/facts/registry/training';
import { ACCELERATE_FAULTS, INSTALL_FAULTS, SAMPLE_FAULTS } from '../../src/formats/training/vocabulary';
import { formatValue } from '../../src/report/format-value';
import { VALUE_WORDS } from '../../src/report/value-words';

const en = (value: unknown, unit?: 'bytes' | 'seconds') => formatValue(value as never, unit ? { unit } : undefined, 'en');

describe('formatValue', () => {
  it('gives sizes in binary units, numbers without noise, yes and no in the language', () => {
    expect(en(6 * 2 ** 30, 'bytes')).toBe('6.0 GiB');
    expect(en(0.123456)).toBe('0.123');
    expect(en(true)).toBe('yes');
    expect(formatValue(true, undefined, 'zh-CN')).toBe('是');
    expect(en([])).toBe('none');
    expect(en([1, 2, 3, 4, 5, 6, 7, 8])).toBe('1, 2, 3, 4, 5, 6 … (+2)');
  });

  it('puts records into phrases', () => {
    expect(en([{ kind: 'decimal-comma', text: '<lora:a:0,8>', at: 4 }])).toBe('<lora:a:0,8> (comma instead of a point)');
    expect(en([{ kind: 'unknown-key', path: '/e.yaml', line: 3, key: 'lora', value: 'x', near: 'loras' }])).toBe(
      'lora: x (unknown key)',
    );
    expect(en([{ path: '/m', reason: 'doubled-folder', files: 3 }])).toBe('/m (beside the inner of two nested folders)');
    expect(en({ a: 1, b: [2] })).toBe('a=1 b=[2]');
  });

  it('says the words of closed lists in the language, and leaves free text alone', () => {
    expect(formatValue('case-differs', { words: ['case-differs'] }, 'zh-CN')).toBe('仅大小写不同');
    expect(formatValue(['in-negative-prompt'], { words: ['in-negative-prompt'] }, 'en')).toBe('in the negative prompt');
    expect(en('missing')).toBe('missing');
    expect(formatValue('sdxl', { words: ['sdxl'] }, 'en')).toBe('sdxl');
  });

  it('says what a code of a list means, and shows another word as it is', () => {
    const spec = { coded: 'container-fault' } as const;
    expect(formatValue('metadata-incomplete-buffer', spec, 'en')).toBe('the file has another length than its header says');
    expect(formatValue('metadata-incomplete-buffer', spec, 'zh-CN')).toMatch(/\p{Script=Han}/u);
    expect(formatValue('new-code', spec, 'en')).toBe('new-code');
    expect(formatValue('constructor', spec, 'en')).toBe('constructor');
    expect(formatValue('unknown', { words: ['unknown'] }, 'en')).toBe('unknown');
  });

  it('has words in both languages for every fault of a training', () => {
    for (const word of [...OPTION_CONFLICTS, ...OPTIMIZER_FAULTS, ...INSTALL_FAULTS, ...ACCELERATE_FAULTS, ...SAMPLE_FAULTS]) {
      expect([word, Object.hasOwn(VALUE_WORDS, word)]).toEqual([word, true]);
    }
  });

  it('makes outside text harmless', () => {
    expect(en('\u001b[31m')).toBe('␛[31m');
    expect(en([{ text: '\u202e', kind: 'x' }])).not.toContain('\u202e');
  });
});
