import type { Registry } from './registry/index';
import type { CheckRun, FactMap, FactStore, Gathered, Note, Snapshot } from './snapshot';
import type { Subject, SubjectKind } from './subject';
import { fits } from './validate';
import { type Fact, type Json, unknown } from './value';

/**
 * Collects what checks hand in and answers questions about it. A fact nobody stated is unknown, and says why: its check
 * did not run, failed, ran out of time, or had nothing to say.
 */
export class Store implements FactStore {
  readonly #registry: Registry;
  readonly #subjects = new Map<string, Subject>();
  readonly #byKind = new Map<SubjectKind, Subject[]>();
  readonly #facts = new Map<string, Map<string, Fact>>();
  readonly #runs = new Map<string, CheckRun>();
  readonly #notes: Note[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A snapshot taken earlier, on this machine or another. */
  static from(snapshot: Snapshot, registry: Registry): Store {
    const store = new Store(registry);
    for (const { facts, ...subject } of snapshot.subjects) {
      store.#addSubject(subject);
      store.#facts.set(subject.id, new Map(Object.entries(facts)));
    }
    for (const run of snapshot.checks) store.#runs.set(run.id, run);
    store.#notes.push(...snapshot.notes);
    return store;
  }

  /** Takes a check's result in. Facts it did not declare, or of the wrong type, are refused and noted. */
  add(check: string, provides: ReadonlySet<string>, gathered: Gathered): void {
    for (const subject of gathered.subjects) this.#addSubject(subject);
    for (const [subjectId, facts] of Object.entries(gathered.facts)) {
      if (!this.#subjects.has(subjectId)) {
        this.#notes.push({ check, code: 'fact-of-unknown-subject', detail: subjectId });
        continue;
      }
      for (const [factId, fact] of Object.entries(facts)) this.#addFact(check, provides, subjectId, factId, fact);
    }
    this.#notes.push(...gathered.notes);
  }

  ended(run: CheckRun): void {
    this.#runs.set(run.id, run);
  }

  note(note: Note): void {
    this.#notes.push(note);
  }

  #addSubject(subject: Subject): void {
    const before = this.#subjects.get(subject.id);
    if (before) {
      if (subject.links) this.#replace(before, { ...before, links: { ...before.links, ...subject.links } });
      return;
    }
    this.#subjects.set(subject.id, subject);
    const list = this.#byKind.get(subject.kind);
    if (list) list.push(subject);
    else this.#byKind.set(subject.kind, [subject]);
  }

  #replace(before: Subject, after: Subject): void {
    this.#subjects.set(after.id, after);
    const list = this.#byKind.get(after.kind) ?? [];
    list[list.indexOf(before)] = after;
  }

  #addFact(check: string, provides: ReadonlySet<string>, subjectId: string, factId: string, fact: Fact): void {
    const spec = this.#registry.get(factId);
    if (!spec || !provides.has(factId)) {
      this.#notes.push({ check, code: 'undeclared-fact', detail: factId });
      return;
    }
    const ok = fact.state !== 'known' || fits(spec, fact.value);
    if (!ok) this.#notes.push({ check, code: 'wrong-type', detail: factId });
    let facts = this.#facts.get(subjectId);
    if (!facts) {
      facts = new Map();
      this.#facts.set(subjectId, facts);
    }
    facts.set(factId, ok ? fact : unknown('check-failed', `${factId} has the wrong type`));
  }

  subjects(kind: SubjectKind): readonly Subject[] {
    return this.#byKind.get(kind) ?? [];
  }

  subject(id: string): Subject | undefined {
    return this.#subjects.get(id);
  }

  get(subjectId: string, factId: string): Fact {
    const fact = this.#facts.get(subjectId)?.get(factId);
    if (fact) return fact;
    const run = this.#runs.get(this.#registry.get(factId)?.check ?? '');
    if (!run || run.status === 'skipped') return unknown('not-collected');
    if (run.status === 'ok') return unknown('not-stated');
    return unknown(run.status === 'timed-out' ? 'timed-out' : 'check-failed', run.detail);
  }

  value<T extends Json = Json>(subjectId: string, factId: string): T | undefined {
    const fact = this.#facts.get(subjectId)?.get(factId);
    return fact?.state === 'known' ? (fact.value as T) : undefined;
  }

  runs(): readonly CheckRun[] {
    return [...this.#runs.values()];
  }

  notes(): readonly Note[] {
    return this.#notes;
  }

  snapshot(takenAt: string): Snapshot {
    return {
      schema: 'lora-doctor/facts@1',
      takenAt,
      subjects: [...this.#subjects.values()].map((subject) => ({
        ...subject,
        facts: Object.fromEntries(this.#facts.get(subject.id) ?? []) as FactMap,
      })),
      notes: this.#notes,
      checks: this.runs(),
    };
  }
}
