import type { Given, Setup, SetupProblem } from './given';
import { scriptOf } from './options';
import { canonical } from './other-names';
import { ownerOfScript } from './owner';
import type { Command, Script, Word } from './types';
import { DASHES, WordReader } from './words';

const SCRIPT = /(?:^|[\\/])(\w{0,40}train\w{0,40}\.py)$/i;
/** What a shell runs by itself: a line that begins so is no rest of the one before. */
const PROGRAM =
  /^(?:accelerate|python[\d.]*(?:\.exe)?|torchrun|pip\d?|git|cd|mkdir|md|set|export|source|echo|call|pause|sudo|uv|conda|rem|if|for|fi|done|else|@echo|@?\.?[\\/]?venv.*|activate|#.*)$/i;

/** Every training command of a script, in order; empty when it has none. */
export function readCommands(script: Script): Setup[] {
  const out: Setup[] = [];
  for (let i = 0; i < script.commands.length; i++) {
    const command = script.commands[i];
    if (!command || !runsScript(command.words)) continue;
    const { words, orphan, taken } = withRest(script.commands, i);
    const [whole, second] = splitAtSecond(words);
    const setup = readOne(whole, script, orphan);
    out.push(second ? { ...setup, problems: [...setup.problems, problemAt('second-command', second[0])] } : setup);
    if (second) out.push(readOne(second, { ...script, faults: [] }, null));
    i += taken;
  }
  // What is wrong with the text as a whole is told once.
  return out.map((setup, i) => (i === 0 ? setup : { ...setup, problems: setup.problems.filter((p) => !LEXICAL.has(p.kind)) }));
}

/** A name that is only kept in a variable (`FILE=./train_network.py`, `$file = "train_network.py"`) runs nothing. */
function runsScript(words: readonly Word[]): boolean {
  if (/^=/.test(words[1]?.text ?? '') || /^\$[\w:]{1,60}=/.test(words[0]?.text ?? '')) return false;
  return words.some(({ text }) => SCRIPT.test(text) && !/^[\w:]{1,60}=/.test(text));
}

const LEXICAL = new Set<SetupProblem['kind']>(['line-cut', 'odd-character', 'prompt-sign', 'ends-early']);

function problemAt(kind: SetupProblem['kind'], word: Word | undefined): SetupProblem {
  return { kind, line: word?.line ?? 1, column: word?.column ?? 1, text: (word?.text ?? '').slice(0, 120), nearest: null };
}

/** The lines after a command that are options without one: the sign that continues the line was left out or lost. */
function withRest(commands: readonly Command[], at: number): { words: readonly Word[]; orphan: Word | null; taken: number } {
  const words = [...(commands[at]?.words ?? [])];
  let orphan: Word | null = null;
  let taken = 0;
  for (const { words: next } of commands.slice(at + 1)) {
    const first = next[0];
    if (!first || next.some((word) => SCRIPT.test(word.text))) break;
    const option = /^--?[A-Za-z]/.test(first.text) || DASHES.test(first.text);
    const value = /^--\w+$/.test(words.at(-1)?.text ?? '') && !PROGRAM.test(first.text);
    // The rest of a line that a narrow window or a screenshot broke inside of a word.
    const broken = !PROGRAM.test(first.text) && next.filter((word) => /^--\w{3}/.test(word.text)).length >= 2;
    if (!option && !value && !broken) break;
    orphan ??= first;
    const last = words.at(-1);
    if (broken && !option && !value && last?.text.includes('=')) {
      words[words.length - 1] = { ...last, text: last.text + first.text, end: first.end };
      words.push(...next.slice(1));
    } else words.push(...next);
    taken++;
  }
  return { words, orphan, taken };
}

/** Two commands that stand in one line, or whose lines were joined by a sign too many. */
function splitAtSecond(words: readonly Word[]): [readonly Word[], readonly Word[] | null] {
  const scripts = words.flatMap((word, i) => (SCRIPT.test(word.text) ? [i] : []));
  const second = scripts[1];
  const first = scripts[0] ?? 0;
  if (second === undefined) return [words, null];
  const start = words.findIndex((word, i) => i > first && i < second && /^(?:accelerate|python[\d.]*|torchrun)$/.test(word.text));
  return start < 0 ? [words, null] : [words.slice(0, start), words.slice(start)];
}

function readOne(words: readonly Word[], script: Script, orphan: Word | null): Setup {
  const first = words.findIndex((word) => SCRIPT.test(word.text));
  const name = SCRIPT.exec(words[first]?.text ?? '')?.[1] ?? '';
  const info = scriptOf(name);
  const reader = new WordReader(words.slice(first + 1), info);
  reader.run();
  const problems = [...script.faults.flatMap(faultProblem), ...reader.problems];
  if (orphan && !problems.some((p) => p.kind === 'line-cut')) problems.push(problemAt('line-cut', orphan));
  const module = reader.options.get('network_module')?.values[0] ?? '';
  const { trainer, family } = ownerOfScript(words[first]?.text ?? '', [...reader.options.keys()], module);
  return {
    trainer,
    script: name,
    family,
    open: reader.open || trainer === 'other',
    options: canonical(trainer, reader.options),
    problems,
    launch: launchOf(words.slice(0, first)),
    prefix: words.slice(0, first + 1).map((word) => word.text),
  };
}

function faultProblem(fault: Script['faults'][number]): SetupProblem[] {
  const { line, column, text } = fault;
  const kind =
    fault.kind === 'prompt-sign' || fault.kind === 'ends-early'
      ? fault.kind
      : /continuation|carriage-return|unclosed/.test(fault.kind)
        ? 'line-cut'
        : 'odd-character';
  return [{ kind, line, column, text, nearest: null }];
}

/** What stands between `accelerate launch` and the script. */
function launchOf(words: readonly Word[]): ReadonlyMap<string, Given> {
  const at = words.findIndex((word) => /^(?:launch|accelerate\.commands\.launch)$/.test(word.text));
  const reader = new WordReader(at < 0 ? [] : words.slice(at + 1), null);
  reader.run();
  return reader.options;
}
