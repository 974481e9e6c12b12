import type { ByteSource } from '../bytes';
import type { SafetensorsHeader } from '../safetensors-header';
import { type Contradiction, contradictions } from './contradictions';
import { type Identity, identify } from './identify';
import { type ModelMetadata, readMetadata } from './metadata';

export type InspectLanguage = 'en' | 'zh';

/** What the container reader found, in the words of contract.md. */
export interface ContainerView {
  readonly kind: string;
  readonly ok: boolean;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly offset: number;
    readonly have: number | null;
    readonly need: number | null;
  } | null;
}

/** A pickle's opcode listing in short. */
export interface PickleView {
  readonly verdict: string;
  readonly globals: readonly string[];
}

export interface InspectInput {
  readonly path: string;
  readonly size: number;
  readonly container: ContainerView;
  readonly header: SafetensorsHeader | null;
  readonly pickle?: PickleView | null;
  /** The weights result in the contract's form, or null when values were not looked at. */
  readonly weights?: object | null;
  /** For alphas. */
  readonly bytes?: ByteSource;
  /** Read at most this many of them. */
  readonly alphaSample?: number;
  readonly fileName?: string;
  /** Caption words listed, at least 8; 50 when left out. */
  readonly captionWords?: number;
  readonly lang?: InspectLanguage;
  /** List rank and alpha of each module. */
  readonly detail?: boolean;
}

/** Everything that is known of one file; the source of both the JSON entry and the text. */
export interface Inspected {
  readonly input: InspectInput;
  readonly identity: Identity | null;
  readonly metadata: ModelMetadata | null;
  readonly contradictions: readonly Contradiction[];
}

/** Identifies the model behind a header; `identity` is null when there is no readable header. */
export function inspectModel(input: InspectInput): Inspected {
  const { header } = input;
  if (!header) return { input, identity: null, metadata: null, contradictions: [] };
  const identity = identify(header, {
    ...(input.bytes ? { bytes: input.bytes } : {}),
    ...(input.fileName === undefined ? {} : { fileName: input.fileName }),
    ...(input.alphaSample === undefined ? {} : { alphaSample: input.alphaSample }),
    detail: input.detail === true,
  });
  const metadata = readMetadata(header.metadata, input.captionWords);
  return { input, identity, metadata, contradictions: contradictions(identity, metadata, header.metadata) };
}

/** One entry of `lora-doctor/inspect@1` (contract.md). Strings of outside origin are raw: JSON escapes them. */
export function inspectEntry(inspected: Inspected): { readonly [key: string]: unknown } {
  const { input, identity } = inspected;
  const lang = input.lang ?? 'en';
  return {
    path: input.path,
    size: input.size,
    sha256: null,
    autov2: null,
    autov3: null,
    legacyHash: null,
    container: input.container,
    kind: identity?.kind ?? 'unknown',
    parts: identity?.parts ?? null,
    adapter: identity?.adapter ?? null,
    features: identity?.features ?? [],
    keyStyle: identity?.keyStyle ?? null,
    family: identity ? familyEntry(identity, lang) : null,
    rank: identity ? rankEntry(identity) : null,
    alpha: identity?.alpha ? { ...finiteAlpha(identity.alpha), stored: identity.alpha.stored } : null,
    modules: identity?.modules ?? {},
    halfPairs: identity?.halfPairs ?? 0,
    dtype: identity?.dtype ?? null,
    prediction: identity?.prediction ?? null,
    pickle: input.pickle ?? null,
    metadata: metadataEntry(inspected, lang),
    weights: input.weights ?? null,
  };
}

function familyEntry({ family }: Identity, lang: InspectLanguage): object {
  return {
    id: family.id,
    confidence: family.confidence,
    candidates: family.candidates,
    variant: family.variant,
    why: family.why.map((reason) => reason[lang]),
    lineage: family.lineage ? { id: family.lineage.id, trust: family.lineage.trust } : null,
  };
}

function rankEntry(identity: Identity): object | null {
  const { rank, perModule } = identity;
  if (!rank) return null;
  const { min, max, typical } = rank;
  if (!perModule) return { min, max, typical };
  return { min, max, typical, perModule: Object.fromEntries(perModule.map((module) => [module.name, module.rank])) };
}

/** JSON has no infinity: whole LoKr files store one, and there it means nothing. */
function finiteAlpha(alpha: { min: number; max: number; typical: number }): object {
  const word = (value: number): number | string =>
    Number.isFinite(value) ? value : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return { min: word(alpha.min), max: word(alpha.max), typical: word(alpha.typical) };
}

function metadataEntry({ metadata: meta, contradictions: found }: Inspected, lang: InspectLanguage): object | null {
  if (!meta) return null;
  const { triggers, networkArgs, ...plain } = meta;
  return {
    ...plain,
    networkArgs,
    triggerWords: triggers.likely,
    captionWords: triggers.all.slice(0, 20),
    contradictions: found.map((one) => one.text[lang]),
  };
}
