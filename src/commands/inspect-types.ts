import type { Bilingual } from '../facts/define';
import type { ModelHashes } from '../formats/hash/model-hashes';
import type { Inspected } from '../formats/model/inspect';
import type { FileInfo } from '../platform/platform';
import type { WeightsLook } from '../weights/look';

export type TextLanguage = 'en' | 'zh';

/** What stands first: can this file be used? */
export interface FileVerdict {
  readonly state: 'sound' | 'broken' | 'unsafe' | 'faulty' | 'unreadable' | 'unknown';
  readonly text: Bilingual;
}

/** What was found out about one file. */
export interface Examined {
  readonly inspected: Inspected;
  readonly info: FileInfo;
  readonly weights: WeightsLook | null;
  readonly hashes: ModelHashes | null;
}

/** One entry of `lora-doctor/inspect@1`; plain JSON, so that it can be remembered. */
export interface InspectEntry {
  readonly [key: string]: unknown;
  readonly path: string;
}

export interface InspectedFile {
  readonly entry: InspectEntry;
  readonly verdict: FileVerdict;
  /** Null when the answer was remembered, and in a long list. */
  readonly examined: Examined | null;
}
