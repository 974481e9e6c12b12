import type { SignalHit } from '../../facts/signal';
import { show } from '../show';

/** Different hits kept of one signal and session; the others are counted in `total` only. */
const KEPT = 50;
const TEXT_LIMIT = 399;
/** Captures that differ from line to line in a flood; they are left out when hits are compared. */
const VARYING = new Set([
  'key',
  'layer',
  'shape',
  'size',
  'fileShape',
  'modelShape',
  'sizeA',
  'sizeB',
  'left',
  'right',
  'error',
  'seconds',
]);
/** Several widths of one model are one fact in a flood; the family that follows from them is compared. */
const VARYING_DERIVED = new Set(['fileWidth', 'modelWidth', 'leftWidth', 'rightWidth']);

export interface NewHit {
  readonly signal: string;
  readonly signature: string;
  readonly flood: boolean;
  readonly line: number;
  /** The line as it stood. */
  readonly raw: string;
  readonly captures: Record<string, string>;
}

interface Entry {
  readonly hit: Omit<NewHit, 'raw'>;
  readonly text: string;
  count: number;
  lastLine: number;
}

export interface HitCollector {
  add(hit: NewHit): void;
  /** In the order of their first line. */
  list(): SignalHit[];
  /** The same hits, collected on apart. */
  fork(): HitCollector;
}

/** Collects hits of one session; equal ones are counted, never listed twice. */
export function createHits(): HitCollector {
  return collector(new Map(), new Map(), new Map());
}

function collector(entries: Map<string, Entry>, kept: Map<string, number>, totals: Map<string, number>): HitCollector {
  return {
    fork: () => collector(new Map([...entries].map(([key, entry]) => [key, { ...entry }])), new Map(kept), new Map(totals)),
    add(hit) {
      totals.set(hit.signal, (totals.get(hit.signal) ?? 0) + 1);
      const key = keyOf(hit);
      const entry = entries.get(key);
      if (entry) {
        entry.count++;
        entry.lastLine = hit.line;
        return;
      }
      const have = kept.get(hit.signal) ?? 0;
      if (have >= KEPT) return;
      kept.set(hit.signal, have + 1);
      entries.set(key, { ...ownHit(hit), count: 1, lastLine: hit.line });
    },
    list: () =>
      [...entries.values()]
        .map(({ hit, text, count, lastLine }) => ({
          signal: hit.signal,
          signature: hit.signature,
          count,
          total: totals.get(hit.signal) ?? count,
          firstLine: hit.line,
          lastLine,
          text,
          captures: hit.captures,
        }))
        .sort((a, b) => a.firstLine - b.firstLine),
  };
}

/** A part of a string keeps the whole line in memory, so what stays is copied. */
function ownHit({ raw, ...hit }: NewHit): Pick<Entry, 'hit' | 'text'> {
  const captures = Object.fromEntries(Object.entries(hit.captures).map(([name, value]) => [name, copied(value)]));
  return { hit: { ...hit, captures }, text: copied(show(raw.trim(), TEXT_LIMIT)) };
}

/** Joining and cutting makes an engine build a string of its own. */
function copied(text: string): string {
  return ` ${text}`.slice(1);
}

function keyOf(hit: NewHit): string {
  if (Object.keys(hit.captures).length === 0) return hit.signature;
  const captures = Object.entries(hit.captures).filter(
    ([name]) => !hit.flood || (!VARYING.has(name) && !VARYING_DERIVED.has(name)),
  );
  return JSON.stringify([hit.signature, captures.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
