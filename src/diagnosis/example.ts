import type { Subject, SubjectKind } from '../facts/subject';
import type { Fact, Json } from '../facts/value';
import type { Verdict } from '../report/schema';

/** An example inside a rule: facts and what the rule must make of them. It is the rule's test. */
export interface Example {
  readonly name: string;
  /** Fact id → fact, spread over one subject of each kind that is mentioned, all linked to each other. */
  readonly facts: { readonly [factId: string]: Fact };
  /** Further subjects of the same install, for `exists` and `none`. */
  readonly others: readonly { readonly kind: SubjectKind; readonly facts: { readonly [factId: string]: Fact } }[];
  readonly expect: 'fires' | 'silent' | 'unknown';
  readonly verdict?: Verdict;
  readonly line: number;
  readonly column: number;
}

/** Subjects and facts of an example, as a check would hand them in. */
export function exampleSubjects(example: Example, scope: SubjectKind): { subject: Subject; facts: { [id: string]: Fact } }[] {
  const kinds = new Set<SubjectKind>([
    scope,
    ...Object.keys(example.facts).map((id) => id.slice(0, id.indexOf('.')) as SubjectKind),
  ]);
  const links: { [kind in SubjectKind]?: string } = { install: `install:/example` };
  for (const kind of kinds) links[kind] = idOf(kind);
  const main = [...kinds].map((kind) => ({
    subject: { kind, id: idOf(kind), label: kind, path: `/example/${kind}`, links },
    facts: Object.fromEntries(Object.entries(example.facts).filter(([id]) => id.startsWith(`${kind}.`))),
  }));
  const others = example.others.map((other, i) => ({
    subject: {
      kind: other.kind,
      id: `${other.kind}:/example/other-${i}`,
      label: `${other.kind} ${i}`,
      links: { install: 'install:/example' },
    },
    facts: { ...other.facts },
  }));
  return [...main, ...others];
}

function idOf(kind: SubjectKind): string {
  return kind === 'machine' ? 'machine' : kind === 'install' ? 'install:/example' : `${kind}:/example/${kind}`;
}

/** `{unknown: reason}` and `{na: true}` stand for facts that are not known; anything else is a known value. */
export function factOf(value: Json): Fact {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const map = value as { readonly [key: string]: Json };
    if (typeof map.unknown === 'string') return { state: 'unknown', reason: map.unknown as 'not-collected' };
    if (map.na === true) return { state: 'na' };
  }
  return { state: 'known', value };
}
