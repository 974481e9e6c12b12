import { Role } from '../formats/model/roles';
import type { ModuleTensors, NoDelta } from './module';

export type WeightsVerdict = 'sound' | 'nan' | 'inf' | 'dead' | 'partly-dead' | 'overcooked' | 'suspicious';

export interface Suspicion {
  readonly code:
    | 'half-pair'
    | 'rank-mismatch'
    | 'alpha-nan'
    | 'alpha-inf'
    | 'alpha-negative'
    | 'alpha-huge'
    | 'alpha-missing'
    | 'outlier';
  /** Module name as it stands in the file. */
  readonly module: string;
}

/** Heuristics, no authority has better ones (lora-files.md §5.4): healthy LoRAs lie at 0.003 to 1.6. */
const OVERCOOKED_MEDIAN = 5;
const OUTLIER_TIMES = 20;
const ALPHA_PER_RANK = 8;
const MAX_SUSPICIONS = 1000;

/** What is odd about one module. `rank` null: alpha has no meaning there (a whole LoKr stores Inf in fp16, and is healthy). */
export function suspicionsOf(
  module: ModuleTensors,
  rank: number | null,
  alpha: number | null,
  broken: NoDelta | null,
): Suspicion[] {
  const out: Suspicion[] = [];
  const say = (code: Suspicion['code']): number => out.push({ code, module: module.name });
  if (broken === 'half-pair' || broken === 'rank-mismatch') say(broken);
  if (rank === null) return out;
  if (alpha === null) {
    if (module.expectsAlpha && !module.tensors.has(Role.alpha)) say('alpha-missing');
  } else if (Number.isNaN(alpha)) say('alpha-nan');
  else if (!Number.isFinite(alpha)) say('alpha-inf');
  else if (alpha < 0) say('alpha-negative');
  else if (alpha / rank > ALPHA_PER_RANK) say('alpha-huge');
  return out;
}

/** The first that holds of contract.md's list. */
export function verdictOf(
  counts: { readonly nan: number; readonly inf: number; readonly dead: number },
  modules: readonly { readonly name: string; readonly norm: number }[],
  median: number,
  found: readonly Suspicion[],
): { readonly verdict: WeightsVerdict; readonly suspicions: readonly Suspicion[] } {
  const outliers = modules.filter((module) => median > 0 && module.norm > OUTLIER_TIMES * median);
  const suspicions = [...found, ...outliers.map(({ name }): Suspicion => ({ code: 'outlier', module: name }))];
  return { verdict: first(counts, modules.length, median, suspicions.length), suspicions: suspicions.slice(0, MAX_SUSPICIONS) };
}

function first(
  counts: { readonly nan: number; readonly inf: number; readonly dead: number },
  modules: number,
  median: number,
  odd: number,
): WeightsVerdict {
  if (counts.nan > 0) return 'nan';
  if (counts.inf > 0) return 'inf';
  if (counts.dead > 0) return counts.dead === modules ? 'dead' : 'partly-dead';
  if (median > OVERCOOKED_MEDIAN) return 'overcooked';
  return odd > 0 ? 'suspicious' : 'sound';
}
