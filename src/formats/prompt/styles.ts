/** A style of the A1111 family: texts that are put around what the user types. */
export type PromptStyle = {
  readonly name: string;
  readonly prompt: string;
  readonly negative: string;
};

/**
 * Why a file, or a row of it, gives no style. The first four end the reading: what stood before them is loaded by the newer
 * programs, which say `Error loading styles from …`; the older ones do not start.
 */
export const STYLE_PROBLEMS = ['not-utf8', 'nul', 'no-columns', 'field-too-long', 'open-quote', 'no-name', 'no-prompt'] as const;
export type StyleProblem = (typeof STYLE_PROBLEMS)[number];

export interface Styles {
  /** By name, in the order of the file; of equal names the last counts. */
  readonly styles: readonly PromptStyle[];
  readonly problems: readonly { readonly kind: StyleProblem; readonly line: number }[];
}

/** Python's `csv.field_size_limit()`. */
const FIELD_LIMIT = 131_072;
const MAX_PROBLEMS = 100;

/**
 * `styles.csv` as modules/styles.py reads it (AUTOMATIC1111 04b4508a, Forge 4999ca30): `csv.DictReader` of Python with
 * `skipinitialspace`, columns `name`, `prompt`, `negative_prompt`; in old files `text` in place of `prompt`. A name that
 * begins with `#` is a comment. Semicolons are no separators: Excel writes them, and then there are no columns.
 *
 * @param text without a byte order mark; null: the bytes are no UTF-8.
 */
export function readStyles(text: string | null): Styles {
  const styles = new Map<string, PromptStyle>();
  const problems: { kind: StyleProblem; line: number }[] = [];
  const note = (kind: StyleProblem, line: number): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ kind, line });
  };
  if (text === null) return { styles: [], problems: [{ kind: 'not-utf8', line: 1 }] };
  let columns: readonly string[] | null = null;
  for (const row of rows(text)) {
    if ('kind' in row) {
      note(row.kind, row.line);
      if (row.kind !== 'open-quote') break;
      continue;
    }
    if (row.cells.length === 0) continue;
    if (columns === null) {
      columns = row.cells;
      if (columns.includes('name') && (columns.includes('prompt') || columns.includes('text'))) continue;
      note('no-columns', row.line);
      break;
    }
    const cell = (column: string): string | null => row.cells[columns?.lastIndexOf(column) ?? -1] ?? null;
    const name = cell('name');
    const prompt = cell(columns.includes('prompt') ? 'prompt' : 'text');
    if (name === null) note('no-name', row.line);
    else if (name.startsWith('#')) continue;
    else if (prompt === null) note('no-prompt', row.line);
    else styles.set(name, { name, prompt, negative: cell('negative_prompt') ?? '' });
  }
  return { styles: [...styles.values()], problems };
}

type Row = { readonly cells: readonly string[]; readonly line: number } | { readonly kind: StyleProblem; readonly line: number };

/** Rows of a CSV text, one pass. An empty line has no cells. A quote that is not closed takes in all that follows, as in Python. */
function* rows(text: string): Generator<Row> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const first = line;
    const cells: string[] = [];
    let open = false;
    for (;;) {
      while (text[at] === ' ') at++;
      const field = text[at] === '"' ? quoted(text, at) : plain(text, at);
      if (field.text.includes('\u0000')) return yield { kind: 'nul', line: first };
      if (field.text.length > FIELD_LIMIT) return yield { kind: 'field-too-long', line: first };
      line += field.lines;
      at = field.end;
      open ||= field.open;
      const next = text[at];
      const empty = cells.length === 0 && field.text === '' && !field.quoted && next !== ',';
      if (!empty) cells.push(field.text);
      if (next !== ',') break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    yield { cells, line: first };
    if (open) yield { kind: 'open-quote', line: first };
  }
}

interface Field {
  readonly text: string;
  readonly end: number;
  readonly lines: number;
  readonly quoted: boolean;
  readonly open: boolean;
}

function plain(text: string, from: number): Field {
  let end = from;
  while (end < text.length && text[end] !== ',' && text[end] !== '\r' && text[end] !== '\n') end++;
  return { text: text.slice(from, end), end, lines: 0, quoted: false, open: false };
}

/** `"a ""b"" c"`; what stands behind the closing quote belongs to the field too. */
function quoted(text: string, from: number): Field {
  const parts: string[] = [];
  let at = from + 1;
  for (;;) {
    const close = text.indexOf('"', at);
    parts.push(text.slice(at, close < 0 ? text.length : close));
    at = close < 0 ? text.length : close + 1;
    if (close < 0 || text[at] !== '"') {
      const tail = close < 0 ? null : plain(text, at);
      const value = parts.join('"') + (tail?.text ?? '');
      const lines = value.split('\n').length - 1;
      return { text: value, end: tail?.end ?? at, lines, quoted: true, open: close < 0 };
    }
    at++;
  }
}

const MERGED_LIMIT = 1 << 20;

/** A prompt with its styles, each put around what came before (`merge_prompts`). Cut at 1 MiB: a style may hold the prompt twice. */
export function withStyles(prompt: string, chosen: readonly string[]): string {
  return chosen.reduce((text, style) => {
    if (style.includes('{prompt}')) return style.split('{prompt}').join(text).slice(0, MERGED_LIMIT);
    return [text.trim(), style.trim()].filter((part) => part !== '').join(', ');
  }, prompt);
}
