import type { Bilingual } from '../facts/define';
import type { PartName } from './parts';
import type { VramSettings } from './settings';

export type Fits = 'yes' | 'tight' | 'no' | 'unknown';

export interface Estimate {
  readonly peak: number;
  readonly low: number;
  readonly high: number;
  readonly need: number;
  readonly parts: readonly { readonly name: PartName; readonly bytes: number }[];
  readonly fits: Fits;
}

/** One change of a set-up. */
export interface Change {
  readonly id: string;
  readonly what: Bilingual;
  /** What to type or to choose in the program; null when that is known of no program. */
  readonly option: string | null;
  /** Bytes that this change saves, made after the ones before it. */
  readonly saves: number;
}

/** A change that may be made: how much it costs (0: nothing, 9: very much), and the settings after it. */
export interface Candidate {
  readonly id: string;
  readonly what: Bilingual;
  readonly option: string | null;
  readonly quality: number;
  readonly time: number;
  readonly apply: (settings: VramSettings) => VramSettings;
}
