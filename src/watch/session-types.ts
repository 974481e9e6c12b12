import type { Depth } from '../checks/check';
import type { CheckRun, Snapshot } from '../facts/snapshot';
import type { Language } from '../i18n/language';
import type { Report } from '../report/schema';
import type { CheckEvent as RunEvent } from '../scan/run-checks';

/** Told while a scan runs. `planned` may come first and name all checks that will run. */
export type CheckEvent =
  | { readonly kind: 'planned'; readonly checks: readonly { readonly id: string; readonly title: CheckTitle }[] }
  | RunEvent;

export interface CheckTitle {
  readonly en: string;
  readonly zh: string;
}

export interface ScanOptions {
  readonly targets: readonly string[];
  /** True when the user named no path. */
  readonly searching: boolean;
  readonly depth: Depth;
  readonly lang: Language;
  /** What the user says they see. */
  readonly symptoms: readonly string[];
  readonly onCheck?: (event: CheckEvent) => void;
  readonly signal: AbortSignal;
}

export interface ScanResult {
  readonly snapshot: Snapshot;
  readonly report: Report;
  /** The same facts worded in another language, or judged with another symptom. Without it, changing them looks again. */
  readonly reword?: (language: Language, symptoms: readonly string[]) => Report;
}

/** One whole run: look, judge, report. Rejects only when nothing could be diagnosed at all. */
export type ScanFunction = (options: ScanOptions) => Promise<ScanResult>;

export type CheckStatus = 'waiting' | 'running' | CheckRun['status'];

/** One check as the screen shows it. */
export interface CheckProgress {
  readonly id: string;
  readonly title: CheckTitle;
  readonly status: CheckStatus;
  readonly done?: number;
  readonly total?: number;
}

/** A symptom that the user may name. */
export interface Question {
  readonly id: string;
  readonly title: CheckTitle;
}

/** What the screen sees. A new object for every change, the same object in between. */
export interface SessionState {
  readonly phase: 'scanning' | 'ready' | 'failed';
  readonly checks: readonly CheckProgress[];
  /** The last report; it stays while a later scan runs. */
  readonly report: Report | null;
  readonly error?: string;
  /** The symptom that the user named; null: none. */
  readonly said?: string | null;
}

/** A run of the doctor that stays alive: the screen and `watch --json` hang on it. */
export interface Session {
  /** Calls `listener` after each change; returns a function that ends it. */
  subscribe(listener: () => void): () => void;
  current(): SessionState;
  rescan(): void;
  setLanguage(language: Language): void;
  /** What the user may be asked: “what do you see?”. */
  questions(): readonly Question[];
  /** The user's answer (null: nothing of these): the same facts are judged again. */
  say(symptom: string | null): void;
  close(): void;
}
