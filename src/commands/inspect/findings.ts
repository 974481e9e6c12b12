import { checkpointFactsOf, loraFactsOf, partFactsOf } from '../../checks/lora/facts';
import { splitName } from '../../checks/lora/names';
import type { SeenFile } from '../../checks/lora/seen';
import { weightFactsOf } from '../../checks/lora/weights-check';
import { diagnose } from '../../diagnosis/diagnose';
import { hash64 } from '../../diagnosis/hash';
import type { RuleBase } from '../../diagnosis/rule';
import { registry } from '../../facts/registry/all';
import type { FactMap } from '../../facts/snapshot';
import { Store } from '../../facts/store';
import type { Subject } from '../../facts/subject';
import { baseName } from '../../formats/file-name';
import { a1111Version } from '../../formats/model/sidecar';
import { show } from '../../formats/show';
import type { Language } from '../../i18n/language';
import { ownFindings } from '../../inspect/own-findings';
import { wordFinding } from '../../report/finding';
import type { Finding } from '../../report/schema';
import type { Examined } from './types';

/** The scopes that speak of a file by itself. */
const SCOPES = new Set(['lora', 'checkpoint', 'vae', 'encoder']);
const PROVIDES = new Set([...registry.keys()]);

/** Kinds of files without findings that are remembered, and characters that tell one. */
const MAX_QUIET = 1000;
const MAX_KEY = 1000;

/** Judges single files by the same rules as `check`, and by what only `inspect` looks at. */
export class FileJudge {
  readonly #base: RuleBase;
  readonly #lang: Language;
  /** Facts that the rules read. */
  readonly #read: readonly string[];
  /** Values of these with which no rule found anything: most of thousands of files are alike in them. */
  readonly #quiet = new Set<string>();

  constructor(base: RuleBase, lang: Language) {
    const rules = base.rules.filter((rule) => SCOPES.has(rule.scope));
    this.#base = { ...base, rules };
    this.#lang = lang;
    this.#read = [...new Set(rules.flatMap(({ reads }) => reads))];
  }

  findings(examined: Examined): Finding[] {
    const own = ownFindings(examined.inspected.identity, examined.weights, examined.hashes);
    const stated = factsOf(examined);
    return [...this.#byRule(stated), ...own.map((one) => this.#word(one, examined, stated.subject.id))];
  }

  #byRule({ subject, facts }: Stated): Finding[] {
    const key = this.#keyOf(subject.kind, facts);
    if (this.#quiet.has(key)) return [];
    const store = new Store(registry);
    store.add('inspect', PROVIDES, { subjects: [subject], facts: { [subject.id]: facts }, notes: [] });
    const found = diagnose(store, this.#base).findings.map((one) => wordFinding(one, { lang: this.#lang, registry }));
    if (found.length === 0 && key.length <= MAX_KEY && this.#quiet.size < MAX_QUIET) this.#quiet.add(key);
    return found;
  }

  #keyOf(kind: string, facts: FactMap): string {
    let key = kind;
    for (const id of this.#read) {
      const fact = facts[id];
      if (fact) key += fact.state === 'known' ? `,${id}=${JSON.stringify(fact.value)}` : `,${id} ${fact.state}`;
    }
    return key;
  }

  #word(own: ReturnType<typeof ownFindings>[number], { inspected }: Examined, id: string): Finding {
    const say = (text: { en: string; zh: string }): string => show(this.#lang === 'en' ? text.en : text.zh);
    const path = inspected.input.path;
    const file = splitName(baseName(path)).file;
    return {
      rule: own.rule,
      cause: own.cause,
      subject: { kind: 'lora', id: show(id, 1000), label: show(file, 200), path: show(path, 1000) },
      fingerprint: hash64(`${own.rule}|lora:${file}`),
      severity: own.severity,
      verdict: own.verdict,
      share: own.verdict === 'confirmed' ? 0.95 : 0.8,
      title: `${show(file, 200)}: ${say(own.title)}`,
      message: say(own.message),
      evidence: own.evidence.map(({ fact, value, text }) => ({
        fact,
        value,
        direction: 'for',
        weight: 'strong',
        text: say(text),
        source: { path: show(path, 1000) },
      })),
      missing: [],
      fixes: [{ id: own.fix.id, title: say(own.fix.title), steps: own.fix.steps.map(say), safety: 'manual', effort: 'medium' }],
      symptoms: [],
      explainedBy: null,
      references: ['lora-files.md §5'],
      count: 1,
    };
  }
}

interface Stated {
  readonly subject: Subject;
  readonly facts: FactMap;
}

/** The facts that the checks would state of this file, were it named to `check`. */
function factsOf({ inspected, info, weights }: Examined): Stated {
  const { input, identity, metadata, contradictions } = inspected;
  const file = baseName(input.path);
  const unreadable = input.container.error?.code.startsWith('unreadable-') === true;
  const sdVersion = a1111Version(input.header?.metadata ?? new Map());
  const seen: SeenFile = {
    path: input.path,
    relative: file,
    name: splitName(file),
    info,
    folder: { path: input.path, kind: 'lora', install: null },
    looked: unreadable
      ? null
      : {
          container: input.container,
          inspected: identity ? { identity, metadata, contradictions, sdVersion, quick: false } : null,
          pickle: input.pickle ?? null,
        },
    failure: unreadable ? 'unreadable' : null,
  };
  const [kind, facts] = subjectOf(seen);
  const subject = { kind, id: `${kind}:${input.path}`, path: input.path, label: file };
  return { subject, facts: weights && kind === 'lora' ? { ...facts, ...weightFactsOf(weights) } : facts };
}

function subjectOf(seen: SeenFile): ['lora' | 'checkpoint' | 'vae' | 'encoder', FactMap] {
  switch (seen.looked?.inspected?.identity?.kind) {
    case 'checkpoint':
    case 'unet':
      return ['checkpoint', checkpointFactsOf(seen)];
    case 'vae':
      return ['vae', partFactsOf(seen, 'vae')];
    case 'text-encoder':
      return ['encoder', partFactsOf(seen, 'encoder')];
    default:
      return ['lora', loraFactsOf(seen, { ui: undefined, hidesDotFolders: false })];
  }
}
