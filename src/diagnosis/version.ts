/** Compares dotted versions by their numbers: `v1.10.1-12-g0ab` → 1.10.1; a local tag (`+cu121`) does not count. */
export function compareVersions(a: string, b: string): number {
  const x = numbers(a);
  const y = numbers(b);
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function numbers(version: string): number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}

/** Does a version lie in a range such as `>=1.8 <2`? Every part must hold. */
export function satisfies(version: string, range: string): boolean {
  return range
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => {
      const match = /^(<=|>=|<|>|=)?(.+)$/.exec(part);
      const order = compareVersions(version, match?.[2] ?? '');
      switch (match?.[1]) {
        case '<':
          return order < 0;
        case '<=':
          return order <= 0;
        case '>':
          return order > 0;
        case '>=':
          return order >= 0;
        default:
          return order === 0;
      }
    });
}
