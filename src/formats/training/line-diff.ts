/** Most lines between the first and the last difference that are compared one by one; of more, all count as changed. */
const LINES = 2000;

/**
 * The difference of two texts the way `diff -u` shows it, with three lines around each change. Empty when they are equal.
 * Longest common subsequence of lines.
 */
export function lineDiff(before: string, after: string, oldName: string, newName: string): string {
  if (before === after) return '';
  const a = before.replace(/\n$/, '').split('\n');
  const b = after.replace(/\n$/, '').split('\n');
  const steps = compare(a, b);
  const out: string[] = [`--- ${oldName}`, `+++ ${newName}`];
  for (const [from, to] of hunks(steps)) {
    const part = steps.slice(from, to);
    const [oldAt, newAt] = [countOf(steps.slice(0, from), '+'), countOf(steps.slice(0, from), '-')];
    out.push(`@@ -${oldAt + 1},${countOf(part, '+')} +${newAt + 1},${countOf(part, '-')} @@`);
    for (const { sign, line } of part) out.push(`${sign}${line}`);
  }
  return `${out.join('\n')}\n`;
}

interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** Lines of one side: all that do not have the other side's sign. */
const countOf = (steps: readonly Step[], other: '-' | '+'): number => steps.filter((step) => step.sign !== other).length;

const signed = (sign: Step['sign'], lines: readonly string[]): Step[] => lines.map((line) => ({ sign, line }));

/** Only what stands between the common beginning and the common end is searched. */
function compare(a: readonly string[], b: readonly string[]): Step[] {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [gone, come] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const middle = Math.max(gone.length, come.length) > LINES ? [...signed('-', gone), ...signed('+', come)] : walk(gone, come);
  return [...signed(' ', a.slice(0, head)), ...middle, ...signed(' ', a.slice(a.length - tail))];
}

function walk(a: readonly string[], b: readonly string[]): Step[] {
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const out: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ sign: ' ', line: a[i] ?? '' });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) out.push({ sign: '-', line: a[i++] ?? '' });
    else out.push({ sign: '+', line: b[j++] ?? '' });
  }
  return out;
}

/** Changed stretches with what stands around them; neighbours are joined. */
function hunks(steps: readonly Step[]): [number, number][] {
  const out: [number, number][] = [];
  steps.forEach(({ sign }, i) => {
    if (sign === ' ') return;
    const [from, to] = [Math.max(0, i - 3), Math.min(steps.length, i + 4)];
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else out.push([from, to]);
  });
  return out;
}
