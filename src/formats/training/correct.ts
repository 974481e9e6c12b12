import type { Bilingual } from '../../facts/define';
import { readCommands } from './command';
import { addOption, CONTINUES, removeOption, replaceOption } from './edit';
import type { Setup, SetupProblem } from './given';
import { readScript, withoutPrompts } from './lex';
import { HOME, quoteFor } from './print-command';
import { advisedRemedies, neededRemedies, type Remedy } from './remedies';
import type { Shell } from './types';

/** One line that was changed, and why. */
export interface Change {
  readonly line: number;
  readonly why: Bilingual;
}

export interface Corrected {
  /** With the changes without which it does not run. */
  readonly text: string;
  readonly changes: readonly Change[];
  /** The same with what is advised besides. */
  readonly advised: string;
  readonly advice: readonly Change[];
}

const WHY = {
  cut: { en: 'took off what stood behind the sign that continues the line', zh: '删去续行符后面的内容' },
  dash: { en: 'two hyphens instead of a long dash', zh: '破折号改为两个连字符' },
  name: { en: 'nearest option that the script knows', zh: '改为脚本认识的最接近的选项' },
  home: { en: 'the home folder instead of a ~ that nobody replaces', zh: '用主目录代替不会被展开的 ~' },
  quotes: { en: 'plain quotes and blanks', zh: '改为英文引号与普通空格' },
  ends: { en: 'line ends of Linux', zh: '改为 Linux 换行' },
  joined: { en: 'the sign that continues the line', zh: '补上续行符' },
  ended: { en: 'took off the sign with nothing behind it', zh: '删去末尾多余的续行符' },
} as const;

/**
 * The same script with the faults put right that have one sure cure: first how it is written (what stands behind a continuation,
 * long dashes, misspelt options, a `~` that is not replaced, curly quotes, line ends, prompts), then options that stop the run.
 * What is advised besides is kept apart. Everything else stays as it is. Null: no training command. `fitting`: options without which
 * it does not run on the card that is asked about.
 */
export function correctScript(
  original: string,
  shell: Shell,
  fitting: (setup: Setup) => readonly Remedy[] = () => [],
): Corrected | null {
  const [first] = readCommands(readScript(original, shell));
  if (!first) return null;
  const { text: written, changes } = correctWriting(original, first, shell);
  const needed = applyAll(written, shell, neededRemedies);
  const fits = applyAll(needed.text, shell, fitting);
  const advised = applyAll(fits.text, shell, advisedRemedies);
  return {
    text: fits.text,
    changes: [...changes, ...needed.changes, ...fits.changes].sort((a, b) => a.line - b.line),
    advised: advised.text,
    advice: advised.changes,
  };
}

type ChangeLine = (line: number, after: string, why: Bilingual) => void;

function correctWriting(original: string, setup: Setup, shell: Shell): { text: string; changes: Change[] } {
  const lines = original.split('\n');
  const changes: Change[] = [];
  const change: ChangeLine = (line, after, why) => {
    if (lines[line - 1] === after) return;
    lines[line - 1] = after;
    changes.push({ line, why });
  };
  if (shell === 'bash' && original.includes('\r\n')) {
    lines.forEach((line, i) => {
      lines[i] = line.replace(/\r$/, '');
    });
    changes.push({ line: 1, why: WHY.ends });
  }
  // From the right to the left, so that the places further left stay true.
  for (const problem of [...setup.problems].sort((a, b) => b.column - a.column)) {
    const line = lines[problem.line - 1] ?? '';
    const mended = mend(line, problem);
    if (mended) change(problem.line, mended.line, mended.why);
  }
  for (const { values, line } of setup.options.values()) {
    if (!/^~(?:[\\/]|$)/.test(values[0] ?? '')) continue;
    const before = lines[line - 1] ?? '';
    change(
      line,
      before.replace(/(["'=])~(?=[\\/])([^"'\s]*)(["']?)/g, (_all, open, rest, close) => homePath(shell, open, rest, close)),
      WHY.home,
    );
  }
  joinLines(lines, setup, shell, change);
  const bare = setup.problems.some((problem) => problem.kind === 'prompt-sign');
  const text = lines.join('\n');
  return { text: bare ? withoutPrompts(text).clean.replace(/^[ \t]+(?=\S)/m, '') : text, changes };
}

