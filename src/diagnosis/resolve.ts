import type { FactStore } from '../facts/snapshot';
import type { Subject, SubjectKind } from '../facts/subject';
import { type Fact, na } from '../facts/value';

/** Where a condition stands: the subject it is asked of, and those it was asked of before (a quantifier opens a new one). */
export interface Scope {
  readonly store: FactStore;
  readonly subjects: readonly Subject[];
}

/** A fact together with whose it is. */
export interface ResolvedFact {
  readonly fact: Fact;
  readonly subject?: Subject;
}

/** The fact as seen from a scope: innermost subject first. Not applicable where no subject of its kind belongs to the scope. */
export function factAt(scope: Scope, factId: string): ResolvedFact {
  const kind = factId.slice(0, factId.indexOf('.')) as SubjectKind;
  const subject = subjectAt(scope, kind);
  return subject ? { fact: scope.store.get(subject.id, factId), subject } : { fact: na };
}

/**
 * The subject of a kind that belongs to a scope: the scope's own, one it links, one those link, or the newest of that kind
 * in the same install (logs, prompts and pictures carry `<kind>.index`, 0 = newest).
 */
export function subjectAt(scope: Scope, kind: SubjectKind): Subject | undefined {
  for (let i = scope.subjects.length - 1; i >= 0; i--) {
    const subject = scope.subjects[i];
    if (!subject) continue;
    if (subject.kind === kind) return subject;
    const linked = linkedTo(scope.store, subject, kind);
    if (linked) return linked;
  }
  return newestOf(scope, kind);
}

function linkedTo(store: FactStore, subject: Subject, kind: SubjectKind): Subject | undefined {
  const id = subject.links?.[kind];
  if (id !== undefined) return store.subject(id);
  for (const via of ['prompt', 'lora', 'image'] as const) {
    const between = subject.links?.[via];
    const next = between === undefined ? undefined : store.subject(between)?.links?.[kind];
    if (next !== undefined) return store.subject(next);
  }
  return undefined;
}

/** Kinds of which a scope that links none may take the newest or only one. A LoRA or a use is never guessed. */
const GUESSABLE: readonly SubjectKind[] = ['machine', 'gpu', 'install', 'log', 'prompt', 'image'];

function newestOf(scope: Scope, kind: SubjectKind): Subject | undefined {
  if (!GUESSABLE.includes(kind)) return undefined;
  const install = kind === 'machine' || kind === 'gpu' || kind === 'install' ? undefined : installOf(scope);
  const candidates = scope.store.subjects(kind).filter((s) => install === undefined || s.links?.install === install);
  if (kind === 'install') return candidates.length === 1 ? candidates[0] : undefined;
  return candidates.find((s) => scope.store.value(s.id, `${kind}.index`) === 0) ?? candidates[0];
}

/** Id of the install that a scope belongs to. */
export function installOf(scope: Scope): string | undefined {
  for (const subject of scope.subjects) {
    if (subject.kind === 'install') return subject.id;
    if (subject.links?.install !== undefined) return subject.links.install;
  }
  return undefined;
}
