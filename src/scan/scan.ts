import type { Check, Depth } from '../checks/check';
import { diagnose } from '../diagnosis/diagnose';
import type { RuleBase } from '../diagnosis/rule';
import type { Registry } from '../facts/registry/index';
import type { Gathered, Snapshot } from '../facts/snapshot';
import { Store } from '../facts/store';
import { known } from '../facts/value';
import type { Language } from '../i18n/language';
import type { Platform } from '../platform/platform';
import { buildReport } from '../report/build';
import { type Identity, publish } from '../report/redact';
import type { Report } from '../report/schema';
import { type CheckEvent, runChecks } from './run-checks';

/** What stays the same from scan to scan. */
export interface Doctor {
  readonly platform: Platform;
  readonly checks: readonly Check[];
  readonly base: RuleBase;
  readonly registry: Registry;
  readonly version: string;
  readonly identity: Identity;
}

export interface ScanRequest {
  readonly targets: readonly string[];
  /** True when the user named no path. */
  readonly searching: boolean;
  readonly depth: Depth;
  readonly symptoms: readonly string[];
  readonly signal: AbortSignal;
  readonly onCheck?: (event: CheckEvent) => void;
}

/** Facts with the time it took to gather them: everything that the words still lack. */
export interface Looked {
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly ms: number;
}

/** Looks: runs the checks and takes the snapshot. */
export async function look(doctor: Doctor, request: ScanRequest): Promise<Looked> {
  const began = doctor.platform.now();
  const store = new Store(doctor.registry);
  store.add('said', new Set(['machine.symptoms']), said(request.symptoms));
  await runChecks({
    checks: doctor.checks,
    store,
    platform: doctor.platform,
    targets: request.targets,
    searching: request.searching,
    depth: request.depth,
    signal: request.signal,
    ...(request.onCheck ? { onCheck: request.onCheck } : {}),
  });
  return taken(doctor, store, began);
}

/** What was gathered elsewhere (one log, one file) as a snapshot. */
export function lookAt(doctor: Doctor, check: string, provides: ReadonlySet<string>, gathered: Gathered): Looked {
  const began = doctor.platform.now();
  const store = new Store(doctor.registry);
  store.add(check, provides, gathered);
  store.ended({ id: check, status: 'ok', ms: 0 });
  return taken(doctor, store, began);
}

function taken(doctor: Doctor, store: Store, began: number): Looked {
  const now = doctor.platform.now();
  return { store, snapshot: store.snapshot(new Date(now).toISOString()), ms: Math.max(0, now - began) };
}

/** The same facts with another answer to “what do you see?”. */
export function saying(doctor: Doctor, looked: Looked, symptoms: readonly string[]): Looked {
  const subjects = looked.snapshot.subjects.map((subject) => {
    const { 'machine.symptoms': _, ...facts } = subject.facts;
    return { ...subject, facts };
  });
  const store = Store.from({ ...looked.snapshot, subjects }, doctor.registry);
  store.add('said', new Set(['machine.symptoms']), said(symptoms));
  return { ...looked, store, snapshot: store.snapshot(looked.snapshot.takenAt) };
}

/** Judges: diagnosis and report in one language. The same facts may be worded again in the other. */
export function judge(doctor: Doctor, looked: Looked, lang: Language, redact: boolean): Report {
  const diagnosis = diagnose(looked.store, doctor.base);
  const report = buildReport({
    diagnosis,
    store: looked.store,
    snapshot: looked.snapshot,
    base: doctor.base,
    registry: doctor.registry,
    lang,
    version: doctor.version,
    ms: looked.ms,
  });
  return publish(report, doctor.registry, doctor.identity, redact);
}

function said(symptoms: readonly string[]): Gathered {
  if (symptoms.length === 0) return { subjects: [{ kind: 'machine', id: 'machine', label: 'machine' }], facts: {}, notes: [] };
  return {
    subjects: [{ kind: 'machine', id: 'machine', label: 'machine' }],
    facts: { machine: { 'machine.symptoms': known([...symptoms], { text: 'you said' }) } },
    notes: [],
  };
}
