import { suggest } from '../diagnosis/compile/suggest';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import type { Problem } from '../report/problem';
import { COMMANDS, type Command, GLOBAL, NOT_YET, type Option } from './options';

export interface Arguments {
  readonly command: Command;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string | true>;
  /** No command was named: on a terminal that means the screen. */
  readonly implied: boolean;
}

/**
 * Reads the command line against the option table. A first word that is no command is a path for `check` when it looks like
 * one or exists; else it is an error with a suggestion, never a guess.
 */
export function readArguments(argv: readonly string[], lang: Language, exists: (path: string) => boolean): Arguments | Problem {
  const first = beforeDashes(argv).findIndex((a, i) => !a.startsWith('-') && !isValueOf(argv[i - 1]));
  const named = first < 0 ? undefined : COMMANDS.find((c) => c.name === argv[first]);
  const word = first < 0 ? undefined : argv[first];
  if (word !== undefined && !named && !/[\\/.~]/.test(word) && !exists(word)) return unknownWord(word, lang);
  const command = named ?? (COMMANDS[0] as Command);
  const rest = named ? argv.filter((_, i) => i !== first) : argv;
  const read = readOptions(rest, [...command.options, ...GLOBAL], command, lang);
  return 'code' in read ? read : { command, ...read, implied: named === undefined };
}

/** The part in which words may be commands and options: what follows `--` are paths. */
export function beforeDashes(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--');
  return at < 0 ? argv : argv.slice(0, at);
}

function isValueOf(before: string | undefined): boolean {
  if (before === undefined || !before.startsWith('--') || before.includes('=')) return false;
  return [...GLOBAL, ...COMMANDS.flatMap((c) => c.options)].some(
    (o) => `--${o.name}` === before && o.value !== undefined && o.optional === undefined,
  );
}

function readOptions(
  argv: readonly string[],
  allowed: readonly Option[],
  command: Command,
  lang: Language,
): { words: string[]; options: Map<string, string | true> } | Problem {
  const words: string[] = [];
  const options = new Map<string, string | true>();
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!arg.startsWith('--') || arg === '-') {
      if (arg === '-h') options.set('help', true);
      else if (arg.startsWith('-') && arg !== '-') return unknownOption(arg, allowed, command, lang);
      else words.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const name = arg.slice(2, equals < 0 ? undefined : equals);
    const option = allowed.find((o) => o.name === name);
    if (!option) return unknownOption(`--${name}`, allowed, command, lang);
    if (option.value === undefined) {
      if (equals >= 0) return takesNone(option, lang);
      options.set(name, true);
      continue;
    }
    const next = argv[i + 1];
    if (option.optional && equals < 0 && (next === undefined || !option.optional(next))) {
      options.set(name, true);
      continue;
    }
    const given = equals >= 0 ? arg.slice(equals + 1) : valueAt(argv, ++i);
    if (given === undefined || given === '' || (option.words && !option.words.includes(given)))
      return badValue(option, given, lang);
    options.set(name, given);
  }
  return { words, options };
}

/** The word after an option, unless an option stands there too: then the value was forgotten. */
function valueAt(argv: readonly string[], at: number): string | undefined {
  const word = argv[at];
  return word?.startsWith('--') ? undefined : word;
}

function unknownWord(word: string, lang: Language): Problem {
  const shown = show(word, 80);
  if (NOT_YET.includes(word)) {
    return {
      code: 'not-in-this-version',
      message: lang === 'en' ? `"${shown}" is planned, but not in this version` : `“${shown}”尚未包含在此版本中`,
      remedy: lang === 'en' ? 'see lora-doctor --help for what there is' : '可用命令见 lora-doctor --help',
    };
  }
  const near = suggest(word, [...COMMANDS.map((c) => c.name), ...NOT_YET]);
  return {
    code: 'unknown-command',
    message: lang === 'en' ? `there is no command and no path "${shown}"` : `没有名为“${shown}”的命令或路径`,
    remedy: near
      ? lang === 'en'
        ? `did you mean "${near}"?`
        : `是否想输入“${near}”？`
      : lang === 'en'
        ? 'see lora-doctor --help'
        : '请查看 lora-doctor --help',
  };
}

function unknownOption(option: string, allowed: readonly Option[], command: Command, lang: Language): Problem {
  const near = suggest(
    option.replace(/^-+/, ''),
    allowed.map((o) => o.name),
  );
  const shown = show(option, 80);
  return {
    code: 'unknown-option',
    message: lang === 'en' ? `"${command.name}" has no option ${shown}` : `“${command.name}”没有选项 ${shown}`,
    remedy: near
      ? lang === 'en'
        ? `did you mean --${near}?`
        : `是否想输入 --${near}？`
      : lang === 'en'
        ? `see lora-doctor ${command.name} --help`
        : `请查看 lora-doctor ${command.name} --help`,
  };
}

function badValue(option: Option, given: string | undefined, lang: Language): Problem {
  const wanted = option.words?.join(', ') ?? option.value ?? '';
  const near = given === undefined ? undefined : suggest(given, option.words ?? []);
  return {
    code: 'bad-value',
    message: given
      ? notTaken(option, show(given, 80), lang)
      : lang === 'en'
        ? `--${option.name} needs a value`
        : `--${option.name} 需要一个值`,
    remedy: `${near ? (lang === 'en' ? `did you mean "${near}"? ` : `是否想输入“${near}”？`) : ''}${lang === 'en' ? 'it takes' : '可用'}: ${wanted}`,
  };
}

const notTaken = (option: Option, shown: string, lang: Language): string =>
  lang === 'en' ? `--${option.name} does not take "${shown}"` : `--${option.name} 不接受“${shown}”`;

function takesNone(option: Option, lang: Language): Problem {
  return {
    code: 'bad-value',
    message: lang === 'en' ? `--${option.name} takes no value` : `--${option.name} 不带值`,
    remedy: lang === 'en' ? `write just --${option.name}` : `只写 --${option.name} 即可`,
  };
}
