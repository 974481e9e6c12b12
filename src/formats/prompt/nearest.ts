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
    const cost = distance(wanted, folded, bestCost);
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best ?? containing(wanted, names);
}

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

/** Edit distance with swaps of neighbours counted once (optimal string alignment); stops at `limit`. */
export function distance(a: string, b: string, limit: number): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (older[j - 2] ?? 0) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    older = previous;
    previous = row;
  }
  return previous[b.length] ?? limit;
}
