import type { Bilingual } from '../../facts/define';
import type { Family } from '../../facts/families';
import type { Allowed } from './allowed';
import { type Claim, familyClaims, type Lineage } from './claims';

export interface FamilyVerdict {
  readonly id: Family;
  readonly confidence: 'certain' | 'likely' | 'guess';
  /** All families that the tensors allow; at least `id`, empty when unknown. */
  readonly candidates: readonly Family[];
  readonly variant: string | null;
  readonly why: readonly Bilingual[];
  readonly lineage: Lineage | null;
}

/** Families whose tensors are those of another one: metadata may name them. */
const LOOKALIKE: { readonly [claimed: string]: Family } = { kolors: 'sdxl', 'ssd-1b': 'sdxl' };

/**
 * Joins what tensors allow with what metadata claims. Metadata chooses among what the tensors allow, never against them; a claim
 * outside is a contradiction (see `contradictions`).
 */
export function decideFamily(
  allowed: Allowed | null,
  metadata: ReadonlyMap<string, string>,
  lineage: Lineage | null,
): FamilyVerdict {
  const claims = familyClaims(metadata);
  if (!allowed || allowed.candidates.length === 0) return undecided(claims, allowed, lineage);
  const claim = claims.find((candidate) => fits(candidate, allowed));
  const [first, ...others] = allowed.candidates;
  if (first && others.length === 0) {
    const lookalike = claim && claim.family !== first;
    const id = lookalike ? claim.family : first;
    const variant = allowed.variant ?? claim?.variant ?? null;
    const candidates = lookalike ? [first, claim.family] : [first];
    const why = lookalike ? [...allowed.why, saidBy(claim)] : allowed.why;
    return { id, confidence: lookalike ? 'likely' : allowed.support, candidates, variant, why, lineage };
  }
  if (claim) {
    const variant = claim.variant ?? allowed.variant;
    return {
      id: claim.family,
      confidence: 'likely',
      candidates: allowed.candidates,
      variant,
      why: [...allowed.why, saidBy(claim)],
      lineage,
    };
  }
  const confidence = allowed.best ? allowed.support : 'guess';
  return { id: allowed.best ?? 'unknown', confidence, candidates: allowed.candidates, variant: null, why: allowed.why, lineage };
}

function fits(claim: Claim, allowed: Allowed): boolean {
  const lookalike = LOOKALIKE[claim.family];
  return (
    allowed.candidates.includes(claim.family) ||
    (lookalike !== undefined && allowed.candidates.includes(lookalike) && claim.key !== 'ss_sd_model_name')
  );
}

/** Tensors say nothing at all: a claim is only a guess then. */
function undecided(claims: readonly Claim[], allowed: Allowed | null, lineage: Lineage | null): FamilyVerdict {
  const [claim] = claims;
  const why = allowed?.why ?? [];
  const variant = allowed?.variant ?? null;
  // Known to be another model: no claim makes it one of ours.
  if (!claim || variant !== null) return { id: 'unknown', confidence: 'guess', candidates: [], variant, why, lineage };
  return {
    id: claim.family,
    confidence: 'guess',
    candidates: [claim.family],
    variant: claim.variant,
    why: [...why, saidBy(claim)],
    lineage,
  };
}

function saidBy(claim: Claim): Bilingual {
  const value = claim.value.slice(0, 80);
  return { en: `metadata ${claim.key} = ${value}`, zh: `元数据 ${claim.key} = ${value}` };
}
