import { editDistance } from '../edit-distance';

/**
 * The most similar name: at most a third of the characters differ (two at least are allowed), letter case and
 * separators aside. Null when nothing is close.
 */
export function nearestName(name: string, names: readonly string[]): string | null {
  const wanted = fold(name).slice(0, 120);
  let best: string | null = null;
  let bestCost = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of names) {
    const folded = fold(candidate).slice(0, 120);
    if (Math.abs(folded.length - wanted.length) >= bestCost) continue;
    const cost = editDistance(wanted, folded, bestCost);
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best ?? containing(wanted, names);
}

/** True when the name differs from what was found near to it by a slip of a letter or two. */
export const isSlip = (name: string, near: string | null): near is string => near !== null && editDistance(name, near, 3) <= 2;

/** A version or author was added or left out: the longer name holds the shorter one whole. */
function containing(wanted: string, names: readonly string[]): string | null {
  if (wanted.length < 5) return null;
  return names.find((n) => fold(n).includes(wanted) || (fold(n).length >= 5 && wanted.includes(fold(n)))) ?? null;
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s._-]+/g, '_');
}
