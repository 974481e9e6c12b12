import { factAt, type Scope, subjectAt } from '../diagnosis/resolve';
import { fill, placeholders } from '../diagnosis/template';
import type { Bilingual, FactSpec } from '../facts/define';
import type { SignalHit } from '../facts/signal';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { formatValue } from './format-value';

export interface Wording {
  readonly lang: Language;
  readonly registry: ReadonlyMap<string, FactSpec>;
}

/** The text in the wanted language. */
export function inLanguage(text: Bilingual, lang: Language): string {
  return lang === 'en' ? text.en : text.zh;
}

/** Fills `{fact.id}` and `{hit.part}` as seen from a finding's scope. An unknown fact reads as “?”; a sentence ends once. */
export function phrase(template: string, scope: Scope, hit: SignalHit | undefined, wording: Wording): string {
  if (placeholders(template).length === 0) return template;
  const filled = fill(template, (name) => {
    if (name.startsWith('hit.')) return hitPart(name.slice(4), scope, hit);
    const { fact } = factAt(scope, name);
    return fact.state === 'known' ? formatValue(fact.value, wording.registry.get(name), wording.lang) : '?';
  });
  return filled.replace(/(\.{3,}|(?<![./\\])[.…!?。！？])[.。](?=\s|$)/g, '$1');
}

function hitPart(part: string, scope: Scope, hit: SignalHit | undefined): string {
  if (!hit) return '?';
  switch (part) {
    case 'line':
      return String(hit.firstLine);
    case 'count':
      return String(hit.count);
    case 'total':
      return String(hit.total);
    case 'text':
      return show(hit.text, 200);
    case 'path':
      return show(subjectAt(scope, 'log')?.path ?? '?');
    default:
      return show(hit.captures[part] ?? '?', 200);
  }
}

/** Title of a fact, or its id when the registry has none (a newer ticket). */
export function factTitle(factId: string, wording: Wording): string {
  const spec = wording.registry.get(factId);
  return spec ? inLanguage(spec.title, wording.lang) : factId;
}
