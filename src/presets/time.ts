import { cardOf } from '../vram/cards';
import type { PresetQuery } from './query';
import type { Speed, Task } from './schema';

/** From the fastest class to the slowest; up to how many seconds each reaches. */
const CLASSES = {
  generate: [
    ['seconds', 15],
    ['minute', 60],
    ['minutes', 600],
    ['slow', Number.POSITIVE_INFINITY],
  ],
  train: [
    ['hour', 3600],
    ['hours', 6 * 3600],
    ['night', 24 * 3600],
    ['days', Number.POSITIVE_INFINITY],
  ],
} as const;
export type TimeClass = (typeof CLASSES)[Task][number][0];

/** A training of this many steps is what times are given for: the trainer's own default. */
export const TRAINING_STEPS = 1600;

export interface TimeAnswer {
  /** Fastest and slowest class of the rows; null when nothing is published for the card's series. */
  readonly classes: readonly [TimeClass, TimeClass] | null;
  /** Of one picture, or of a training of 1600 steps. */
  readonly seconds: readonly [number, number] | null;
  /** What it is read from: rows of this card, of its series, or (without a class) the nearest there is. */
  readonly ground: 'card' | 'series' | 'other' | 'none';
  readonly rows: readonly Speed[];
}

/** Most rows that are named as the ground. */
const MOST_ROWS = 3;

/** How long it takes, from published times alone. */
export function timeOf(speeds: readonly Speed[], query: PresetQuery, task: Task, family: string): TimeAnswer {
  const same = speeds.filter((row) => row.task === task && row.family === family);
  const card = query.gpu === null ? null : cardOf(query.gpu);
  const name = query.gpu === null ? '' : plain(query.gpu);
  const size = (row: Speed): number => Math.abs(row.gib - query.vramGib);
  const this_ = same.filter((row) => name !== '' && plain(row.gpu) === name && size(row) < 1);
  // A card with much more or less memory works otherwise: blocks that are swapped, weights layer by layer.
  const alike = (row: Speed): boolean => row.gib <= query.vramGib * 2 && query.vramGib <= row.gib * 2;
  const series = same.filter((row) => card !== null && row.card === card && alike(row));
  const least = Math.min(...series.map(size));
  const rows = this_.length > 0 ? this_ : series.filter((row) => size(row) === least);
  if (rows.length === 0) {
    const nearest = [...same].sort((a, b) => size(a) - size(b)).slice(0, 2);
    return { classes: null, seconds: null, ground: nearest.length === 0 ? 'none' : 'other', rows: nearest };
  }
  const times = rows.map((row) => row.seconds * (task === 'train' ? TRAINING_STEPS : 1)).sort((a, b) => a - b);
  const [fast = 0] = times;
  const slow = times.at(-1) ?? fast;
  return {
    classes: [classOf(fast, task), classOf(slow, task)],
    seconds: [fast, slow],
    ground: this_.length > 0 ? 'card' : 'series',
    rows: rows.slice(0, MOST_ROWS),
  };
}

/** `NVIDIA GeForce RTX 3060 Laptop GPU 6GB` → `rtx3060laptop`. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/nvidia|geforce|gpu|\d+ ?gi?b/g, '')
    .replace(/[^a-z0-9]/g, '');

const classOf = (seconds: number, task: Task): TimeClass => CLASSES[task].find(([, most]) => seconds <= most)?.[0] ?? 'slow';
