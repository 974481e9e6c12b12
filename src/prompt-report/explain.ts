import type { Bilingual } from '../facts/define';
import type { FactStore } from '../facts/snapshot';
import type { Subject } from '../facts/subject';
import type { Outcome } from '../formats/prompt/outcome';
import type { ResolutionKind } from '../formats/prompt/resolve';
import type { TagProblem } from '../formats/prompt/tag';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { OUTCOME_WORDS, PROBLEM_WORDS, RESOLUTION_WORDS } from './words';

/** One thing that the prompt asks for, and what becomes of it. Harmless text. */
export interface PromptLine {
  readonly sign: 'good' | 'bad' | 'open';
  readonly what: string;
  readonly text: string;
}

export interface ExplainOptions {
  readonly lang: Language;
  /** Shortens a path for people. */
  readonly shorten: (path: string) => string;
}

const LISTED = 100;

/** What one prompt loads, tag by tag, then what only looks like a tag. Empty when it asks for no LoRA. */
export function explainPrompt(facts: FactStore, prompt: Subject, options: ExplainOptions): PromptLine[] {
  const uses = facts.subjects('use').filter((u) => u.links?.prompt === prompt.id);
  const problems =
    facts.value<readonly (TagProblem & { [key: string]: string | number })[]>(prompt.id, 'prompt.tagProblems') ?? [];
  return [
    ...uses.slice(0, LISTED).map((use) => useLine(facts, use, options)),
    ...problems.slice(0, LISTED).map(
      (p): PromptLine => ({
        sign: p.kind === 'repeated' ? 'open' : 'bad',
        what: show(p.text, 120),
        text: say(PROBLEM_WORDS[p.kind], options.lang),
      }),
    ),
  ];
}

const say = (text: Bilingual, lang: Language): string => (lang === 'en' ? text.en : text.zh);

function useLine(facts: FactStore, use: Subject, options: ExplainOptions): PromptLine {
  const { lang } = options;
  const outcome = facts.value<Outcome>(use.id, 'use.outcome') ?? 'loads-if-present';
  const parts = [outcomeText(facts, use, outcome, options)];
  if (outcome === 'loads' || outcome === 'loads-if-present')
    parts.push(strengthText(facts, use, lang), ...fitTexts(facts, use, lang));
  const sign = outcome === 'loads' ? 'good' : outcome === 'loads-if-present' || outcome === 'inactive' ? 'open' : 'bad';
  const joined = parts.filter((p) => p !== '').join(lang === 'en' ? '; ' : '；');
  return { sign, what: show(facts.value<string>(use.id, 'use.name') ?? use.label, 120), text: joined };
}

function outcomeText(facts: FactStore, use: Subject, outcome: Outcome, { lang, shorten }: ExplainOptions): string {
  const kind = facts.value<ResolutionKind>(use.id, 'use.resolution');
  const path = facts.value<string>(use.id, 'use.foundPath');
  const nearest = facts.value<string>(use.id, 'use.nearest');
  const never = lang === 'en' ? 'no file can have this name' : '文件不可能叫这个名称';
  const why = kind === undefined ? never : say(RESOLUTION_WORDS[kind], lang);
  const head = say(OUTCOME_WORDS[outcome], lang);
  const place = path === undefined ? '' : show(shorten(path), 300);
  if (outcome === 'loads')
    return (
      [`${head} ${place}`.trim(), why].filter((p) => p !== '').join(lang === 'en' ? ' (' : '（') +
      (why === '' ? '' : lang === 'en' ? ')' : '）')
    );
  if (outcome !== 'missing') return head;
  const near =
    nearest === undefined
      ? ''
      : lang === 'en'
        ? `; the right name is ${show(nearest, 120)}`
        : `；正确的名称是 ${show(nearest, 120)}`;
  const lies = nearest === undefined && place !== '' ? (lang === 'en' ? `: ${place}` : `：${place}`) : '';
  return `${head}${lang === 'en' ? ': ' : '：'}${why}${near}${lies}`;
}

function strengthText(facts: FactStore, use: Subject, lang: Language): string {
  const unet = facts.value<number>(use.id, 'use.strength');
  const te = facts.get(use.id, 'use.strengthTe');
  if (unet === undefined) return lang === 'en' ? 'strength unknown' : '强度未知';
  const number = (value: number): string => String(Math.round(value * 10_000) / 10_000);
  const encoder = te.state === 'known' && typeof te.value === 'number' ? number(te.value) : null;
  const none = lang === 'en' ? 'text encoder untouched' : '不作用于文本编码器';
  const words = encoder === null ? none : lang === 'en' ? `text encoder ${encoder}` : `文本编码器 ${encoder}`;
  return `U-Net ${number(unet)}${lang === 'en' ? ', ' : '，'}${words}`;
}

function fitTexts(facts: FactStore, use: Subject, lang: Language): string[] {
  const out: string[] = [];
  const lora = facts.value<string>(use.id, 'use.loraFamily');
  const base = facts.value<string>(use.id, 'use.checkpointFamily');
  if (facts.value<boolean>(use.id, 'use.familyMatches') === false && lora !== undefined && base !== undefined) {
    out.push(lang === 'en' ? `but it is for ${lora}, the checkpoint is ${base}` : `但它适用于 ${lora}，而底模为 ${base}`);
  }
  const triggers = facts.value<readonly string[]>(use.id, 'use.triggerWords') ?? [];
  if (facts.value<boolean>(use.id, 'use.triggerPresent') === false && triggers.length > 0) {
    const words = triggers
      .slice(0, 3)
      .map((t) => show(t, 60))
      .join(', ');
    out.push(lang === 'en' ? `none of its trigger words is in the prompt (${words})` : `提示词中没有其触发词（${words}）`);
  }
  return out;
}
