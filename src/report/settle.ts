import type { Bilingual, FactSpec } from '../facts/define';
import type { Language } from '../i18n/language';
import { reasonText } from './sections';
import { inLanguage } from './words';

/** What a user can do to make a fact known, by the check that would find it. */
const STEPS: { readonly [check: string]: Bilingual } = {
  weights: {
    en: 'look at every value: lora-doctor check --depth deep, or lora-doctor inspect FILE --weights',
    zh: '检查全部数值：lora-doctor check --depth deep，或 lora-doctor inspect 文件 --weights',
  },
  logs: {
    en: 'make the picture once more and give what the program prints: lora-doctor log FILE',
    zh: '再出图一次，并提供程序的控制台输出：lora-doctor log 文件',
  },
  live: {
    en: 'let the running program answer: lora-doctor check --live',
    zh: '让正在运行的程序回答：lora-doctor check --live',
  },
  images: {
    en: 'make one picture and give it: lora-doctor image FILE',
    zh: '出一张图并提供：lora-doctor image 文件',
  },
  prompts: {
    en: 'give the prompt or the picture: lora-doctor prompt TEXT, lora-doctor image FILE',
    zh: '提供提示词或图片：lora-doctor prompt 文本，lora-doctor image 文件',
  },
};
const COMPARE: Bilingual = {
  en: 'make the same picture twice with one seed, with the LoRA and without it, then look again',
  zh: '用同一种子各出一张图（使用与不使用该 LoRA），然后再次检查',
};

/** One sentence: what to find out, and how. */
export function settleHow(fact: string, spec: FactSpec | undefined, reason: string, lang: Language): string {
  const title = spec ? inLanguage(spec.title, lang) : fact;
  const step = fact === 'use.effect' ? COMPARE : spec ? STEPS[spec.check] : undefined;
  const how = step ? inLanguage(step, lang) : reasonText(reason, lang);
  return `${title}${lang === 'en' ? ': ' : '：'}${how}`;
}
