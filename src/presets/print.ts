import type { Language } from '../i18n/language';
import { printJson } from '../report/json';
import { inLanguage } from '../report/words';
import { cardLabel } from '../vram/cards';
import type { FittingPreset, PresetAnswer } from './find';
import { vramCall } from './peak';
import { generationOf, type PresetQuery } from './query';
import type { Book, Preset } from './schema';
import { type Page, Sheet } from './sheet';
import { timeOf } from './time';
import { FAMILY_NAMES, LIMIT_WORDS, peakWords, remark, say, shown, TASK_WORDS, timeWords } from './words';
import { COMMENTS, nothingToSet, sourceWords, writeArguments, writeCommand, writeToml, writeUi } from './write';

export const FORMATS = ['text', 'toml', 'shell', 'cmd', 'powershell', 'json', 'args', 'ui'] as const;
export type Format = (typeof FORMATS)[number];

/** The answer in a format. Conditional settings are comments (text: with their condition), never part of a command. */
export function printPresets(book: Book, answer: PresetAnswer, query: PresetQuery, format: Format, page: Page): string {
  const { lang } = page;
  if (format === 'json') return `${printJson(documentOf(book, answer, query))}\n`;
  if (format === 'text') return textOf(book, answer, query, page);
  if (answer.fitting.length === 0) {
    const mark = format === 'ui' ? '' : format === 'args' ? '# ' : COMMENTS[format];
    return [...nothing(answer, query, lang), ...limitLines(answer, lang)].map((line) => `${mark}${line}\n`).join('');
  }
  return answer.fitting.map((fitting) => printOne(book, fitting, query, format, lang)).join('\n');
}

function printOne(
  book: Book,
  fitting: FittingPreset,
  query: PresetQuery,
  format: Exclude<Format, 'json' | 'text'>,
  lang: Language,
): string {
  const intro = [head(fitting, query, lang), ...estimateLines(book, fitting, query, lang), asOf(fitting.preset, lang)];
  const ui = fitting.estimates[0]?.ui;
  const program = book.programs.find((one) => one.ui.some((name) => name === ui));
  switch (format) {
    case 'toml':
      return writeToml(intro, fitting, query, lang);
    case 'ui':
      return writeUi(intro, fitting, query, program, lang);
    case 'args':
      return writeArguments(fitting, query);
    default:
      return writeCommand(format, intro, fitting, query, program, lang);
  }
}

/** `preset --format json`: everything as data, with our estimate and the published times. */
export function documentOf(book: Book, answer: PresetAnswer, query: PresetQuery): object {
  const { fitting, limits, tooLarge, nearest } = answer;
  const presets = fitting.map(({ preset, settings, estimates }) => ({
    ...preset,
    settings,
    predicted: estimates.map(({ ui, family, row, estimate: { peak, low, high, need, fits } }) => {
      const { classes, seconds, ground, rows } = timeOf(book.speeds, query, preset.task, family);
      return { ui, family, peak, low, high, need, fits, vram: vramCall(row), time: { classes, seconds, ground, rows } };
    }),
  }));
  const above = tooLarge.map(({ preset, ui, family, estimate: { need } }) => ({ preset, ui, family, need }));
  const asked = { ...query, generation: generationOf(query) };
  return { schema: 'lora-doctor/preset@1', query: asked, presets, limits, tooLarge: above, nearest: nearest?.id ?? null };
}

function nothing({ nearest }: PresetAnswer, query: PresetQuery, lang: Language): string[] {
  const card = generationOf(query);
  const words = [query.task ?? '', query.family ?? '', query.ui ?? '', `${query.vramGib} GB`, card ? cardLabel(card) : ''];
  const asked = words.filter((word) => word !== '').join(', ');
  const near = nearest ? `${nearest.id} (${callFor(nearest)})` : '';
  return [
    say(lang, `Nothing is published for this: ${asked}.`, `没有针对这种情况的公开参数：${asked}。`),
    nearest
      ? say(lang, `The nearest that is published: ${near}.`, `最接近的公开参数：${near}。`)
      : say(lang, 'Nothing near it is published either.', '相近的情况也没有公开参数。'),
  ];
}

function limitLines({ limits }: PresetAnswer, lang: Language): string[] {
  return limits.flatMap((limit) => [
    `${inLanguage(LIMIT_WORDS[limit.kind], lang)}${say(lang, ': ', '：')}${inLanguage(limit, lang)}`,
    ...limit.sources.map((url) => `  ${sourceWords(url, lang)}`),
  ]);
}

