import type { Bilingual } from '../../facts/define';
import { readCommands } from './command';
import type { SetupProblem } from './given';
import { readScript } from './lex';
import type { Shell } from './types';

/** One line that was changed, and why. */
export interface Change {
  readonly line: number;
  readonly why: Bilingual;
}

export interface Corrected {
  readonly text: string;
  readonly changes: readonly Change[];
}

const HOME: Readonly<Record<Shell, string>> = { bash: '$HOME', cmd: '%USERPROFILE%', powershell: '$HOME' };

const WHY = {
  cut: { en: 'took off what stood behind the sign that continues the line', zh: '删去续行符后面的内容' },
  dash: { en: 'two hyphens instead of a long dash', zh: '破折号改为两个连字符' },
  name: { en: 'nearest option that the script knows', zh: '改为脚本认识的最接近的选项' },
  home: { en: 'the home folder instead of a ~ that nobody replaces', zh: '用主目录代替不会被展开的 ~' },
  quotes: { en: 'plain quotes and blanks', zh: '改为英文引号与普通空格' },
  ends: { en: 'line ends of Linux', zh: '改为 Linux 换行' },
} as const;

/**
 * The same script with the faults put right that have one sure cure: what stands behind a continuation, long dashes, misspelt
 * options, a `~` that is not replaced, curly quotes, line ends. Everything else stays as it is. Null: no training command.
 */
export function correctScript(text: string, shell: Shell): Corrected | null {
  const [setup] = readCommands(readScript(text, shell));
  if (!setup) return null;
  const lines = text.split('\n');
  const changes: Change[] = [];
  const change = (line: number, after: string, why: Bilingual): void => {
    if (lines[line - 1] === after) return;
    lines[line - 1] = after;
    changes.push({ line, why });
  };
  if (shell === 'bash' && text.includes('\r\n')) {
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
  return { text: lines.join('\n'), changes: changes.sort((a, b) => a.line - b.line) };
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
