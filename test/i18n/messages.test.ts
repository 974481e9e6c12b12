import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/i18n/language';
import { messageKeys, placeholders, t } from '../../src/i18n/messages';

describe('message catalogue', () => {
  it.each(messageKeys)('%s has the same placeholders in every language', (key) => {
    const wanted = placeholders('en', key);
    for (const language of LANGUAGES) expect(placeholders(language, key), language).toEqual(wanted);
  });

  it.each(messageKeys)('%s is filled in Chinese and has no brace left over', (key) => {
    for (const language of LANGUAGES) {
      const args = Object.fromEntries(placeholders('en', key).map((name) => [name, 2]));
      const text = (t as (l: string, k: string, a: object) => string)(language, key, args);
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/[{}]/);
    }
  });

  it('picks singular and plural', () => {
    expect(t('en', 'ui.undecided', { n: 1 })).toBe('1 rule could not decide: press i');
    expect(t('en', 'ui.undecided', { n: 0 })).toBe('0 rules could not decide: press i');
    expect(t('zh-CN', 'ui.undecided', { n: 1 })).toBe('1 条规则无法判断：按 i 查看');
  });

  it('does not read an argument as a pattern', () => {
    expect(t('en', 'ui.failed', { message: '{n?a:b} $& $1' })).toBe('The scan failed: {n?a:b} $& $1');
  });
});