/** The command that shows a preset. */
function callFor({ task, families, ui, vram }: Preset): string {
  return `lora-doctor preset --for ${task} --family ${families[0] ?? ''} --ui ${ui[0] ?? ''} --vram ${Math.ceil(vram.from)}`;
}

function head({ preset, estimates }: FittingPreset, query: PresetQuery, lang: Language): string {
  const card = generationOf(query);
  const unique = (list: readonly string[]): string => [...new Set(list)].join('/');
  const families = unique(estimates.map(({ family }) => FAMILY_NAMES[family] ?? family));
  const words = [
    inLanguage(TASK_WORDS[preset.task], lang),
    families,
    `${query.vramGib} GB`,
    ...(card === null ? [] : [cardLabel(card)]),
  ];
  return `${unique(estimates.map(({ ui }) => ui))}${say(lang, ': ', '：')}${words.join(say(lang, ', ', '，'))} [${preset.id}]`;
}

const asOf = ({ collected }: Preset, lang: Language): string =>
  say(lang, `Published settings, collected ${collected}.`, `公开的参数，收集于 ${collected}。`);

/** Peak and time; one line of each where the programs or families agree. */
function estimateLines(book: Book, { preset, estimates }: FittingPreset, query: PresetQuery, lang: Language): string[] {
  const grouped = (label: string, words: (one: (typeof estimates)[number]) => string): string[] => {
    const groups = new Map<string, string[]>();
    for (const one of estimates) groups.set(words(one), [...(groups.get(words(one)) ?? []), `${one.ui} ${one.family}`]);
    const colon = say(lang, ': ', '：');
    return [...groups].map(([line, names]) =>
      groups.size === 1 ? `${label}${colon}${line}` : `${label} (${names.join(', ')})${colon}${line}`,
    );
  };
  return [
    ...grouped(say(lang, 'predicted peak', '预测峰值'), ({ estimate }) => peakWords(estimate, query, lang)),
    ...grouped(say(lang, 'time', '耗时'), ({ family }) =>
      timeWords(timeOf(book.speeds, query, preset.task, family), query, preset.task, lang),
    ),
  ];
}

function textOf(book: Book, answer: PresetAnswer, query: PresetQuery, page: Page): string {
  const { lang } = page;
  const sheet = new Sheet(page);
  let collected = '';
  for (const fitting of answer.fitting) {
    const { preset, settings } = fitting;
    if (preset.collected > collected) collected = preset.collected;
    sheet.title(head(fitting, query, lang));
    for (const line of estimateLines(book, fitting, query, lang)) sheet.text(line);
    if (settings.length === 0) sheet.text(nothingToSet(lang));
    for (const setting of settings)
      sheet.hanging('  ', `${shown(setting)}${remark(setting, query, lang)}${sheet.marks(setting.sources)}`, 4);
    for (const note of preset.notes) sheet.hanging('  - ', `${inLanguage(note, lang)}${sheet.marks(note.sources)}`);
  }
  if (answer.fitting.length === 0) for (const line of nothing(answer, query, lang)) sheet.text(line, 0);
  printLimits(sheet, answer, query);
  return sheet.end(collected === '' ? lastRead(book) : collected);
}

/** What is not possible, and what is published but predicted to be above the card. */
export function printLimits(sheet: Sheet, { limits, tooLarge }: PresetAnswer, query: PresetQuery): void {
  const { lang } = sheet.page;
  if (limits.length + tooLarge.length > 0) sheet.title(say(lang, 'What does not go', '做不到的事'));
  for (const limit of limits) {
    const kind = inLanguage(LIMIT_WORDS[limit.kind], lang);
    sheet.hanging('  - ', `${kind}${say(lang, ': ', '：')}${inLanguage(limit, lang)}${sheet.marks(limit.sources)}`);
  }
  for (const { preset, ui, family, estimate } of tooLarge)
    sheet.hanging('  - ', `${ui} ${FAMILY_NAMES[family] ?? family} [${preset}]: ${peakWords(estimate, query, lang)}`);
}

/** When the newest of the presets was collected. */
export const lastRead = (book: Book): string =>
  book.presets
    .map(({ collected }) => collected)
    .sort()
    .at(-1) ?? '';
