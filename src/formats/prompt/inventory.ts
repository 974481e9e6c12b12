/** A LoRA file as name lookup sees it. */
export interface LoraEntry {
  /** Subject id; null for a file that was only met while searching. */
  readonly id: string | null;
  readonly path: string;
  /** Relative to its LoRA folder, with extension and `/`. */
  readonly file: string;
  /** File name without extension. */
  readonly stem: string;
  /** `ss_output_name` of the metadata. */
  readonly alias: string | null;
  /** `scanned`: the program lists it. `hidden`: in a searched folder, but not listed. `elsewhere`: in another folder. */
  readonly place: 'scanned' | 'hidden' | 'elsewhere';
  /** Which of the LoRA folders, in the order the program searches them. */
  readonly folder: number;
}

/** The name tables that a program builds when it scans its LoRA folders. */
export interface Inventory {
  readonly scanned: readonly LoraEntry[];
  readonly others: readonly LoraEntry[];
  readonly byStem: ReadonlyMap<string, readonly LoraEntry[]>;
  readonly byFile: ReadonlyMap<string, LoraEntry>;
  /** A1111 family: names and aliases, later files overwrite earlier ones; and the aliases that may not be used. */
  readonly aliases: ReadonlyMap<string, LoraEntry>;
  readonly forbidden: ReadonlySet<string>;
}

/**
 * Builds the tables in the order in which the A1111 family scans: folder by folder, paths in natural order
 * (webui-a1111-family.md §2.1, §2.4). An alias that is already taken goes on the forbidden list (lower-case).
 */
export function buildInventory(entries: readonly LoraEntry[]): Inventory {
  const scanned = entries.filter((e) => e.place === 'scanned').map((entry) => ({ entry, key: scanKey(entry) }));
  scanned.sort((a, b) => compareKeys(a.key, b.key));
  const byStem = new Map<string, LoraEntry[]>();
  const byFile = new Map<string, LoraEntry>();
  const aliases = new Map<string, LoraEntry>();
  const forbidden = new Set(['none']);
  for (const { entry } of scanned) {
    const same = byStem.get(entry.stem);
    if (same) same.push(entry);
    else byStem.set(entry.stem, [entry]);
    if (!byFile.has(entry.file)) byFile.set(entry.file, entry);
    const alias = entry.alias ?? entry.stem;
    if (aliases.has(alias)) forbidden.add(alias.toLowerCase());
    aliases.set(entry.stem, entry);
    aliases.set(alias, entry);
  }
  return {
    scanned: scanned.map((s) => s.entry),
    others: entries.filter((e) => e.place !== 'scanned'),
    byStem,
    byFile,
    aliases,
    forbidden,
  };
}

type Key = readonly (string | number)[];

/** Folder rank, then natural keys of the directory and of the file name. */
function scanKey(entry: LoraEntry): Key {
  const slash = entry.file.lastIndexOf('/');
  return [
    entry.folder,
    ...naturalKey(entry.file.slice(0, Math.max(0, slash))),
    '\u0000',
    ...naturalKey(entry.file.slice(slash + 1)),
  ];
}

function naturalKey(text: string): Key {
  return text.split(/([0-9]+)/).map((part, i) => (i % 2 === 1 ? Number(part) : part.toLowerCase()));
}

function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const x = a[i];
    const y = b[i];
    if (x === y || x === undefined || y === undefined) continue;
    if (typeof x === typeof y) return x < y ? -1 : 1;
    return typeof x === 'number' ? -1 : 1;
  }
  return a.length - b.length;
}
