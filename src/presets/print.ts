import type { Language } from '../i18n/language';
import { t } from '../i18n/messages';
import { printJson } from '../report/json';
import { cardLabel } from '../vram/cards';
import { certain, type FittingPreset, type PresetAnswer, type PresetQuery } from './find';
import { type PresetPeak, peaksOf, peakText } from './peak';
import type { Preset, Setting } from './schema';

export const FORMATS = ['text', 'toml', 'shell', 'json', 'args'] as const;
export type Format = (typeof FORMATS)[number];

/** The answer in a format. Conditional settings are comments (text: with their condition), never part of a command. */
export function printPresets(answer: PresetAnswer, query: PresetQuery, format: Format, language: Language): string {
  if (format === 'json') return `${printJson(document(answer, query))}\n`;
  const mark = format === 'text' ? '' : '# ';
  if (answer.fitting.length === 0)
    return nothing(answer, query, language)
      .map((line) => `${mark}${line}\n`)
      .join('');
  return answer.fitting.map((fitting) => printOne(fitting, query, format, language)).join('\n');
}

function document({ fitting, nearest }: PresetAnswer, query: PresetQuery): object {
  const presets = fitting.map((one) => ({ ...one.preset, settings: one.settings, predicted: peaksOf(one, query) }));
  return { schema: 'lora-doctor/preset@1', query, presets, nearest: nearest?.id ?? null };
}

function nothing({ nearest }: PresetAnswer, query: PresetQuery, language: Language): string[] {
  const words = [
    query.task ?? '',
    query.family ?? '',
    query.ui ?? '',
    `${query.vramGib} GB`,
    query.generation ? cardLabel(query.generation) : '',
  ];
  const asked = words.filter((word) => word !== '').join(', ');
  return [
    t(language, 'preset.none', { query: asked }),
    nearest ? t(language, 'preset.nearest', { query: `${nearest.id} (${callFor(nearest)})` }) : t(language, 'preset.noNearest'),
  ];
}

/** The command that shows a preset. */
function callFor({ task, families, ui, vram }: Preset): string {
  return `lora-doctor preset --for ${task} --family ${families[0] ?? ''} --ui ${ui[0] ?? ''} --vram ${Math.ceil((vram.from + vram.to) / 2)}`;
}

function printOne(fitting: FittingPreset, query: PresetQuery, format: Exclude<Format, 'json'>, language: Language): string {
  switch (format) {
    case 'text':
      return textOf(fitting, query, language);
    case 'toml':
      return commented(fitting, query, language, tomlLine, ['', '']);
    case 'shell':
      return commented(fitting, query, language, (setting) => (isArgument(setting) ? `  ${quote(argument(setting))}` : null), [
        'args=(',
        ')',
      ]);
    case 'args':
      return `${certain(fitting, query).filter(isArgument).map(argument).map(quote).join(' ')}\n`;
  }
}

function head({ preset }: FittingPreset, query: PresetQuery, language: Language): string {
  const generation = query.generation ? t(language, 'preset.generation', { name: cardLabel(query.generation) }) : '';
  const what = t(language, 'preset.head', {
    task: t(language, `preset.task.${preset.task}`),
    family: preset.families.join('/'),
    vram: query.vramGib,
    generation,
  });
  return `${preset.ui.join('/')}: ${what} [${preset.id}]`;
}

function textOf(fitting: FittingPreset, query: PresetQuery, language: Language): string {
  const { preset, settings } = fitting;
  const lines = [head(fitting, query, language)];
  if (settings.length === 0) lines.push(`  ${t(language, 'preset.nothingToSet')}`);
  for (const setting of settings) {
    lines.push(`  ${shown(setting)}${remark(setting, query, language)}`);
    for (const url of setting.sources) lines.push(`      ${t(language, 'preset.source', { url })}`);
  }
  for (const note of preset.notes) {
    lines.push(`  - ${inLanguage(note, language)}`);
    for (const url of note.sources) lines.push(`      ${t(language, 'preset.source', { url })}`);
  }
  lines.push(...peaksOf(fitting, query).map((peak) => `  ${peakLine(peak, language)}`));
  lines.push(`  ${t(language, 'preset.asOf', { date: preset.collected })}`);
  return `${lines.join('\n')}\n`;
}

/** The estimate, and that it is one. */
function peakLine(peak: PresetPeak, language: Language): string {
  const fits = peak.fits === null ? '' : t(language, `preset.fits.${peak.fits}`);
  return t(language, 'preset.peak', { family: peak.family, peak: peakText(peak), fits });
}

/** A file with a comment for each source; what is conditional or has no form in the format stays a comment. */
function commented(
  fitting: FittingPreset,
  query: PresetQuery,
  language: Language,
  write: (setting: Setting) => string | null,
  [open, close]: readonly [string, string],
): string {
  const sure = new Set(certain(fitting, query));
  const body = fitting.settings.flatMap((setting) => {
    const line = sure.has(setting) ? write(setting) : null;
    const why = remark(setting, query, language);
    const comment = line === null ? `# ${shown(setting)}${why}` : why === '' ? null : `#${why}`;
    const sources = setting.sources.map((url) => `# ${t(language, 'preset.source', { url })}`);
    return [...(comment === null ? [] : [comment]), ...sources, ...(line === null ? [] : [line])];
  });
  const notes = fitting.preset.notes.flatMap((note) => [
    `# ${inLanguage(note, language)}`,
    ...note.sources.map((url) => `# ${t(language, 'preset.source', { url })}`),
  ]);
  const all = [
    `# ${head(fitting, query, language)}`,
    `# ${t(language, 'preset.asOf', { date: fitting.preset.collected })}`,
    ...peaksOf(fitting, query).map((peak) => `# ${peakLine(peak, language)}`),
    open,
    ...body,
    ...notes,
    close,
  ];
  return `${all.filter((line) => line !== '').join('\n')}\n`;
}

const isArgument = (setting: Setting): boolean => setting.kind === 'flag' || setting.kind === 'parameter';

/** `--medvram`, `--network_dim=16`. */
function argument({ name, value }: Setting): string {
  const flag = name.startsWith('--') ? name : `--${name}`;
  return value === undefined || value === true ? flag : `${flag}=${number(value)}`;
}

const shown = (setting: Setting): string =>
  setting.kind === 'flag'
    ? argument(setting)
    : setting.value === undefined
      ? setting.name
      : `${setting.name} = ${number(setting.value)}`;

/** Rates as people write them: 1e-4, not 0.0001. */
const number = (value: string | number | boolean): string =>
  typeof value === 'number' && value > 0 && value < 0.001 ? value.toExponential() : String(value);

const tomlLine = (setting: Setting): string | null => {
  if (setting.kind !== 'parameter' || setting.value === undefined) return null;
  return `${setting.name} = ${typeof setting.value === 'string' ? JSON.stringify(setting.value) : number(setting.value)}`;
};

function remark(setting: Setting, query: PresetQuery, language: Language): string {
  const cards = setting.cards !== undefined && query.generation === null ? [setting.cards.map(cardLabel).join(', ')] : [];
  const parts = [...cards, ...[setting.when, setting.note].flatMap((words) => (words ? [inLanguage(words, language)] : []))];
  return parts.length === 0 ? '' : language === 'en' ? `  (${parts.join('; ')})` : `  （${parts.join('；')}）`;
}

const inLanguage = (words: { readonly en: string; readonly zh: string }, language: Language): string =>
  language === 'zh-CN' ? words.zh : words.en;

/** Quoted for a POSIX shell when it must be. */
const quote = (word: string): string => (/^[\w.,:/=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
