import type { Finding, Report } from '../report/schema';

/** A picture that was finished while watching. A list is null when it is not known. */
export interface Generation {
  readonly path: string;
  /** Its text, or the stand-in of a redacted report. */
  readonly prompt: string | null;
  /** LoRAs that the prompt asks for, as written. */
  readonly asked: readonly { readonly name: string; readonly strength: number | null }[] | null;
  /** Those among them that the picture or the log proves to have been loaded. */
  readonly loaded: readonly string[] | null;
}

/** What `watch` tells. `changedAt` is when the file changed that led to it (ms since 1970), for the latency. */
export type WatchEvent =
  | { readonly event: 'report'; readonly report: Report }
  | { readonly event: 'opened' | 'updated' | 'resolved'; readonly finding: Finding; readonly changedAt: number }
  | { readonly event: 'generation'; readonly generation: Generation; readonly changedAt: number }
  | { readonly event: 'lost'; readonly path: string; readonly bytes: number; readonly why: string; readonly changedAt: number }
  | { readonly event: 'error'; readonly code: string; readonly message: string; readonly changedAt: number };

/** One thing that happened to a file. */
export interface FileChange {
  readonly kind: 'added' | 'changed' | 'removed' | 'log';
  readonly path: string;
  /** When it was noticed, ms since 1970. */
  readonly at: number;
}
