import type { Diagnosis } from '../diagnosis/diagnose';
import type { RuleBase } from '../diagnosis/rule';
import type { FactSpec } from '../facts/define';
import type { FactStore, Note, Snapshot } from '../facts/snapshot';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { wordFinding, wordSubject } from './finding';
import { noteMessage } from './notes';
import type { Report } from './schema';
import { settleHow } from './settle';
import { factTitle, inLanguage, type Wording } from './words';

export interface BuildInput {
  readonly diagnosis: Diagnosis;
  readonly store: FactStore;
  readonly snapshot: Snapshot;
  readonly base: RuleBase;
  readonly registry: ReadonlyMap<string, FactSpec>;
  readonly lang: Language;
  readonly version: string;
  readonly ms: number;
}

/** Facts and findings → the one report that everything renders, in one language. Nothing is redacted yet. */
export function buildReport(input: BuildInput): Report {
  const { diagnosis, store, snapshot, base, lang } = input;
  const wording: Wording = { lang, registry: input.registry };
  const findings = diagnosis.findings.map((s) => wordFinding(s, wording));
  const count = (severity: string): number => findings.filter((f) => f.severity === severity && f.explainedBy === null).length;
  const inconclusive = diagnosis.inconclusive.map((o) => ({
    rule: o.rule.id,
    subject: wordSubject(o.about),
    blockedBy: o.blockedBy.map((m) => ({ fact: m.fact, title: factTitle(m.fact, wording), reason: m.reason })),
  }));
  const causeTitle = (cause: string): string => {
    const words = base.causes[cause];
    return words ? inLanguage(words.title, lang) : cause;
  };
  const errors = count('error');
  const warnings = count('warning');
  return {
    schema: 'lora-doctor/report@1',
    tool: { name: 'lora-doctor', version: input.version, rules: base.hash },
    generatedAt: snapshot.takenAt,
    lang,
    redacted: false,
    summary: {
      verdict: errors > 0 ? 'problems' : warnings > 0 ? 'suspicions' : isUndecided(diagnosis) ? 'undecided' : 'clear',
      errors,
      warnings,
      notes: count('info'),
      inconclusive: inconclusive.length,
      files: snapshot.subjects.filter((s) => ['lora', 'checkpoint', 'vae', 'encoder', 'image'].includes(s.kind)).length,
      ms: Math.round(input.ms),
    },
    installs: store.subjects('install').map((s) => ({
      id: show(s.id, 1000),
      ui: store.value<string>(s.id, 'install.ui') ?? 'unknown',
      path: show(s.path ?? '', 1000),
      version: shown(store.value<string>(s.id, 'install.version')),
      commit: shown(store.value<string>(s.id, 'install.commit')),
      loraFolders: (store.value<string[]>(s.id, 'install.loraFolders') ?? []).map((p) => show(p, 1000)),
      args: (store.value<string[]>(s.id, 'install.args') ?? []).map((a) => show(a)),
    })),
    findings,
    differentials: diagnosis.differentials.map((d) => ({
      symptom: d.symptom,
      title: inLanguage(base.symptoms[d.symptom]?.title ?? { en: d.symptom, zh: d.symptom }, lang),
      candidates: d.candidates.map((c) => ({ ...c, share: Math.round(c.share * 1000) / 1000, title: causeTitle(c.cause) })),
      settledBy: d.settledBy
        ? {
            fact: d.settledBy.fact,
            title: factTitle(d.settledBy.fact, wording),
            how: settleHow(d.settledBy.fact, input.registry.get(d.settledBy.fact), d.settledBy.reason, lang),
          }
        : null,
    })),
    inconclusive,
    notes: snapshot.notes.map((n) => wordNote(n, lang)),
    facts: snapshot,
  };
}

function shown(value: string | undefined): string | null {
  return value === undefined ? null : show(value);
}

/** Nothing was found, but something that would have mattered could not be read. */
function isUndecided(diagnosis: Diagnosis): boolean {
  const quiet = new Set(['not-collected', 'not-stated', 'unsupported']);
  return diagnosis.inconclusive.some((o) => o.rule.severity !== 'info' && o.blockedBy.some((m) => !quiet.has(m.reason)));
}

function wordNote(note: Note, lang: Language): Report['notes'][number] {
  const base = { check: note.check, code: note.code, message: noteMessage(note, lang) };
  return note.path === undefined ? base : { ...base, path: show(note.path, 1000) };
}
