import type { Snapshot } from './snapshot';

export interface SnapshotDiff {
  /** Subject ids that are new, gone, or have at least one other fact. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Subject id → ids of facts whose state or value differs (where it was read does not count). */
  readonly changed: { readonly [subjectId: string]: readonly string[] };
}

/** What differs between two snapshots. Equal facts stop a re-evaluation right here. */
export function diffSnapshots(before: Snapshot, after: Snapshot): SnapshotDiff {
  const old = new Map(before.subjects.map((s) => [s.id, s.facts]));
  const added: string[] = [];
  const changed: Record<string, string[]> = {};
  for (const subject of after.subjects) {
    const facts = old.get(subject.id);
    if (!facts) {
      added.push(subject.id);
      continue;
    }
    old.delete(subject.id);
    const ids = new Set([...Object.keys(facts), ...Object.keys(subject.facts)]);
    const differing = [...ids].filter((id) => content(facts[id]) !== content(subject.facts[id]));
    if (differing.length > 0) changed[subject.id] = differing;
  }
  return { added, removed: [...old.keys()], changed };
}

function content(fact: Snapshot['subjects'][number]['facts'][string] | undefined): string {
  if (!fact) return '';
  return fact.state === 'known' ? `=${JSON.stringify(fact.value)}` : fact.state === 'unknown' ? `?${fact.reason}` : '-';
}
