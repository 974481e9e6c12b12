import type { Folklore } from '../diagnosis/folklore';
import type { Language } from '../i18n/language';
import { printJson } from '../report/json';
import { inLanguage } from '../report/words';

const VERDICTS: Readonly<Record<Folklore['verdict'], { readonly en: string; readonly zh: string }>> = {
  refuted: { en: 'not true', zh: '不属实' },
  'partly-true': { en: 'partly true', zh: '部分属实' },
  open: { en: 'nobody knows', zh: '尚无定论' },
};

/** The page of one belief: what is said, what is true, when it does apply, where that comes from. */
export function folkloreText(id: string, page: Folklore, lang: Language): string {
  const say = (text: { en: string; zh: string }): string => inLanguage(text, lang);
  const [said, truth, applies, source] =
    lang === 'en' ? ['said', 'true is', 'applies', 'source'] : ['说法', '事实', '适用于', '来源'];
  const lines = [
    `${id}  ${say(VERDICTS[page.verdict])}`,
    '',
    `  ${said}  ${say(page.claim)}`,
    `  ${truth}  ${say(page.truth)}`,
    `  ${applies}  ${say(page.applies)}`,
    ...page.sources.map((s) => `  ${source}  ${s}`),
  ];
  return `${lines.join('\n')}\n`;
}

export function folkloreJson(id: string, page: Folklore, lang: Language): string {
  return `${printJson({
    schema: 'lora-doctor/explain@1',
    folklore: id,
    verdict: page.verdict,
    claim: inLanguage(page.claim, lang),
    truth: inLanguage(page.truth, lang),
    applies: inLanguage(page.applies, lang),
    references: page.sources,
  })}\n`;
}
