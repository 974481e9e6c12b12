import { CONTINUES } from '../formats/training/edit';
import type { Given, Setup } from '../formats/training/given';
import { printCommand, printToml, quoteFor } from '../formats/training/print-command';
import type { Shell } from '../formats/training/types';
import type { Language } from '../i18n/language';
import { inLanguage } from '../report/words';
import type { FittingPreset } from './find';
import { certain, type PresetQuery } from './query';
import type { Program, Setting } from './schema';
import { remark, say, shown, valueWords } from './words';

/** What begins a comment in each format that is a file or a command. */
export const COMMENTS = { toml: '# ', shell: '# ', cmd: 'rem ', powershell: '# ' } as const;

/** `shell` is the contract's word for bash. */
const SHELLS: { readonly [format in Exclude<keyof typeof COMMENTS, 'toml'>]: Shell } = {
  shell: 'bash',
  cmd: 'cmd',
  powershell: 'powershell',
};

/** A configuration file of sd-scripts (`--config_file`): each value under its reason and its sources. */
export function writeToml(intro: readonly string[], fitting: FittingPreset, query: PresetQuery, lang: Language): string {
  // No one has shown here that musubi-tuner takes all of this from a file.
  if (fitting.preset.trainer === 'musubi-tuner') {
    return lines([...intro, commandOnly(lang)].map((line) => `# ${line}`));
  }
  const sure = new Set(certain(fitting.settings, query));
  const body = fitting.settings.flatMap((setting) => {
    const line = sure.has(setting) && isParameter(setting) ? printToml(setupOf(fitting, [setting]), '').trimEnd() : null;
    const why = remark(setting, query, lang);
    const comment = line === null ? `# ${shown(setting)}${why}` : why === '' ? null : `#${why}`;
    const sources = setting.sources.map((url) => `# ${sourceWords(url, lang)}`);
    return [...(comment === null ? [] : [comment]), ...sources, ...(line === null ? [] : [line])];
  });
  return lines([...intro.map((line) => `# ${line}`), ...body, ...noteLines(fitting, lang).map((line) => `# ${line}`)]);
}

/** A whole command. No comment stands behind a continuation: that would end the command there. */
export function writeCommand(
  format: keyof typeof SHELLS,
  intro: readonly string[],
  fitting: FittingPreset,
  query: PresetQuery,
  program: Program | undefined,
  lang: Language,
): string {
  const sure = certain(fitting.settings, query);
  const said = fitting.settings.filter(
    (setting) => !sure.includes(setting) || !isArgument(setting) || setting.own || setting.kind === 'file',
  );
  const command = commandOf(format, fitting, sure.filter(isArgument), program);
  const comments = [
    ...intro,
    ...(sure.length === 0 ? [nothingToSet(lang)] : []),
    ...said.map((setting) => `${shown(setting)}${remark(setting, query, lang)}`),
    ...fitting.preset.notes.map((note) => inLanguage(note, lang)),
    ...[...new Set([...fitting.settings, ...fitting.preset.notes].flatMap(({ sources }) => sources))].map((url) =>
      sourceWords(url, lang),
    ),
    ...(command === null ? [noCommand(program, lang)] : []),
  ];
  return lines([...comments.map((text) => `${COMMENTS[format]}${text}`), ...(command === null ? [] : [command])]);
}

function noCommand(program: Program | undefined, lang: Language): string {
  const where =
    program === undefined ? '' : say(lang, `: ${inLanguage(program.where, lang)}`, `：${inLanguage(program.where, lang)}`);
  return say(lang, `It is set in the program, not in a command${where}`, `在程序中设置，不在命令行${where}`);
}

function commandOf(
  format: keyof typeof SHELLS,
  fitting: FittingPreset,
  settings: readonly Setting[],
  program: Program | undefined,
): string | null {
  const shell = SHELLS[format];
  if (fitting.preset.script !== undefined) return printCommand(setupOf(fitting, settings), shell).trimEnd();
  const words = settings.map((setting) => quoteFor(shell, argument(setting))).join(' ');
  return program?.[format]?.replace('{args}', words).trimEnd() ?? null;
}

