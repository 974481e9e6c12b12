import { isRecord } from '../json';
import { nearestName } from '../prompt/nearest';
import { ALL_OPTIONS, optionsOf, type TrainingOption } from './options';
import type { TomlFile, TomlValue } from './toml';
import type { Place, Script, Word } from './types';

/** One option as it was given. `values` is empty for a flag. */
export interface Given extends Place {
  readonly name: string;
  readonly values: readonly string[];
  readonly quoted: boolean;
  /** Stood as `--name=value`, where no shell replaces a `~`. */
  readonly joined: boolean;
}

export const SETUP_PROBLEMS = [
  'line-cut',
  'odd-character',
  'dash-option',
  'unknown-option',
  'missing-value',
  'bad-value',
  'stray-word',
  'toml-escape',
  'toml-fault',
  'unknown-key',
] as const;

export interface SetupProblem extends Place {
  readonly kind: (typeof SETUP_PROBLEMS)[number];
  /** What stands there, at most 120 characters. */
  readonly text: string;
  /** The name that was probably meant. */
  readonly nearest: string | null;
}

/** A training command or configuration: which script, with what, and what is wrong with how it is written. */
export interface Setup {
  readonly script: string | null;
  readonly options: ReadonlyMap<string, Given>;
  readonly problems: readonly SetupProblem[];
}

const DASHES = /^[\u2010-\u2015\u2212\ufe58\uff0d]+/;
const SCRIPT = /(?:^|[\\/])(\w{0,40}train\w{0,40}\.py)$/i;

/** The first training command of a script; null when it has none. */
export function readCommand(script: Script): Setup | null {
  const at = script.commands.findIndex((command) => command.words.some((word) => SCRIPT.test(word.text)));
  const command = script.commands[at];
  if (!command) return null;
  const first = command.words.findIndex((word) => SCRIPT.test(word.text));
  const name = SCRIPT.exec(command.words[first]?.text ?? '')?.[1] ?? '';
  const reader = new WordReader(command.words.slice(first + 1), optionsOf(name));
  reader.run();
  for (const fault of script.faults) {
    const cuts = /continuation|carriage-return|unclosed/.test(fault.kind);
    reader.problem(cuts ? 'line-cut' : 'odd-character', fault, fault.text);
  }
  const orphan = script.commands.slice(at + 1).find(({ words }) => /^--?\w/.test(words[0]?.text ?? ''))?.words[0];
  if (orphan && !reader.problems.some((p) => p.kind === 'line-cut')) reader.problem('line-cut', orphan, orphan.text);
  return { script: name, options: reader.options, problems: reader.problems };
}

class WordReader {
  readonly options = new Map<string, Given>();
  readonly problems: SetupProblem[] = [];
  readonly #words: readonly Word[];
  readonly #table: readonly TrainingOption[] | null;
  #at = 0;

  constructor(words: readonly Word[], table: readonly TrainingOption[] | null) {
    this.#words = words;
    this.#table = table;
  }

  run(): void {
    for (; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at];
      if (!word) continue;
      if (DASHES.test(word.text)) this.#longDash(word);
      else if (word.text.startsWith('--')) this.#option(word);
      else if (word.text !== '' && !/^[<>@\d]/.test(word.text)) this.problem('stray-word', word, word.text);
    }
  }

  problem(kind: SetupProblem['kind'], place: Place, text: string, nearest: string | null = null): void {
    if (this.problems.length < 100)
      this.problems.push({ kind, line: place.line, column: place.column, text: text.slice(0, 120), nearest });
  }

  #longDash(word: Word): void {
    const name = (word.text.replace(DASHES, '').split('=')[0] ?? '').trim();
    this.problem('dash-option', word, word.text, name);
    if (!word.text.includes('=')) this.#values(1);
  }

  #option(word: Word): void {
    const equals = word.text.indexOf('=');
    const name = word.text.slice(2, equals < 0 ? undefined : equals);
    const inline = equals < 0 ? null : word.text.slice(equals + 1);
    const option = this.#find(name);
    if (!option) {
      if (this.#table) this.problem('unknown-option', word, `--${name}`, this.#near(name));
      const rest = inline === null ? this.#values(Number.POSITIVE_INFINITY) : [];
      if (!this.#table) this.#give(name, word, inline === null ? rest.map((w) => w.text) : [inline], inline !== null);
      return;
    }
    if (option.kind === 'flag') {
      if (inline !== null) this.problem('bad-value', word, word.text);
      this.#give(option.name, word, [], false);
      return;
    }
    this.#take(option, word, inline);
  }

  #take(option: TrainingOption, word: Word, inline: string | null): void {
    const words = inline === null ? this.#values(option.kind === 'list' ? Number.POSITIVE_INFINITY : 1) : [];
    const values = inline === null ? words.map((w) => w.text) : [inline];
    if (values.length === 0 && option.kind !== 'list') {
      this.problem('missing-value', word, `--${option.name}`);
      return;
    }
    const quoted = inline === null ? words.some((w) => w.quoted) : word.quoted;
    this.#give(option.name, word, values, inline !== null, quoted);
    if (!isValue(option, values[0] ?? '')) this.problem('bad-value', word, `--${option.name} ${values[0]}`);
  }

  #give(name: string, { line, column }: Place, values: readonly string[], joined: boolean, quoted = false): void {
    this.options.set(name, { name, values, quoted, joined, line, column });
  }

  /** argparse takes an unambiguous beginning of a name too. */
  #find(name: string): TrainingOption | undefined {
    const exact = this.#table?.find((option) => option.name === name);
    if (exact || name.length < 3) return exact;
    const begun = (this.#table ?? []).filter((option) => option.name.startsWith(name));
    return begun.length === 1 ? begun[0] : undefined;
  }

  /** A short name is near to too many. */
  #near(name: string): string | null {
    if (name.length < 5) return null;
    return nearestName(
      name,
      (this.#table ?? []).map((option) => option.name),
    );
  }

  #values(most: number): Word[] {
    const out: Word[] = [];
    while (out.length < most) {
      const next = this.#words[this.#at + 1];
      if (!next || (next.text.startsWith('-') && !/^-[\d.]/.test(next.text)) || DASHES.test(next.text)) break;
      out.push(next);
      this.#at++;
    }
    return out;
  }
}

