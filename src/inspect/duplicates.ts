/** A file as far as finding its likes needs. */
export interface Candidate {
  readonly path: string;
  readonly size: number;
  /** Length of what follows the header; null where nothing can be said. */
  readonly dataBytes: number | null;
}

/** Hashes of a whole file, and of what follows its header. */
export interface Sums {
  readonly file: string;
  readonly data: string;
}

export interface Duplicates {
  /** `file`: byte for byte the same. `tensors`: the same after the header; names or metadata differ. */
  readonly same: 'file' | 'tensors';
  /** Every byte was compared; else only samples of each (the rest would take too long). */
  readonly confirmed: boolean;
  readonly paths: readonly string[];
}

/** Bytes read at most to make sure. */
const MAX_READ = 1024 * 1024 * 1024;

/**
 * Files that hold the same. Sizes choose, then samples; whole hashes confirm within a budget.
 *
 * @param sample a hash of some of the data; null when it cannot be read.
 * @param hash null when it cannot be read.
 */
export async function findDuplicates(
  files: readonly Candidate[],
  sample: (path: string) => string | null,
  hash: (path: string) => Promise<Sums | null>,
): Promise<Duplicates[]> {
  const out: Duplicates[] = [];
  let left = MAX_READ;
  const ofOneSize = groupBy(files, ({ dataBytes }) => (dataBytes === null || dataBytes === 0 ? null : String(dataBytes)));
  for (const group of ofOneSize.flatMap((some) => groupBy(some, ({ path }) => sample(path)))) {
    const cost = group.reduce((sum, { size }) => sum + 2 * size, 0);
    if (cost > left) {
      const same = group.every(({ size }) => size === group[0]?.size) ? 'file' : 'tensors';
      out.push({ same, confirmed: false, paths: group.map(({ path }) => path) });
      continue;
    }
    left -= cost;
    const hashed: { path: string; hash: Sums | null }[] = [];
    for (const { path } of group) hashed.push({ path, hash: await hash(path) });
    for (const equal of groupBy(hashed, (one) => one.hash?.data ?? null)) {
      const same = equal.every((one) => one.hash?.file === equal[0]?.hash?.file) ? 'file' : 'tensors';
      out.push({ same, confirmed: true, paths: equal.map(({ path }) => path) });
    }
  }
  return out;
}

/** Groups of two and more, in the order of their first. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string | null): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const value = key(item);
    if (value === null) continue;
    const group = groups.get(value);
    if (group) group.push(item);
    else groups.set(value, [item]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
