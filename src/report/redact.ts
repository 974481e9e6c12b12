import { hash64 } from '../diagnosis/hash';
import type { FactSpec } from '../facts/define';
import type { FactMap, Snapshot } from '../facts/snapshot';
import type { Fact, Json } from '../facts/value';
import { show } from '../formats/show';
import type { Report } from './schema';

/** What this machine calls its user. Empty strings are never replaced. */
export interface Identity {
  readonly home: string;
  readonly user: string;
  readonly host: string;
}

/** Patterns of things that must not travel, with the stand-in's kind. Linear-time: no nested repetition. */
const SECRETS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  [
    'token',
    /\b(?:hf_[A-Za-z0-9]{16,}|sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|ya29\.[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{30,})/g,
  ],
  ['token', /(?<=\b(?:api[_-]?key|token|secret|authorization|bearer)["']?\s{0,3}[=: ]\s{0,3}["']?)[A-Za-z0-9_.-]{12,}/gi],
  ['password', /(?<=--(?:gradio-auth|api-auth|ngrok|ngrok-auth|password)(?:[= ]|["'], ?)["']?)[^\s"',]+/g],
  ['password', /(?<=:\/\/[^\s/:@]{1,64}:)[^\s/@]+(?=@)/g],
  // 0.9.8.4 is a version: nothing is reached under 0.x. So is what stands behind `==`, `-` or `v` (opencv-python==4.8.0.76).
  ['address', /(?<!==|[-\w.])(?!127\.|0\.)(?:\d{1,3}\.){3}\d{1,3}(?=[:\s/'",)\]]|$)/g],
  ['mail', /\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z]{2,10}\b/g],
];

/** Every secret holds one of these: most strings need no closer look. */
const MAY_HOLD_SECRET = /@|:\/\/|--|hf_|sk-|gh[pousr]_|ya29|aiza|key|token|secret|auth|bearer|\d\.\d{1,3}\.\d/i;

/** `/home/NAME`, `/Users/NAME`, `C:\Users\NAME`: whoever it is, also in a log from another machine. */
const HOMES = /((?:\/home|\/Users|[A-Za-z]:\\{1,2}Users|[A-Za-z]:\/Users)[\\/]{1,2})([^\\/\s"'<>|:]+)/g;

/**
 * Replaces what must not travel: home folders by `~`, user and host names, tokens, passwords and addresses by stable
 * stand-ins, prompt texts by a stand-in that keeps their length. Names of model, picture and log files stay. Also makes every
 * string harmless (`show`), so that a report may be printed anywhere.
 *
 * @param redact false: only the second.
 */
export function publish(report: Report, registry: ReadonlyMap<string, FactSpec>, identity: Identity, redact: boolean): Report {
  const pass = new Pass(identity, redact);
  const facts = pass.snapshot(report.facts as Snapshot, registry);
  const rest = pass.json({ ...report, facts: null } as unknown as Json) as unknown as Report;
  return { ...rest, redacted: redact, facts, ...(redact ? { redactions: pass.counts } : {}) };
}

/** A value that nobody outside could have worded. */
const isHarmless = (value: Json): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (Array.isArray(value) && value.length === 0);

const isPrivate = (spec: FactSpec | undefined): boolean => spec?.sensitivity === 'personal' || spec?.sensitivity === 'secret';

class Pass {
  readonly counts: Record<string, number> = {};
  readonly #names: readonly (readonly [name: string, standIn: string, kind: string])[];
  readonly #redact: boolean;
  readonly #done = new Map<string, string>();

  constructor(identity: Identity, redact: boolean) {
    this.#redact = redact;
    const names: [string, string, string][] = [];
    if (identity.home.length > 1) names.push([identity.home, '~', 'home']);
    if (identity.host.length > 2 && identity.host !== 'localhost') names.push([identity.host, 'HOST', 'host']);
    this.#names = names;
  }

  snapshot(snapshot: Snapshot, registry: ReadonlyMap<string, FactSpec>): Snapshot {
    const { subjects, ...rest } = snapshot;
    return {
      ...(this.json(rest as unknown as Json) as unknown as Snapshot),
      subjects: subjects.map(({ facts, ...subject }) => ({
        ...(this.json(subject as unknown as Json) as unknown as typeof subject),
        facts: this.#facts(facts, registry),
      })),
    };
  }

  /** Most facts of most files need no change: they are handed on as they are. Their ids are ours. */
  #facts(facts: FactMap, registry: ReadonlyMap<string, FactSpec>): FactMap {
    let changed: { [id: string]: Fact } | null = null;
    for (const id in facts) {
      const fact = facts[id];
      if (fact === undefined || fact.state === 'na') continue;
      const spec = registry.get(id);
      if (fact.state === 'known' && fact.source === undefined && isHarmless(fact.value) && !isPrivate(spec)) continue;
      const done = this.#fact(fact, spec);
      if (done === fact) continue;
      changed ??= { ...facts };
      changed[id] = done;
    }
    return changed ?? facts;
  }

  #fact(fact: Fact, spec: FactSpec | undefined): Fact {
    const hidden = this.#redact && fact.state === 'known' && isPrivate(spec);
    if (!hidden && fact.state === 'known' && fact.source === undefined) {
      const value = spec?.type === 'version' && typeof fact.value === 'string' ? show(fact.value) : this.json(fact.value);
      return value === fact.value ? fact : { state: 'known', value };
    }
    if (!hidden) return this.json(fact as unknown as Json) as unknown as Fact;
    this.#count(spec?.sensitivity === 'secret' ? 'token' : 'text');
    const text = typeof fact.value === 'string' ? fact.value : JSON.stringify(fact.value);
    const standIn = `<text ${hash64(text).slice(0, 6)}, ${text.length} characters>`;
    return { state: 'known', value: typeof fact.value === 'string' ? standIn : [] };
  }

  json(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      const list = value as readonly Json[];
      const done = list.map((v) => this.json(v));
      return done.some((v, i) => v !== list[i]) ? done : value;
    }
    const entries = Object.entries(value);
    const done = entries.map(([k, v]): [string, Json] => [
      this.text(k),
      k === 'version' && typeof v === 'string' ? show(v) : this.json(v),
    ]);
    return done.some(([k, v], i) => k !== entries[i]?.[0] || v !== entries[i]?.[1]) ? Object.fromEntries(done) : value;
  }

  /** Most strings recur (paths, words): each is worked on once. */
  text(value: string): string {
    const before = this.#done.get(value);
    if (before !== undefined) return before;
    const result = show(this.#redact ? this.#hide(value) : value, 100_000);
    if (value.length < 400) this.#done.set(value, result);
    return result;
  }

  #hide(value: string): string {
    let out = value;
    for (const [name, standIn, kind] of this.#names) {
      if (!out.includes(name)) continue;
      this.#count(kind);
      out = out.replaceAll(name, standIn);
    }
    out = out.replace(HOMES, (all, start: string, name: string) => {
      if (name === 'user' || name === 'Public' || name === 'Shared') return all;
      this.#count('user');
      return `${start}USER-${hash64(name).slice(0, 4)}`;
    });
    if (!MAY_HOLD_SECRET.test(out)) return out;
    for (const [kind, pattern] of SECRETS) {
      out = out.replace(pattern, (secret: string) => {
        this.#count(kind);
        return `<${kind} ${hash64(secret).slice(0, 6)}>`;
      });
    }
    return out;
  }

  #count(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }
}
