import { isSlip, nearestName } from '../prompt/nearest';
import type { Given, SetupProblem } from './given';
import type { TrainingOption, TrainingScript } from './options';
import type { Place, Word } from './types';

export const DASHES = /^[\u2010-\u2015\u2212\ufe58\uff0d]+/;

/** `...` for options that were left out. */
const ELLIPSIS = /^[([<{]?(?:\.{3,6}|\u2026+)[)\]>}]?$/;
/** A variable, list or splat of the shell as a word of its own: it may hold options. */
const VARIABLE = /^(?:\$\{?[\w@*]+(?:\[[@*]\])?\}?|\$env:\w+|@\w+|%\w+%|![\w]+!)$/;

const SINGLE_DASH = /^-[A-Za-z]\w{2,}/;

/** Reads the words behind a script the way argparse does. Without `script` every option may have values. */
export class WordReader {
  readonly options = new Map<string, Given>();
  readonly problems: SetupProblem[] = [];
  /** Words stand there that may hold more options. */
  open: boolean;
  /** Someone shows a part of a command: what stands around the dots is none of it (`(... other options ...)`). */
  readonly #excerpt: boolean;
  readonly #words: readonly Word[];
  readonly #script: TrainingScript | null;
  #at = 0;

  constructor(words: readonly Word[], script: TrainingScript | null) {
    this.#words = words;
    this.#script = script;
    this.#excerpt = words.some(({ text }) => ELLIPSIS.test(text));
    this.open = this.#excerpt;
  }

  run(): void {
    for (; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at];
      if (!word) continue;
      if (ELLIPSIS.test(word.text)) continue;
      if (VARIABLE.test(word.text)) this.open = true;
      else if (DASHES.test(word.text)) this.#longDash(word);
      else if (word.text.startsWith('--')) this.#option(word);
      else if (this.#script && SINGLE_DASH.test(word.text)) this.#singleDash(word);
      // The sign of another shell for a line that goes on is told as such.
      else if (/^[\\^`]$/.test(word.text)) continue;
      else if (word.text !== '' && this.#script && !this.#excerpt && !/^[<>@\d$%]/.test(word.text))
        this.#problem('stray-word', word, word.text);
    }
  }

  #problem(kind: SetupProblem['kind'], place: Place, text: string, nearest: string | null = null): void {
    if (this.problems.length < 100)
      this.problems.push({ kind, line: place.line, column: place.column, text: text.slice(0, 120), nearest });
  }

  #longDash(word: Word): void {
    const name = (word.text.replace(DASHES, '').split('=')[0] ?? '').trim();
    this.#problem('dash-option', word, word.text, name);
    if (!word.text.includes('=')) this.#values(1);
  }

  /** `-network_dim=16`: argparse knows no such letters. */
  #singleDash(word: Word): void {
    const name = word.text.slice(1).split('=')[0] ?? '';
    this.#problem('unknown-option', word, `-${name}`, this.#find(name)?.name ?? null);
    if (!word.text.includes('=')) this.#values(1);
  }

  #option(word: Word): void {
    const equals = word.text.indexOf('=');
    const name = word.text.slice(2, equals < 0 ? undefined : equals);
    const inline = equals < 0 ? null : word.text.slice(equals + 1);
    const option = this.#find(name);
    if (!option) {
      const near = this.#script && nearOption(name, this.#script);
      const told = this.#script && (this.#script.complete || near !== null);
      if (told) this.#problem('unknown-option', word, `--${name}`, near);
      const rest = inline === null ? this.#values(Number.POSITIVE_INFINITY) : [];
      if (!told) this.#give(name, word, inline === null ? rest.map((w) => w.text) : [inline], inline !== null);
      return;
    }
    if (option.kind === 'flag') {
      if (inline !== null) this.#problem('bad-value', word, word.text);
      this.#give(option.name, word, [], false);
      return;
    }
    this.#take(option, word, inline);
  }

  #take(option: TrainingOption, word: Word, inline: string | null): void {
    const words = inline === null ? this.#values(option.kind === 'list' ? Number.POSITIVE_INFINITY : 1) : [];
    const values = inline === null ? words.map((w) => w.text) : [inline];
    const shown = !ELLIPSIS.test(this.#words[this.#at + 1]?.text ?? '');
    if (values.length === 0 && option.kind !== 'list' && option.kind !== 'maybe' && shown) {
      this.#problem('missing-value', word, `--${option.name}`);
      return;
    }
    const quoted = inline === null ? words.some((w) => w.quoted) : word.quoted;
    this.#give(option.name, word, values, inline !== null, quoted);
    if (values.length > 0 && !isValue(option, values[0] ?? '')) this.#problem('bad-value', word, `--${option.name} ${values[0]}`);
  }

  #give(name: string, { line, column }: Place, values: readonly string[], joined: boolean, quoted = false): void {
    const end = this.#words[this.#at]?.end ?? { line, column };
    this.options.set(name, { name, values, quoted, joined, line, column, end });
  }

  /** argparse takes an unambiguous beginning of a name too. */
  #find(name: string): TrainingOption | undefined {
    const all = this.#script?.options ?? [];
    const exact = all.find((option) => option.name === name);
    if (exact || name.length < 3) return exact;
    const begun = all.filter((option) => option.name.startsWith(name));
    return begun.length === 1 ? begun[0] : undefined;
  }

  #values(most: number): Word[] {
    const out: Word[] = [];
    while (out.length < most) {
      const next = this.#words[this.#at + 1];
      if (!next || (next.text.startsWith('-') && !/^-[\d.]/.test(next.text)) || DASHES.test(next.text)) break;
      if (ELLIPSIS.test(next.text) || (out.length > 0 && holdsMore(next))) break;
      out.push(next);
      this.#at++;
    }
    return out;
  }
}

/** Behind the first value of a list: the shell may make several words of it, options among them. */
function holdsMore({ text, quoted }: Word): boolean {
  return VARIABLE.test(text) && (!quoted || /[@*]/.test(text));
}

/** The name that was probably meant; null when none is near enough to say so. */
function nearOption(name: string, script: TrainingScript): string | null {
  // A short name is near to too many.
  if (name.length < 5) return null;
  const near = nearestName(
    name,
    script.options.map((option) => option.name),
  );
  // Of a program whose options are not all known, only a slip of a letter or two is one.
  return script.complete || isSlip(name, near) ? near : null;
}

/** Values that a shell fills in are not judged. */
export function isValue(option: TrainingOption, value: string): boolean {
  if (value.includes('$') || value.includes('%')) return true;
  if (option.kind === 'int') return /^\s*[+-]?\d[\d_]*\s*$/.test(value);
  if (option.kind === 'float') return /^\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+|inf|nan)(?:[eE][+-]?\d+)?\s*$/i.test(value);
  return option.kind !== 'choice' || option.choices.includes(value);
}
