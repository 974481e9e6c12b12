import type { Bilingual } from '../facts/define';
import type { Language } from '../i18n/language';
import { clean } from '../report/lines';
import { inLanguage } from '../report/words';
import type { Estimate, Fits } from '../vram/answer';
import { GIB } from '../vram/bytes';
import { cardLabel } from '../vram/cards';
import { generationOf, type PresetQuery } from './query';
import type { Limit, Setting, Speed, Task } from './schema';
import { type TimeAnswer, type TimeClass, TRAINING_STEPS } from './time';

export const say = (lang: Language, en: string, zh: string): string => (lang === 'en' ? en : zh);

/** Parts as a list goes in the language. */
export const listOf = (parts: readonly string[], lang: Language): string => parts.join(lang === 'zh-CN' ? '；' : '; ');

const gib = (bytes: number): string => (bytes / GIB).toFixed(1);
const round = (value: number): string => String(Math.round(value * 10) / 10);

export const TASK_WORDS: { readonly [task in Task]: Bilingual } = {
  generate: { en: 'making pictures', zh: '出图' },
  train: { en: 'LoRA training', zh: 'LoRA 训练' },
};

export const FAMILY_NAMES: Readonly<Record<string, string>> = {
  sd15: 'SD1.5',
  sdxl: 'SDXL',
  flux: 'Flux',
  'qwen-image': 'Qwen-Image',
  'hunyuan-image-2.1': 'HunyuanImage-2.1',
  'z-image': 'Z-Image',
};

const FITS: { readonly [fits in Fits]: Bilingual } = {
  yes: { en: 'fits', zh: '放得下' },
  tight: { en: 'tight', zh: '勉强' },
  no: { en: 'does not fit', zh: '放不下' },
  unknown: { en: 'no card named', zh: '未指定显卡' },
};

export const LIMIT_WORDS: { readonly [kind in Limit['kind']]: Bilingual } = {
  impossible: { en: 'not possible', zh: '不可行' },
  unsafe: { en: 'not certain', zh: '没有把握' },
  elsewhere: { en: 'elsewhere', zh: '其他程序' },
};

/** `3.1 GiB, nine times in ten 2.6 to 3.7, of 6: fits`. A program that fills free memory on purpose: what it works with. */
export function peakWords({ peak, low, high, need, fits }: Estimate, query: PresetQuery, lang: Language): string {
  const verdict = inLanguage(FITS[fits], lang);
  const card = round(query.vramGib);
  return need < peak * 0.98
    ? say(
        lang,
        `needs ${gib(need)} GiB of ${card}, fills what is free: ${verdict}`,
        `至少 ${gib(need)} GiB（共 ${card}），会占满空闲显存：${verdict}`,
      )
    : say(
        lang,
        `${gib(peak)} GiB of ${card} (nine times in ten ${gib(low)} to ${gib(high)}): ${verdict}`,
        `${gib(peak)} GiB（共 ${card}；十次有九次在 ${gib(low)} 到 ${gib(high)}）：${verdict}`,
      );
}

/** `3.1 GiB, fits`: for a column. */
export const shortPeak = ({ need, fits }: Estimate, lang: Language): string => `${gib(need)} GiB ${inLanguage(FITS[fits], lang)}`;

const CLASS_WORDS: { readonly [name in TimeClass]: Bilingual } = {
  seconds: { en: 'seconds', zh: '数秒' },
  minute: { en: 'under a minute', zh: '一分钟内' },
  minutes: { en: 'some minutes', zh: '几分钟' },
  slow: { en: 'very slow', zh: '非常慢' },
  hour: { en: 'under an hour', zh: '一小时内' },
  hours: { en: 'some hours', zh: '几小时' },
  night: { en: 'a night', zh: '一夜' },
  days: { en: 'days', zh: '数天' },
};

