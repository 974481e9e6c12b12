/** Small pictures out of characters: bars, a strip of levels, a histogram. Each has an ASCII form. No colours, no numbers. */

const EIGHTHS = '▁▂▃▄▅▆▇█';
const LEFT_EIGHTHS = '▏▎▍▌▋▊▉';
const ASCII_LEVELS = '.:-=+*#@';

/** One character a value, higher for more. Null: there is nothing at that place. */
export function strip(values: readonly (number | null)[], most: number, ascii: boolean): string {
  const levels = ascii ? ASCII_LEVELS : EIGHTHS;
  return values
    .map((value) => {
      if (value === null) return ' ';
      const level = most > 0 ? Math.ceil((value / most) * levels.length) - 1 : 0;
      return levels.charAt(Math.min(levels.length - 1, Math.max(0, level)));
    })
    .join('');
}

/** A bar of at most `columns` characters; never empty for what is more than nothing. */
export function bar(value: number, most: number, columns: number, ascii: boolean): string {
  if (!(value > 0) || !(most > 0)) return '';
  const exact = Math.min(1, value / most) * columns;
  if (ascii) return '#'.repeat(Math.max(1, Math.round(exact)));
  const full = Math.floor(exact);
  const part = LEFT_EIGHTHS.charAt(Math.floor((exact - full) * 8) - 1);
  return '█'.repeat(full) + part || '▏';
}

/** A histogram of `rows` lines, two steps a line (half blocks), from the top. A count that is not 0 shows at least half a block. */
export function histogram(counts: readonly number[], rows: number, ascii: boolean): string[] {
  const most = Math.max(...counts, 1);
  const heights = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * rows * 2))));
  return Array.from({ length: rows }, (_, row) => {
    const floor = (rows - 1 - row) * 2;
    return heights
      .map((height) => (height >= floor + 2 ? (ascii ? '#' : '█') : height === floor + 1 ? (ascii ? ':' : '▄') : ' '))
      .join('')
      .trimEnd();
  });
}

/** At most `columns` values: neighbours become their mean. */
export function squeeze(values: readonly (number | null)[], columns: number): (number | null)[] {
  const step = Math.ceil(values.length / Math.max(1, columns));
  if (step <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / step) }, (_, i) => {
    const known = values.slice(i * step, (i + 1) * step).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
  });
}
