import type { Given } from './given';
import type { Shell } from './types';

export const CONTINUES: Readonly<Record<Shell, string>> = { bash: '\\', cmd: '^', powershell: '`' };

/** Puts another text in the place of an option with its values; null when they do not stand in one line. */
export function replaceOption(text: string, given: Given, by: string): string | null {
  const lines = text.split('\n');
  const line = lines[given.line - 1];
  if (line === undefined || given.end?.line !== given.line) return null;
  lines[given.line - 1] = line.slice(0, given.column - 1) + by + line.slice(given.end.column - 1);
  return lines.join('\n');
}

/** Takes an option out, with its line when nothing else stands there. */
export function removeOption(text: string, given: Given, shell: Shell): string | null {
  const without = replaceOption(text, given, '');
  if (without === null) return null;
  const lines = without.split('\n');
  const left = (lines[given.line - 1] ?? '').replace(/\r$/, '').trim();
  if (left === CONTINUES[shell] && given.line > 1) lines.splice(given.line - 1, 1);
  else if (left === '' && given.line > 1) {
    // It was the last one: the line before must not go on any more.
    lines.splice(given.line - 1, 1);
    lines[given.line - 2] = (lines[given.line - 2] ?? '').replace(/\s*[\\^`]\s*$/, '');
  } else lines[given.line - 1] = (lines[given.line - 1] ?? '').replace(/(\S) {2,}(?=\S)/g, '$1 ');
  return lines.join('\n');
}

/** Puts an option behind the last one, on a line of its own. */
export function addOption(text: string, options: ReadonlyMap<string, Given>, added: string, shell: Shell): string | null {
  const last = [...options.values()].reduce<Given | null>(
    (best, given) => (best === null || after(given, best) ? given : best),
    null,
  );
  if (!last?.end) return null;
  const lines = text.split('\n');
  const at = last.end.line - 1;
  const line = lines[at] ?? '';
  const indent = /^\s*/.exec(line)?.[0] || '  ';
  lines[at] = `${line.slice(0, last.end.column - 1)} ${CONTINUES[shell]}\n${indent}${added}${line.slice(last.end.column - 1)}`;
  return lines.join('\n');
}

function after(a: Given, b: Given): boolean {
  const [left, right] = [a.end ?? a, b.end ?? b];
  return left.line > right.line || (left.line === right.line && left.column > right.column);
}
