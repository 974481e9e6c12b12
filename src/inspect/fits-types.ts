import type { Bilingual } from '../facts/define';
import type { Ui } from '../facts/families';

/**
 * How a program takes a LoRA: `yes` as it is · `converted` names are mapped while loading · `part` something of it is left out ·
 * `no` · `unknown` the sheets do not tell.
 */
export type Loads = 'yes' | 'converted' | 'part' | 'no' | 'unknown';

export interface Fit {
  readonly ui: Ui;
  /** Versions this is true for; null: all that we know of. */
  readonly versions: string | null;
  readonly loads: Loads;
  readonly why: Bilingual;
}

/** How a program takes the tensor names. */
export interface Named {
  readonly loads: Loads;
  readonly why: Bilingual;
}

export const say = (en: string, zh: string): Bilingual => ({ en, zh });