/** The time class, the time and what it is read from. */
export function timeWords(
  { classes, seconds, ground, rows }: TimeAnswer,
  query: PresetQuery,
  task: Task,
  lang: Language,
): string {
  const named = listOf(
    rows.map((row) => rowWords(row, lang)),
    lang,
  );
  if (query.gpu === null) return say(lang, 'name the card with --gpu to see it', '用 --gpu 写明显卡即可显示');
  if (ground === 'none') return say(lang, 'no time is published', '没有公布过时间');
  if (classes === null || seconds === null) {
    const times = rows.map((row) => total(row, task)).sort((x, y) => x - y);
    const time = span([times[0] ?? 0, times.at(-1) ?? 0], lang);
    return say(
      lang,
      `none is published for such a card; elsewhere ${time} (${named})`,
      `没有针对此类显卡的数据；其他显卡为 ${time}（${named}）`,
    );
  }
  const [from, to] = classes.map((name) => inLanguage(CLASS_WORDS[name], lang));
  const words = from === to ? String(from) : say(lang, `${from} to ${to}`, `${from}到${to}`);
  const what =
    task === 'train' ? say(lang, `for ${TRAINING_STEPS} steps`, `（${TRAINING_STEPS} 步）`) : say(lang, 'a picture', '一张');
  const like = ground === 'card' ? '' : say(lang, 'cards of this series: ', '同系列显卡：');
  return say(
    lang,
    `${words}: ${span(seconds, lang)} ${what} (${like}${named})`,
    `${words}：${span(seconds, lang)}${what}（${like}${named}）`,
  );
}

const total = (row: Speed, task: Task): number => row.seconds * (task === 'train' ? TRAINING_STEPS : 1);

const rowWords = (row: Speed, lang: Language): string =>
  `${row.gpu}${/\d ?GB/.test(row.gpu) ? '' : ` ${row.gib} GB`}${say(lang, ', ', '，')}${inLanguage(row.what, lang)}`;

/** Seconds up to two minutes, then minutes, then hours. */
function span([from, to]: readonly [number, number], lang: Language): string {
  const [divisor, en, zh] = to < 120 ? [1, 's', '秒'] : to < 7200 ? [60, 'min', '分钟'] : [3600, 'h', '小时'];
  const number = (seconds: number): string => {
    const value = seconds / divisor;
    return value < 3 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
  };
  const [a, b] = [number(from), number(to)];
  return a === b ? `${a} ${say(lang, en, zh)}` : say(lang, `${a} to ${b} ${en}`, `${a} 至 ${b} ${zh}`);
}

/** What is to say beside a setting: for which cards, when, why; and that it is our own choice. */
export function remark(setting: Setting, query: PresetQuery, lang: Language): string {
  const cards = setting.cards !== undefined && generationOf(query) === null ? [setting.cards.map(cardLabel).join(', ')] : [];
  const parts = [
    ...cards,
    ...(setting.when ? [say(lang, `only if: ${setting.when.en}`, setting.when.zh)] : []),
    ...(setting.note ? [inLanguage(setting.note, lang)] : []),
    ...(setting.own ? [say(lang, 'our choice', '由我们选定')] : []),
  ];
  return parts.length === 0 ? '' : say(lang, `  (${listOf(parts, lang)})`, `  （${listOf(parts, lang)}）`);
}

/** `RTX 2060, 6 GB`, or the size alone. */
export const cardWords = (query: PresetQuery, lang: Language): string =>
  query.gpu === null
    ? say(lang, `a card of ${round(query.vramGib)} GB`, `${round(query.vramGib)} GB 显卡`)
    : `${clean(query.gpu, 60)}${say(lang, ', ', '，')}${round(query.vramGib)} GB`;

/** The options that ask for the same card again; the name as it can stand between quotes in any shell. */
export function cardOptions(query: PresetQuery): string {
  const name = query.gpu === null ? '' : clean(query.gpu, 60).replace(/[^\p{L}\p{N} ._-]/gu, '');
  return `${name === '' ? '' : `--gpu "${name}" `}--vram ${round(query.vramGib)}`;
}

/** Rates as people write them: 1e-4, not 0.0001. */
export const valueWords = (value: Setting['value']): string =>
  Array.isArray(value)
    ? value.join(' ')
    : typeof value === 'number' && value > 0 && value < 0.001
      ? value.toExponential()
      : String(value);

/** `--medvram`, `network_dim = 16`. */
export const shown = ({ name, kind, value }: Setting): string =>
  value === undefined ? name : kind === 'flag' ? `${name}=${valueWords(value)}` : `${name} = ${valueWords(value)}`;
