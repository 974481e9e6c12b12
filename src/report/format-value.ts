import type { FactSpec, Unit } from '../facts/define';
import type { Json } from '../facts/value';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { CODE_WORDS } from './code-words';
import { VALUE_WORDS } from './value-words';

/** A fact's value for people: sizes in binary units, lists shortened, every outside character harmless. */
export function formatValue(value: Json, spec: Pick<FactSpec, 'unit' | 'words' | 'coded'> | undefined, lang: Language): string {
  if (typeof value === 'boolean') return lang === 'en' ? (value ? 'yes' : 'no') : value ? '是' : '否';
  if (typeof value === 'number') return formatNumber(value, spec?.unit);
  if (typeof value === 'string') {
    if (spec?.coded) return meaning(value, lang, CODE_WORDS[spec.coded]);
    return spec?.words ? meaning(value, lang) : show(value, 200);
  }
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).slice(0, 6).map((v) => formatValue(v, spec, lang));
    const more = value.length - items.length;
    return items.length === 0 ? (lang === 'en' ? 'none' : '无') : `${items.join(', ')}${more > 0 ? ` … (+${more})` : ''}`;
  }
  if (value === null) return '–';
  return show(recordText(value as { readonly [field: string]: Json }, lang), 200);
}

/** A word of a closed list, as people say it. */
function meaning(word: string, lang: Language, list = VALUE_WORDS): string {
  const words = Object.hasOwn(list, word) ? list[word] : undefined;
  return words ? (lang === 'en' ? words.en : words.zh) : show(word, 200);
}

/** A record as a phrase: what was read first, then what is odd about it; a record of another shape field by field. */
function recordText(record: { readonly [field: string]: Json }, lang: Language): string {
  const text = (field: string): string => (typeof record[field] === 'string' ? (record[field] as string) : '');
  const note = text('kind') || text('reason') || text('type');
  const behind = note === '' ? '' : lang === 'en' ? ` (${meaning(note, lang)})` : `（${meaning(note, lang)}）`;
  if (text('text') !== '') return `${text('text')}${behind}`;
  if (text('key') !== '') return `${text('key')}: ${text('value')}${behind}`;
  if (text('name') !== '') return `${text('name')}${behind}`;
  if (text('path') !== '') return `${text('path')}${behind}`;
  return Object.entries(record)
    .map(([field, value]) => `${field}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}

function formatNumber(value: number, unit: Unit | undefined): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'seconds':
      return `${round(value)} s`;
    case 'ms':
      return `${round(value)} ms`;
    case 'pixels':
      return `${value} px`;
    default:
      return String(round(value));
  }
}

/** A size in binary units. */
export function formatBytes(bytes: number): string {
  for (const [name, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (Math.abs(bytes) >= size) return `${(bytes / size).toFixed(1)} ${name}`;
  }
  return `${bytes} B`;
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
