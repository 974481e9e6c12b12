import type { Bilingual } from '../../facts/define';
import type { Family } from '../../facts/families';

/** What tensors alone allow. One candidate is certain; of several, `best` is the best supported one without metadata. */
export interface Allowed {
  readonly candidates: readonly Family[];
  readonly best: Family | null;
  /** How well `best` stands; `certain` needs a single candidate. */
  readonly support: 'certain' | 'likely' | 'guess';
  readonly variant: string | null;
  readonly why: readonly Bilingual[];
}

export function only(family: Family, en: string, zh: string, variant: string | null = null): Allowed {
  return { candidates: [family], best: family, support: 'certain', variant, why: [{ en, zh }] };
}

export function several(
  candidates: readonly Family[],
  best: Family | null,
  en: string,
  zh: string,
  support: 'likely' | 'guess' = 'guess',
): Allowed {
  return { candidates, best, support, variant: null, why: [{ en, zh }] };
}
