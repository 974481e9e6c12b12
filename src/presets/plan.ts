import type { Language } from '../i18n/language';
import { pad, textWidth } from '../report/width';
import { type FittingPreset, presetsFor } from './find';
import { documentOf, lastRead, printLimits } from './print';
import { certain, type PresetQuery } from './query';
import type { Book, Setting, Task } from './schema';
import { type Page, Sheet } from './sheet';
import { timeOf } from './time';
import { cardOptions, cardWords, FAMILY_NAMES, listOf, peakWords, say, shortPeak, shown, timeWords, valueWords } from './words';
import { nothingToSet } from './write';

/** Families of a plan when none is named. */
const PLAN_FAMILIES = ['sd15', 'sdxl', 'flux'] as const;
/** Columns of the names on the left. */
const LEFT = 14;

/** What a card can do, for one person: pictures in each program, training, what does not go; one section a family. */
export function printPlan(book: Book, query: PresetQuery, page: Page): string {
  const { lang } = page;
  const sheet = new Sheet(page);
  sheet.title(say(lang, `Plan for ${cardWords(query, lang)}`, `${cardWords(query, lang)} 的方案`));
  sheet.text(
    say(
      lang,
      'Settings are published ones, * our choice within them; memory is predicted by lora-doctor vram (pictures: the least that it works with); times are published.',
      '设置来自公开资料，* 为我们在其范围内的选择；显存由 lora-doctor vram 预测（出图：最低需要）；耗时来自公开资料。',
    ),
    0,
  );
  for (const family of familiesOf(query)) {
    if (query.task !== 'train' && query.ui !== 'kohya') pictures(sheet, book, { ...query, family, task: 'generate' });
    if (query.task !== 'generate' && (query.ui === null || query.ui === 'kohya'))
      training(sheet, book, { ...query, family, task: 'train' });
  }
  return sheet.end(lastRead(book));
}

/** The plan as data: one answer a family and task. */
export const planDocument = (book: Book, query: PresetQuery): object => ({
  schema: 'lora-doctor/preset-plan@1',
  plans: familiesOf(query).map((family) => {
    const one = { ...query, family };
    return documentOf(book, presetsFor(book, one), one);
  }),
});

const familiesOf = (query: PresetQuery): readonly string[] => (query.family === null ? PLAN_FAMILIES : [query.family]);

const heading = (what: string, { family }: PresetQuery, lang: Language): string =>
  `${FAMILY_NAMES[family ?? ''] ?? family ?? ''}${say(lang, ': ', '：')}${what}`;

function pictures(sheet: Sheet, book: Book, query: PresetQuery): void {
  const { lang, theme } = sheet.page;
  sheet.title(heading(say(lang, 'pictures', '出图'), query, lang));
  const answer = presetsFor(book, query);
  const rows = answer.fitting.flatMap((fitting) => fitting.estimates.map((one) => ({ fitting, ...one })));
  if (rows.length === 0) sheet.text(none(sheet));
  const peaks = rows.map(({ estimate }) => shortPeak(estimate, lang));
  const column = Math.max(0, ...peaks.map(textWidth)) + 2;
  for (const [at, { fitting, ui }] of rows.entries()) {
    const first = `  ${theme.paint('accent', pad(ui, LEFT))}${pad(peaks[at] ?? '', column)}`;
    sheet.hanging(first, settingWords(sheet, fitting, query), 2 + LEFT + column);
  }
  if (rows.length > 0) {
    time(sheet, book, query, 'generate');
    sheet.field(say(lang, 'more', '详情'), say(lang, 'each setting with its reason:', '每项设置及其理由：'), LEFT);
    sheet.command(callOf(query, ''));
  }
  printLimits(sheet, answer, query);
}

function training(sheet: Sheet, book: Book, query: PresetQuery): void {
  const { lang } = sheet.page;
  sheet.title(heading(say(lang, 'LoRA training', 'LoRA 训练'), query, lang));
  const answer = presetsFor(book, query);
  if (answer.fitting.length === 0) sheet.text(none(sheet));
  for (const fitting of answer.fitting) {
    for (const { estimate } of fitting.estimates)
      sheet.field(say(lang, 'memory', '显存'), peakWords(estimate, query, lang), LEFT);
    time(sheet, book, query, 'train');
    sheet.field(say(lang, 'settings', '设置'), settingWords(sheet, fitting, query), LEFT);
    sheet.field(
      say(lang, 'command', '命令'),
      say(lang, 'the whole of it, or as cmd, powershell, toml, ui:', '完整命令，也可写成 cmd、powershell、toml、ui：'),
      LEFT,
    );
    sheet.command(callOf(query, ' --format shell'));
  }
  printLimits(sheet, answer, query);
}

const none = (sheet: Sheet): string =>
  say(sheet.page.lang, 'No settings are published for this card.', '没有针对这张显卡的公开设置。');

const callOf = (query: PresetQuery, rest: string): string =>
  `lora-doctor preset ${query.task ?? ''} ${cardOptions(query)} --family ${query.family ?? ''}${query.ui === null ? '' : ` --ui ${query.ui}`}${rest}`;

function time(sheet: Sheet, book: Book, query: PresetQuery, task: Task): void {
  const { lang } = sheet.page;
  const answer = timeOf(book.speeds, query, task, query.family ?? '');
  const sources = query.gpu === null ? [] : answer.rows.map(({ source }) => source);
  sheet.field(say(lang, 'time', '耗时'), `${timeWords(answer, query, task, lang)}${sheet.marks(sources)}`, LEFT);
}

/**
 * Settings that hold without a condition, and those that are for this card in some case; a star marks our own choice. Files are the
 * reader's, so they are left out.
 */
function settingWords(sheet: Sheet, { preset, settings }: FittingPreset, query: PresetQuery): string {
  const { lang } = sheet.page;
  const sure = certain(settings, query).filter(({ kind }) => kind !== 'file');
  const words = sure.map((setting) => `${short(setting)}${setting.own ? '*' : ''}`);
  const sources = sure.length === 0 ? preset.notes.flatMap((note) => note.sources) : sure.flatMap((setting) => setting.sources);
  const open = query.gpu === null ? [] : settings.filter(({ when, cards }) => when !== undefined && cards !== undefined);
  const cases = open.map(({ when, ...setting }) =>
    say(lang, `${shown(setting)} if ${when?.en}`, `${when?.zh}加 ${shown(setting)}`),
  );
  const said = [...(words.length === 0 ? [nothingToSet(lang)] : words), ...cases];
  return `${listOf(said, lang)}${sheet.marks([...sources, ...open.flatMap((setting) => setting.sources)])}`;
}

/** A setting as one word where it has no blanks of its own, so that no line breaks within it. */
const short = (setting: Setting): string => {
  if (setting.kind !== 'parameter') return shown(setting);
  return setting.value === true ? setting.name : `${setting.name}=${valueWords(setting.value)}`;
};
