import type { Bilingual } from '../facts/define';

/** A belief that people act on, set against what the programs' sources say. */
export interface Folklore {
  readonly claim: Bilingual;
  readonly verdict: 'refuted' | 'partly-true' | 'open';
  readonly truth: Bilingual;
  /** When there is something in it after all. */
  readonly applies: Bilingual;
  readonly sources: readonly string[];
}
