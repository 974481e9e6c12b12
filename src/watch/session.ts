import type { Language } from '../i18n/language';
import type { Report } from '../report/schema';
import { evaluate, hasQuiet, noFindings, type OpenFindings } from './diff';
import type { FileChange, WatchEvent } from './events';
import { newGenerations } from './generations';
import type {
  CheckEvent,
  CheckProgress,
  Question,
  ScanFunction,
  ScanOptions,
  ScanResult,
  Session,
  SessionState,
} from './session-types';

export interface SessionOptions {
  readonly scan: ScanFunction;
  readonly request: Pick<ScanOptions, 'targets' | 'searching' | 'depth' | 'lang'>;
  /** What the user may name as symptom, and what they named on the command line. */
  readonly questions?: readonly Question[];
  readonly said?: string | null;
  /** ms since 1970. */
  now(): number;
  /** Changes within this time are one scan. */
  readonly coalesceMs?: number;
  /** Shown until the first scan has ended. */
  readonly first?: Report;
  /** How long after a scan that misses a finding the next one asks again whether it is gone. */
  readonly confirmMs?: number;
}

/** A session that also takes file changes and tells events: what `watch` hangs on. */
export interface WatchSession extends Session {
  /** The only way in for what happens on disk. */
  apply(changes: readonly FileChange[]): void;
  /** Tells something that needs no scan: a loss in a log, an error of the watcher. */
  tell(event: WatchEvent): void;
  onEvent(listener: (event: WatchEvent) => void): () => void;
  /** After each successful scan. */
  onScan(listener: (result: ScanResult) => void): () => void;
}

const COALESCE_MS = 150;
const CONFIRM_MS = 2000;
const PROGRESS_MS = 80;

/** Begins its first scan by itself, as soon as whoever made it has hung up their listeners. */
export function createSession(options: SessionOptions): WatchSession {
  return new LiveSession(options);
}

