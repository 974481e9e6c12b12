import type { Bilingual } from '../../facts/define';
import { familyClaims } from './claims';
import type { Identity } from './identify';
import type { ModelMetadata } from './metadata';

/** A claim of the metadata that the tensors disprove. */
export interface Contradiction {
  readonly code: 'family' | 'rank' | 'alpha';
  readonly text: Bilingual;
}

/** Adapters whose stored dim and alpha do not mean what they do for a LoRA. */
const OWN_RANK = new Set(['lokr', 'glora', 'ia3', 'oft', 'boft', 'full', 'unknown']);

/** Compares claims with tensors (lora-files.md §4, cross-checks). A rank claim holds when some module has it. */
export function contradictions(identity: Identity, meta: ModelMetadata, metadata: ReadonlyMap<string, string>): Contradiction[] {
  const out: Contradiction[] = [];
  const family = familyContradiction(identity, metadata);
  if (family) out.push(family);
  if (identity.kind !== 'lora' || OWN_RANK.has(identity.adapter ?? 'unknown')) return out;
  const dim = Number(meta.networkDim);
  if (
    meta.networkDim !== null &&
    Number.isFinite(dim) &&
    identity.rank &&
    !identity.rank.all.includes(dim) &&
    !hasOwnDims(meta)
  ) {
    const { min, max } = identity.rank;
    const has = min === max ? String(min) : `${min}–${max}`;
    out.push({
      code: 'rank',
      text: { en: `metadata says rank ${dim}, the tensors have ${has}`, zh: `元数据称秩（rank）为 ${dim}，张量实际为 ${has}` },
    });
  }
  const alpha = alphaContradiction(identity, meta);
  if (alpha) out.push(alpha);
  return out;
}

function familyContradiction(identity: Identity, metadata: ReadonlyMap<string, string>): Contradiction | null {
  const { family } = identity;
  if (family.candidates.length === 0 || (identity.kind !== 'lora' && identity.kind !== 'checkpoint')) return null;
  const claims = familyClaims(metadata).filter((claim) => claim.key !== 'ss_sd_model_name');
  // OneTrainer writes `sdxl_` so that A1111 shows the file; a claim without a version is no claim.
  const wrong = claims.find(
    (claim) => !family.candidates.includes(claim.family) && claim.family !== family.id && claim.value !== 'sdxl_',
  );
  if (!wrong || claims.some((claim) => claim.family === family.id)) return null;
  const value = wrong.value.slice(0, 80);
  return {
    code: 'family',
    text: {
      en: `metadata ${wrong.key} = ${value} says ${wrong.family}, the tensors are ${family.candidates.join(' or ')}`,
      zh: `元数据 ${wrong.key} = ${value} 称为 ${wrong.family}，张量实际属于 ${family.candidates.join(' 或 ')}`,
    },
  };
}

/** Arguments that give some modules another rank than `ss_network_dim`. */
function hasOwnDims(meta: ModelMetadata): boolean {
  return Object.keys(meta.networkArgs).some((key) => /(?:^|_)dims?$/.test(key) && key !== 'conv_dim');
}

function alphaContradiction(identity: Identity, meta: ModelMetadata): Contradiction | null {
  const claimed = Number(meta.networkAlpha);
  const { alpha } = identity;
  if (meta.networkAlpha === null || !Number.isFinite(claimed) || claimed === 0 || !alpha || hasOwnDims(meta)) return null;
  if (
    identity.features.includes('rslora') ||
    meta.networkArgs.conv_alpha !== undefined ||
    meta.networkArgs.block_alphas !== undefined
  )
    return null;
  const tolerance = Math.abs(claimed) * 0.01;
  if (alpha.min - tolerance <= claimed && claimed <= alpha.max + tolerance) return null;
  const has = alpha.min === alpha.max ? String(alpha.min) : `${alpha.min}–${alpha.max}`;
  return {
    code: 'alpha',
    text: {
      en: `metadata says alpha ${claimed}, the tensors have ${has}`,
      zh: `元数据称 alpha 为 ${claimed}，张量实际为 ${has}`,
    },
  };
}
