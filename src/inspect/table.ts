import { isRecord } from '../formats/json';
import { show } from '../formats/show';
import { pad, textWidth, truncate, truncateMiddle } from '../report/width';

/** What a row says of one file. Raw outside strings: `tableLines` makes them harmless. */
export interface TableRow {
  readonly path: string;
  /** Path below the folder that was named. */
  readonly name: string;
  readonly verdict: string;
  /** What its values are, where they were looked at and are not sound (`nan`, `dead` …). */
  readonly values: string;
  readonly kind: string;
  readonly family: string;
  readonly rank: number | null;
  readonly size: number;
  readonly words: readonly string[];
}

export const SORT_KEYS = ['name', 'size', 'family', 'rank', 'kind', 'verdict'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** Row of an entry of `inspect --json`. */
export function rowOf(entry: { readonly [key: string]: unknown }, root: string): TableRow {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const path = text(entry.path);
  const inside = path.startsWith(root) ? path.slice(root.length).replace(/^[\\/]/, '') : path;
  const family = isRecord(entry.family) ? entry.family : {};
  const rank = isRecord(entry.rank) && typeof entry.rank.typical === 'number' ? entry.rank.typical : null;
  const kind = text(entry.kind);
  const values = isRecord(entry.weights) ? text(entry.weights.verdict) : '';
  const adapter = text(entry.adapter);
  const triggers: unknown[] = Array.isArray(entry.triggers) ? entry.triggers : [];
  return {
    path,
    name: inside || path,
    verdict: text(entry.verdict),
    values: values === 'sound' ? '' : values,
    kind: kind === 'lora' && adapter !== '' ? adapter : kind,
    family:
      text(family.id) === 'unknown' && Array.isArray(family.candidates) && family.candidates.length > 0
        ? family.candidates.join('/')
        : text(family.id),
    rank,
    size: typeof entry.size === 'number' ? entry.size : 0,
    words: triggers.flatMap((one) => (isRecord(one) && one.likely === true && typeof one.word === 'string' ? [one.word] : [])),
  };
}

const SEVERITY = ['broken', 'unsafe', 'unreadable', 'faulty', 'unknown', 'sound'];

/** A copy in order; equal ones by name. Sizes and ranks: largest first; verdicts: worst first. */
export function sortRows(rows: readonly TableRow[], key: SortKey): TableRow[] {
  const byName = (a: TableRow, b: TableRow): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const compare: { readonly [key in SortKey]: (a: TableRow, b: TableRow) => number } = {
    name: byName,
    size: (a, b) => b.size - a.size,
    rank: (a, b) => (b.rank ?? -1) - (a.rank ?? -1),
    verdict: (a, b) => SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict),
    family: (a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : 0),
    kind: (a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0),
  };
  return [...rows].sort((a, b) => compare[key](a, b) || byName(a, b));
}

/** Every word of the filter must stand somewhere in the row; letter case does not count. */
export function matches(row: TableRow, filter: string): boolean {
  const text = [row.name, row.verdict, row.values, row.kind, row.family, ...row.words].join('\n').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** MB as shops count: 1,000,000 bytes. */
export function megabytes(size: number): string {
  if (size >= 1e9) return `${(size / 1e9).toFixed(2)} GB`;
  if (size >= 1e6) return `${(size / 1e6).toFixed(1)} MB`;
  return size >= 1e3 ? `${(size / 1e3).toFixed(1)} kB` : `${size} B`;
}

const HEADS = {
  en: { name: 'file', verdict: 'verdict', kind: 'what', family: 'family', rank: 'rank', size: 'size', words: 'trigger words' },
  zh: { name: '文件', verdict: '结论', kind: '类型', family: '模型系列', rank: '秩', size: '大小', words: '触发词' },
} as const;

const VERDICT_WORDS: { readonly [state: string]: { readonly en: string; readonly zh: string } } = {
  sound: { en: 'ok', zh: '正常' },
  broken: { en: 'BROKEN', zh: '损坏' },
  unsafe: { en: 'UNSAFE', zh: '不安全' },
  faulty: { en: 'FAULTY', zh: '有问题' },
  unreadable: { en: 'UNREADABLE', zh: '无法读取' },
  unknown: { en: 'unknown', zh: '未知' },
};

const VALUES_WORDS: { readonly [verdict: string]: { readonly en: string; readonly zh: string } } = {
  nan: { en: 'NaN', zh: 'NaN' },
  inf: { en: 'Inf', zh: 'Inf' },
  dead: { en: 'DEAD', zh: '全零' },
  'partly-dead': { en: 'PARTLY DEAD', zh: '部分全零' },
  overcooked: { en: 'OVERCOOKED', zh: '炼过头' },
  suspicious: { en: 'SUSPICIOUS', zh: '可疑' },
};

/** What is wrong with the values says more than that something is. */
function verdictWord({ verdict, values }: TableRow, lang: 'en' | 'zh'): string {
  const word = verdict === 'faulty' ? VALUES_WORDS[values] : undefined;
  return (word ?? VERDICT_WORDS[verdict])?.[lang] ?? verdict;
}

/** A line of heads and one a row, at most `columns` wide. Narrow terminals lose the trigger words first. */
export function tableLines(rows: readonly TableRow[], lang: 'en' | 'zh', columns: number, ascii: boolean): string[] {
  const mark = ascii ? '...' : '…';
  const heads = HEADS[lang];
  const cells = rows.map((row) => ({
    verdict: verdictWord(row, lang),
    name: show(row.name, 400),
    kind: show(row.kind, 40),
    family: truncate(show(row.family, 60), 16, mark),
    rank: row.rank === null ? '' : String(row.rank),
    size: megabytes(row.size),
    words: row.words.map((word) => show(word, 40)).join(', '),
  }));
  const width = (key: keyof typeof heads): number =>
    Math.max(textWidth(heads[key]), ...cells.map((cell) => textWidth(cell[key])));
  const fixed = {
    verdict: width('verdict'),
    kind: width('kind'),
    family: width('family'),
    rank: width('rank'),
    size: width('size'),
  };
  const room = Math.max(16, columns - Object.values(fixed).reduce((a, b) => a + b + 2, 0));
  const nameWidth = Math.min(width('name'), room < 40 ? room : Math.max(24, Math.floor(room * 0.7)));
  const wordWidth = Math.max(0, room - nameWidth - 2);
  const line = (cell: { readonly [key in keyof typeof heads]: string }): string =>
    [
      pad(cell.verdict, fixed.verdict),
      pad(truncateMiddle(cell.name, nameWidth, mark), nameWidth),
      pad(cell.kind, fixed.kind),
      pad(cell.family, fixed.family),
      ' '.repeat(Math.max(0, fixed.rank - textWidth(cell.rank))) + cell.rank,
      ' '.repeat(Math.max(0, fixed.size - textWidth(cell.size))) + cell.size,
      ...(wordWidth >= 8 ? [truncate(cell.words, wordWidth, mark)] : []),
    ]
      .join('  ')
      .trimEnd();
  return [line(heads), ...cells.map(line)];
}
