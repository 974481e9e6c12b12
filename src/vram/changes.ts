import type { Candidate, Change, Estimate } from './answer';
import { candidatesOf } from './candidates';
import type { VramSettings } from './settings';

export interface Way {
  readonly changes: readonly Change[];
  readonly after: Estimate;
}

/** Quality counts before time, time before the number of changes. */
const costOf = (set: readonly Candidate[]): number =>
  set.reduce((cost, { quality, time }) => cost + quality * 1000 + time * 10 + 1, 0);

/** Few enough to try every set. */
const MOST_CANDIDATES = 11;

/**
 * The cheapest set that makes it fit surely; if none does, the cheapest by which the peak fits; null when nothing helps.
 * Each change in the set is needed: without it the rest does not do.
 */
export function cheapestChanges(settings: VramSettings, estimate: (settings: VramSettings) => Estimate): Way | null {
  const candidates = candidatesOf(settings).slice(0, MOST_CANDIDATES);
  const sets = Array.from({ length: 2 ** candidates.length - 1 }, (_, i) => candidates.filter((__, bit) => ((i + 1) >> bit) & 1))
    .map((set) => ({ set, cost: costOf(set) }))
    .sort((a, b) => a.cost - b.cost);
  let second: Way | null = null;
  const before = estimate(settings).fits;
  for (const { set } of sets) {
    const after = estimate(set.reduce((changed, { apply }) => apply(changed), settings));
    if (after.fits === 'yes') return { changes: listed(set, settings, estimate), after };
    if (after.fits === 'tight' && before === 'no') second ??= { changes: listed(set, settings, estimate), after };
  }
  return second;
}

function listed(set: readonly Candidate[], settings: VramSettings, estimate: (settings: VramSettings) => Estimate): Change[] {
  let now = settings;
  return set.map(({ id, what, option, apply }) => {
    const before = estimate(now).need;
    now = apply(now);
    return { id, what, option, saves: Math.max(0, before - estimate(now).need) };
  });
}