class LiveSession implements WatchSession {
  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #events = new Set<(event: WatchEvent) => void>();
  readonly #scans = new Set<(result: ScanResult) => void>();
  readonly #abort = new AbortController();
  #language: Language;
  #said: string | null;
  #state: SessionState = { phase: 'scanning', checks: [], report: null };
  #result: ScanResult | null = null;
  #open: OpenFindings = noFindings;
  #waiting: FileChange[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;
  #lastMs = 0;
  #toldAt = 0;
  #quietSince: number | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#language = options.request.lang;
    this.#said = options.said ?? null;
    this.#state = { ...this.#state, report: options.first ?? null, said: this.#said };
    this.#scanIn(0);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  onEvent(listener: (event: WatchEvent) => void): () => void {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }
  onScan(listener: (result: ScanResult) => void): () => void {
    this.#scans.add(listener);
    return () => this.#scans.delete(listener);
  }
  current(): SessionState {
    return this.#state;
  }
  tell(event: WatchEvent): void {
    for (const listener of this.#events) listener(event);
  }

  apply(changes: readonly FileChange[]): void {
    if (changes.length === 0) return;
    this.#waiting.push(...changes);
    this.#scanIn(this.#pause());
  }

  rescan(): void {
    this.#scanIn(0);
  }

  setLanguage(language: Language): void {
    if (language === this.#language) return;
    this.#language = language;
    this.#judgeAgain();
  }

  questions(): readonly Question[] {
    return this.#options.questions ?? [];
  }

  say(symptom: string | null): void {
    if (symptom === this.#said) return;
    this.#said = symptom;
    this.#set({ ...this.#state, said: symptom });
    this.#judgeAgain();
  }

  #symptoms(): readonly string[] {
    return this.#said === null ? [] : [this.#said];
  }

  /** The facts that are there, in the language and with the symptom of now. */
  #judgeAgain(): void {
    const report = this.#result?.reword?.(this.#language, this.#symptoms());
    if (!report) {
      this.rescan();
      return;
    }
    // The same findings in other words are no news.
    this.#open = evaluate(noFindings, report.findings).open;
    this.#set({ ...this.#state, report });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    for (const set of [this.#listeners, this.#events, this.#scans]) set.clear();
  }

  /** Waits longer after a slow scan, so that a busy log never keeps the machine busy with scanning. */
  #pause(): number {
    return Math.max(this.#options.coalesceMs ?? COALESCE_MS, Math.min(10_000, this.#lastMs * 2));
  }

  #scanIn(ms: number): void {
    if (this.#abort.signal.aborted) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    if (this.#timer !== undefined && ms > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#scan(), ms);
  }

  async #scan(): Promise<void> {
    this.#timer = undefined;
    this.#running = true;
    this.#again = false;
    const changes = this.#waiting;
    this.#waiting = [];
    const began = this.#options.now();
    this.#set({ phase: 'scanning', checks: [], report: this.#state.report, said: this.#said });
    const language = this.#language;
    const said = this.#said;
    try {
      const result = await this.#options.scan({
        ...this.#options.request,
        lang: language,
        symptoms: this.#symptoms(),
        signal: this.#abort.signal,
        onCheck: (event) => this.#checked(event),
      });
      this.#lastMs = this.#options.now() - began;
      if (!this.#abort.signal.aborted) this.#done(result, changes, began, language === this.#language && said === this.#said);
    } catch (error) {
      this.#failed(error, began);
    } finally {
      this.#running = false;
    }
    if (this.#again || this.#waiting.length > 0) this.#scanIn(this.#waiting.length > 0 ? this.#pause() : 0);
    else if (hasQuiet(this.#open)) this.#scanIn(this.#options.confirmMs ?? CONFIRM_MS);
  }

  /** Progress comes by the thousand: listeners hear of it a few times a second, of everything else at once. */
  #checked(event: CheckEvent): void {
    const now = this.#options.now();
    const silent = event.kind === 'progress' && now - this.#toldAt < PROGRESS_MS;
    if (!silent) this.#toldAt = now;
    this.#set({ ...this.#state, checks: withCheck(this.#state.checks, event) }, silent);
  }

  #done(result: ScanResult, changes: readonly FileChange[], began: number, asAsked: boolean): void {
    const before = this.#state.report;
    this.#result = result;
    // Language and symptom may have been changed while the scan ran.
    const report: Report = asAsked ? result.report : (result.reword?.(this.#language, this.#symptoms()) ?? result.report);
    if (report.lang !== this.#language) this.#again = true;
    const changedAt = changes.reduce((first, change) => Math.min(first, change.at), began);
    const { open, changes: found } = evaluate(this.#open, report.findings);
    this.#open = open;
    this.#set({ phase: 'ready', checks: this.#state.checks, report, said: this.#said });
    for (const listener of this.#scans) listener(result);
    if (before === null || before === this.#options.first) {
      this.tell({ event: 'report', report });
      return;
    }
    // What is called resolved only now went away with an earlier change: its latency counts from there.
    const quietSince = this.#quietSince ?? changedAt;
    this.#quietSince = hasQuiet(open) ? quietSince : null;
    for (const change of found) this.tell({ ...change, changedAt: change.event === 'resolved' ? quietSince : changedAt });
    for (const generation of newGenerations(before, report)) {
      // The report may have folded the home folder into `~`: the name decides.
      const name = generation.path.split(/[\\/]/).at(-1) ?? generation.path;
      const at = changes.find((change) => change.path.endsWith(name))?.at ?? changedAt;
      this.tell({ event: 'generation', generation, changedAt: at });
    }
  }

  #failed(error: unknown, began: number): void {
    if (this.#abort.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#set({ ...this.#state, phase: 'failed', error: message });
    this.tell({ event: 'error', code: 'scan-failed', message, changedAt: began });
  }

  #set(state: SessionState, silent = false): void {
    this.#state = state;
    if (silent) return;
    for (const listener of this.#listeners) listener();
  }
}

/** The list of checks after one more event. */
export function withCheck(checks: readonly CheckProgress[], event: CheckEvent): readonly CheckProgress[] {
  if (event.kind === 'planned') return event.checks.map((check) => ({ ...check, status: 'waiting' as const }));
  const known = checks.some((check) => check.id === event.id);
  if (!known) return event.kind === 'started' ? [...checks, { id: event.id, title: event.title, status: 'running' }] : checks;
  return checks.map((check): CheckProgress => {
    if (check.id !== event.id) return check;
    if (event.kind === 'started') return { ...check, status: 'running' };
    if (event.kind === 'ended') return { ...check, status: event.status };
    return { ...check, done: event.done, ...(event.total === undefined ? {} : { total: event.total }) };
  });
}
