import type { TriggerWord } from '../formats/model/triggers';

/** A word for the prompt and where it comes from: stated by the author, beside the file, in the training captions, a dataset folder. */
export interface RankedWord {
  readonly word: string;
  /** Captions that hold it; 0 when only named. */
  readonly count: number;
  readonly source: 'phrase' | 'sidecar' | 'tags' | 'folder';
  /** Worth putting into the prompt. */
  readonly likely: boolean;
}

const MAX = 20;
const ORDER: readonly RankedWord['source'][] = ['phrase', 'sidecar', 'tags', 'folder'];

/** Stated words first, then those beside the file, then captions by count; each word once, under its best source. */
export function rankWords(all: readonly TriggerWord[], likely: readonly string[], beside: readonly string[]): RankedWord[] {
  const wanted = new Set(likely);
  const counts = new Map(all.map(({ word, count }) => [word, count]));
  const rows = [
    ...all.map(({ word, count, source }) => ({ word, count, source, likely: wanted.has(word) })),
    ...beside.map((word) => ({ word, count: counts.get(word) ?? 0, source: 'sidecar' as const, likely: true })),
  ];
  const place = ({ source }: RankedWord): number => ORDER.indexOf(source);
  const seen = new Set<string>();
  return rows
    .map((row, i) => ({ row, i }))
    .sort((a, b) => Number(b.row.likely) - Number(a.row.likely) || place(a.row) - place(b.row) || a.i - b.i)
    .map(({ row }) => row)
    .filter(({ word }) => !seen.has(word) && seen.add(word))
    .slice(0, MAX);
}
