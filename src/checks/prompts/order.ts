import { type Asked, signatureOf } from './asked';

/** A generation belongs to the last session when it is at most this much older than the newest. */
const SESSION_MS = 12 * 3600 * 1000;
const REAL = new Set(['params', 'image', 'graph']);

export interface Placed extends Asked {
  readonly index: number;
  readonly recent: boolean;
}

/**
 * Puts generations in order: what was generated first (newest first), then saved workflows and settings. Equal requests
 * become one, with the newest picture; params.txt lends its name to the picture it led to.
 */
export function place(all: readonly Asked[]): Placed[] {
  const merged = new Map<string, Asked>();
  const sorted = [...all].sort((a, b) => rank(a) - rank(b) || b.mtimeMs - a.mtimeMs || (a.path < b.path ? 1 : -1));
  for (const asked of sorted) {
    const key = `${rank(asked)}|${signatureOf(asked)}`;
    const before = merged.get(key);
    merged.set(key, before ? merge(before, asked) : asked);
  }
  const list = [...merged.values()];
  const newest = list.find((a) => REAL.has(a.source))?.mtimeMs ?? Math.max(0, ...list.map((a) => a.mtimeMs));
  return list.map((asked, index) => ({ ...asked, index, recent: asked.mtimeMs >= newest - SESSION_MS }));
}

function rank(asked: Asked): number {
  return REAL.has(asked.source) ? 0 : asked.source === 'workflow' ? 1 : 2;
}

function merge(first: Asked, second: Asked): Asked {
  const named = second.source === 'params' ? second : first;
  return {
    ...named,
    mtimeMs: Math.max(first.mtimeMs, second.mtimeMs),
    image: first.image ?? second.image,
    digest: first.image === null ? second.digest : first.digest,
    count: first.count + (second.source === 'params' || first.source === 'params' ? 0 : 1),
  };
}
