import { describe, expect, it } from 'vitest';
import { detectLanguage, parseLanguage } from '../../src/i18n/detect';

const env = (values: Record<string, string>) => ({ env: values });

describe('detectLanguage', () => {
  it.each([
    [{ env: {} }, 'en'],
    [env({ LANG: 'zh_CN.UTF-8' }), 'zh-CN'],
    [env({ LANG: 'zh_TW.UTF-8' }), 'zh-CN'],
    [env({ LANG: 'de_DE.UTF-8' }), 'en'],
    [env({ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' }), 'zh-CN'],
    [env({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }), 'en'],
    [env({ LANG: 'en_US.UTF-8', LANGUAGE: 'zh_CN:en' }), 'zh-CN'],
    [env({ LANG: 'C.UTF-8', LANGUAGE: 'zh_CN:en' }), 'en'],
    [env({ LANG: 'de_DE.UTF-8', LANGUAGE: 'de:fr:zh' }), 'zh-CN'],
    [env({ LORA_DOCTOR_LANG: 'zh', LC_ALL: 'en_US' }), 'zh-CN'],
    [{ flag: 'en', env: { LANG: 'zh_CN.UTF-8' } }, 'en'],
    [{ env: {}, systemLocale: 'zh-Hans-CN' }, 'zh-CN'],
    [{ env: { LANG: 'en_US' }, systemLocale: 'zh-CN' }, 'en'],
  ] as const)('%j is %s', (hints, language) => {
    expect(detectLanguage(hints)).toBe(language);
  });

  it('knows the words that --lang takes', () => {
    expect(parseLanguage('zh-CN')).toBe('zh-CN');
    expect(parseLanguage('EN')).toBe('en');
    expect(parseLanguage('fr')).toBeNull();
    expect(parseLanguage('zhang')).toBeNull();
  });
});