function isValue(option: TrainingOption, value: string): boolean {
  if (value.includes('$') || value.includes('%')) return true;
  if (option.kind === 'int') return /^\s*[+-]?\d[\d_]*\s*$/.test(value);
  if (option.kind === 'float') return /^\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+|inf|nan)(?:[eE][+-]?\d+)?\s*$/i.test(value);
  return option.kind !== 'choice' || option.choices.includes(value);
}

/** A `--config_file`: tables are flattened, names that no script knows are ignored without a word (kohya-training.md §1.4). */
export function readConfigToml(file: TomlFile): Setup {
  const options = new Map<string, Given>();
  const problems: SetupProblem[] = file.faults.map((fault) => ({
    kind: fault.kind === 'reserved-escape' ? ('toml-escape' as const) : ('toml-fault' as const),
    line: fault.line,
    column: fault.column,
    text: fault.text,
    nearest: null,
  }));
  for (const { key, value, line, column } of file.entries) {
    const option = ALL_OPTIONS.find((each) => each.name === key);
    if (!option) {
      problems.push({ kind: 'unknown-key', line, column, text: key.slice(0, 120), nearest: nearestName(key, names()) });
      continue;
    }
    const values = valuesOf(value);
    if (values !== null) options.set(key, { name: key, values, quoted: true, joined: true, line, column });
  }
  return { script: null, options, problems };
}

const names = (): string[] => ALL_OPTIONS.map((option) => option.name);

/** False switches a flag off: null. */
function valuesOf(value: TomlValue): readonly string[] | null {
  if (value === false) return null;
  if (value === true) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** Names of the kohya_ss window that differ from the options they become. */
const GUI_NAMES: Readonly<Record<string, string>> = {
  optimizer: 'optimizer_type',
  epoch: 'max_train_epochs',
  lr_warmup: 'lr_warmup_steps',
  max_resolution: 'resolution',
};

/** A configuration saved by the kohya_ss window, which adds the network module itself; null when the JSON is none. */
export function readGuiConfig(json: unknown): Setup | null {
  if (!isRecord(json) || typeof json.pretrained_model_name_or_path !== 'string' || !('train_data_dir' in json)) return null;
  const options = new Map<string, Given>();
  const give = (name: string, values: readonly string[]): void => {
    options.set(name, { name, values, quoted: true, joined: true, line: 1, column: 1 });
  };
  for (const [key, value] of Object.entries(json)) {
    const name = GUI_NAMES[key] ?? key;
    const known = ALL_OPTIONS.some((option) => option.name === name);
    if (!known || value === false || value === '' || value === null || typeof value === 'object') continue;
    if (key === 'xformers' && value !== true && value !== 'xformers') continue;
    give(name, value === true ? [] : [key === 'lr_warmup' ? `${value}%` : String(value)]);
  }
  if (!options.has('network_module')) give('network_module', ['networks.lora']);
  return { script: json.sdxl === true ? 'sdxl_train_network.py' : 'train_network.py', options, problems: [] };
}