/** Lines that were meant to go on get the sign for it; a sign with nothing behind it goes. */
function joinLines(lines: string[], setup: Setup, shell: Shell, change: ChangeLine): void {
  const given = [...setup.options.values()];
  const last = Math.max(0, ...given.map((each) => each.end?.line ?? each.line));
  const lost = setup.problems.some((problem) => problem.kind === 'line-cut' && problem.text.startsWith('-'));
  const first = Math.max(1, Math.min(...given.map((each) => each.line)) - 1);
  for (let number = first; lost && number < last; number++) {
    const line = (lines[number - 1] ?? '').trimEnd();
    if (line !== '' && !line.endsWith(CONTINUES[shell])) change(number, `${line} ${CONTINUES[shell]}`, WHY.joined);
  }
  if (!setup.problems.some((problem) => problem.kind === 'ends-early')) return;
  const end = lines.findLastIndex((line) => line.trim() !== '');
  change(end + 1, (lines[end] ?? '').trimEnd().slice(0, -1).trimEnd(), WHY.ended);
}

/** One remedy after the other, the places read anew each time. */
function applyAll(
  start: string,
  shell: Shell,
  remediesOf: (setup: Setup) => readonly Remedy[],
): { text: string; changes: Change[] } {
  let text = start;
  let [setup] = readCommands(readScript(text, shell));
  const changes: Change[] = [];
  for (const remedy of setup ? remediesOf(setup) : []) {
    const after = setup ? applied(text, setup, remedy, shell) : null;
    if (after === null) continue;
    text = after;
    const before = setup;
    [setup] = readCommands(readScript(text, shell));
    const line = (setup?.options.get(remedy.name) ?? before?.options.get(remedy.name))?.line ?? 1;
    changes.push({ line, why: labelled(remedy) });
  }
  return { text, changes };
}

function applied(text: string, setup: Setup, remedy: Remedy, shell: Shell): string | null {
  const given = setup.options.get(remedy.name);
  if (remedy.to === null) return given ? removeOption(text, given, shell) : null;
  const words = remedy.to.split('\0');
  const whole =
    remedy.to === ''
      ? `--${remedy.name}`
      : words.length > 1
        ? `--${remedy.name} ${words.map((word) => quoteFor(shell, word)).join(' ')}`
        : `--${remedy.name}=${quoteFor(shell, remedy.to)}`;
  return given ? replaceOption(text, given, whole) : addOption(text, setup.options, whole, shell);
}

function labelled({ name, to, why }: Remedy): Bilingual {
  if (to === null) return { en: `took off --${name}: ${why.en}`, zh: `删去 --${name}：${why.zh}` };
  const what = to === '' ? `--${name}` : `--${name}=${to.split('\0').join(' ')}`;
  return { en: `${what}: ${why.en}`, zh: `${what}：${why.zh}` };
}

/** In single quotes no shell fills a name in. */
function homePath(shell: Shell, open: string, rest: string, close: string): string {
  const quote = open === "'" ? '"' : open;
  return `${quote}${HOME[shell]}${rest}${close === "'" ? '"' : close}`;
}

function mend(line: string, { kind, column, text, nearest }: SetupProblem): { line: string; why: Bilingual } | null {
  const before = line.slice(0, column - 1);
  const rest = line.slice(column - 1);
  if (kind === 'line-cut') return /^[\\^`]\s/.test(rest) ? { line: before + rest[0], why: WHY.cut } : null;
  if (kind === 'dash-option') return { line: before + rest.replace(/^[^\w]+/, '--'), why: WHY.dash };
  if (kind === 'unknown-option' && nearest !== null && rest.startsWith(text))
    return { line: `${before}--${nearest}${rest.slice(text.length)}`, why: WHY.name };
  if (kind === 'odd-character')
    return {
      line: line
        .replace(/[\u201c\u201d]/g, '"')
        .replace(/[\u2018\u2019]/g, "'")
        .replace(/[\u3000\u00a0]/g, ' '),
      why: WHY.quotes,
    };
  return null;
}
