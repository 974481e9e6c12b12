import { placeAt } from '../text-place';
import { readCommands } from './command';
import { isOpen, type Setup } from './given';
import { readPythonList } from './python-list';
import type { Word } from './types';

/** The command of a training that failed, as Python repeats it when the launcher gives up. */
export interface Echo {
  readonly setup: Setup;
  /**
   * When it stopped: `arguments` while they were read (only how they are written can be at fault), `start` before the first step
   * (what they ask for can be).
   */
  readonly stopped: 'arguments' | 'start';
  /** A module of Python that was not found. */
  readonly notFound: string | null;
  /** Where the command begins, 1-based. */
  readonly line: number;
}

const HEAD = /CalledProcessError: Command '\[/g;
const TAIL = /^'\s*returned\s+non-zero\s+exit\s+status\s+(\d{1,4})/;
/** What argparse says before it ends with 2. */
const ARGUMENTS = /: error: (?:unrecognized arguments|argument |ambiguous option|the following arguments)/;
/** The trainer has begun to work: what came before belongs to an earlier run. */
const BEGUN =
  /prepare tokenizer|loading tokenizer|Using DreamBooth method|Load(?:ing)? dataset config|prepare images|loading model for process/g;
const STEPS = /steps: +\d{1,3}%\|/;
/** A run after the failed one. */
const AGAIN = /steps: +\d{1,3}%\||model saved|prepare tokenizer|running training|prepare images/;

/**
 * The last command that a log repeats behind `CalledProcessError`, when it says why the run stopped: the words are what the program
 * got, after any shell. Null: none, a later run, a run that had made steps (its options were in order), or one that was killed.
 * Lines and columns are those of `text`.
 */
export function readEcho(text: string): Echo | null {
  const at = [...text.matchAll(HEAD)].at(-1);
  if (!at) return null;
  const list = readPythonList(text, at.index + at[0].length - 1);
  const status = list && TAIL.exec(text.slice(list.end, list.end + 200))?.[1];
  if (!list || !status || AGAIN.test(text.slice(list.end))) return null;
  const before = text.slice(0, at.index);
  const run = before.slice([...before.matchAll(BEGUN)].at(-1)?.index ?? 0);
  const stopped = status === '2' && ARGUMENTS.test(run) ? 'arguments' : status === '1' && !STEPS.test(run) ? 'start' : null;
  if (stopped === null) return null;
  const first = placeAt(text, at.index);
  const words: Word[] = list.texts.map(({ text: word, start, end }) => ({
    text: word,
    quoted: true,
    ...placeWithin(text, start, first, at.index),
    end: placeWithin(text, end, first, at.index),
  }));
  const [setup] = readCommands({ shell: 'bash', commands: [{ words }], faults: [] });
  if (!setup) return null;
  const notFound = /No module named '([\w.]{1,100})'/.exec(run)?.[1] ?? null;
  return { setup: { ...setup, open: isOpen(setup) }, stopped, notFound, line: first.line };
}

/** The same as `placeAt`, counted from a place that is known. */
function placeWithin(text: string, offset: number, from: { readonly line: number; readonly column: number }, at: number) {
  const { line, column } = placeAt(text.slice(at, offset), offset - at);
  return { line: from.line + line - 1, column: line === 1 ? from.column + column - 1 : column };
}
