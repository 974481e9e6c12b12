import type { Language } from './language';

export interface LanguageHints {
  /** What `--lang` said, when given. */
  readonly flag?: string | undefined;
  readonly env: { readonly [name: string]: string | undefined };
  /** The system's locale (`Intl.DateTimeFormat().resolvedOptions().locale`): Windows sets no LANG. */
  readonly systemLocale?: string | undefined;
}

/** `en`, `en-US`, `zh`, `zh-CN`, `zh_TW.UTF-8` … → a language we speak, else null. */
export function parseLanguage(word: string): Language | null {
  const head = word
    .trim()
    .toLowerCase()
    .split(/[-_.@]/, 1)[0];
  if (head === 'zh' || head === 'chinese') return 'zh-CN';
  return head === 'en' || head === 'english' ? 'en' : null;
}

/**
 * The language to speak: `--lang`, then `LORA_DOCTOR_LANG`, then the locale as gettext reads it (LANGUAGE counts only when
 * the locale is not C, and lists several), then the system's locale, then English.
 */
export function detectLanguage(hints: LanguageHints): Language {
  const { env } = hints;
  for (const word of [hints.flag, env.LORA_DOCTOR_LANG]) {
    const language = word ? parseLanguage(word) : null;
    if (language) return language;
  }
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG;
  if (locale && /^(C|POSIX)($|\.)/.test(locale)) return 'en';
  for (const word of (env.LANGUAGE ?? '').split(':')) {
    const language = parseLanguage(word);
    if (language) return language;
  }
  return parseLanguage(locale || hints.systemLocale || '') ?? 'en';
}