/** The arguments alone on one line, quoted for a POSIX shell. */
export const writeArguments = (fitting: FittingPreset, query: PresetQuery): string => {
  const settings = certain(fitting.settings, query).filter(isArgument);
  if (fitting.preset.script === undefined) return `${settings.map((setting) => quoteFor('bash', argument(setting))).join(' ')}\n`;
  const { prefix: _, ...setup } = setupOf(fitting, settings);
  return `${printCommand(setup, 'bash').replaceAll(` ${CONTINUES.bash}\n  `, ' ').trim()}\n`;
};

/** Where to click: each setting by the words on screen, and the place it has. */
export function writeUi(
  intro: readonly string[],
  fitting: FittingPreset,
  query: PresetQuery,
  program: Program | undefined,
  lang: Language,
): string {
  if (fitting.preset.trainer === 'musubi-tuner') return lines([...intro, commandOnly(lang)]);
  const one = (setting: Setting): string => {
    const label = program?.labels[setting.name];
    const said = valueWords(setting.value);
    const value = program?.values[setting.name]?.[said] ?? (setting.value === true ? say(lang, 'on', '开启') : said);
    const extra = isParameter(setting) ? `--${argument(setting)}` : shown(setting);
    return `    ${label === undefined ? extra : `${label} = ${value}`}${remark(setting, query, lang)}`;
  };
  const [title = '', ...rest] = intro;
  const place = program === undefined ? [] : [`  ${say(lang, 'where', '位置')}: ${inLanguage(program.where, lang)}`];
  const settings = fitting.settings.map(one);
  return lines([
    title,
    ...rest.map((line) => `  ${line}`),
    ...place,
    ...(settings.length === 0 ? [`    ${nothingToSet(lang)}`] : settings),
    ...noteLines(fitting, lang).map((line) => `  ${line}`),
    ...(program?.sources ?? []).map((url) => `  ${sourceWords(url, lang)}`),
  ]);
}

const commandOnly = (lang: Language): string =>
  say(lang, 'as a command only: --format shell, cmd or powershell', '只提供命令：--format shell、cmd 或 powershell');

export const nothingToSet = (lang: Language): string => say(lang, 'nothing to set', '无需设置');
export const sourceWords = (url: string, lang: Language): string => say(lang, `source: ${url}`, `来源：${url}`);

const noteLines = ({ preset }: FittingPreset, lang: Language): string[] =>
  preset.notes.flatMap((note) => [inLanguage(note, lang), ...note.sources.map((url) => sourceWords(url, lang))]);

const lines = (all: readonly string[]): string => `${all.filter((line) => line !== '').join('\n')}\n`;

const isParameter = ({ kind }: Setting): boolean => kind === 'parameter' || kind === 'file';
const isArgument = (setting: Setting): boolean => setting.kind === 'flag' || isParameter(setting);

/** `--medvram`, `--reserve-vram=1`. */
const argument = ({ name, value }: Setting): string =>
  value === undefined || value === true ? name : `${name}=${valueWords(value)}`;

/** The settings as a command that could have been read, for the printers of `formats/training`. */
function setupOf({ preset }: FittingPreset, settings: readonly Setting[]): Setup {
  const script = preset.script?.split('/').at(-1) ?? null;
  const options = settings.map(({ name, value }): [string, Given] => {
    const values = value === true || value === undefined ? [] : Array.isArray(value) ? value : [valueWords(value)];
    return [name, { name, values, quoted: false, joined: true, line: 1, column: 1 }];
  });
  const prefix = [
    'accelerate',
    'launch',
    '--num_cpu_threads_per_process=1',
    ...(preset.script === undefined ? [] : [preset.script]),
  ];
  return { trainer: preset.trainer ?? 'sd-scripts', script, options: new Map(options), problems: [], prefix };
}
