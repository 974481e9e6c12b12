import type { Adapter } from '../../facts/families';
import type { ByteSource } from '../bytes';
import type { SafetensorsHeader } from '../safetensors-header';
import { adapterOf } from './adapter';
import { type AlphaSummary, alphaValues, summarise } from './alpha';
import { BaseModel } from './base';
import { lineageOf, type Prediction, predictionOf } from './claims';
import { decideFamily, type FamilyVerdict } from './family';
import { type ModelKind, wholeKind } from './kind';
import { type AdapterStructure, mainDtype, type RankSummary, structureOf } from './structure';

export interface ModuleDetail {
  readonly name: string;
  readonly part: string;
  readonly rank: number | null;
  readonly alpha: number | null;
}

/** What a model file is, as its header tells. */
export interface Identity {
  readonly kind: ModelKind;
  readonly family: FamilyVerdict;
  /** Null for what is no LoRA. */
  readonly adapter: Adapter | null;
  readonly features: readonly string[];
  readonly keyStyle: string | null;
  readonly rank: RankSummary | null;
  /** Null when none is stored, or when no bytes were given. */
  readonly alpha: AlphaSummary | null;
  /** Trained modules by part: unet or transformer, prior, te1 … te4. Empty for what is no LoRA. */
  readonly modules: { readonly [part: string]: number };
  readonly moduleCount: number;
  readonly denoiserModules: number;
  readonly textEncoderModules: number;
  /** Modules with one side of the pair only. */
  readonly halfPairs: number;
  /** Data type of most of the bytes, `mixed` when no type has 90 %. */
  readonly dtype: string;
  readonly parts: { readonly vae: boolean; readonly textEncoders: readonly string[] } | null;
  readonly prediction: Prediction | null;
  /** Only with `detail`. */
  readonly perModule: readonly ModuleDetail[] | null;
}

export interface IdentifyOptions {
  /** File behind the header: alphas are read from it. */
  readonly bytes?: ByteSource;
  /** Read at most this many alphas, evenly spread; all when left out. */
  readonly alphaSample?: number;
  /** Also list every module. */
  readonly detail?: boolean;
  /** Used for the lineage of SDXL fine-tunes only, as the weakest hint. */
  readonly fileName?: string;
}

/** Says what a model file is. One pass over the header; values are read for alphas only. */
export function identify(header: SafetensorsHeader, options: IdentifyOptions = {}): Identity {
  const { metadata } = header;
  const lineage = (): ReturnType<typeof lineageOf> => lineageOf(metadata, options.fileName);
  const structure = structureOf(header);
  const { special } = structure;
  if (special) return whole(header, special.kind, decideFamily(special.family, metadata, null), null);
  if (structure.adapter) return lora(header, structure.adapter, options, lineage);
  const model = new BaseModel(header);
  const { kind, family } = wholeKind(header, model);
  const textEncoders = [...model.encoders].filter((name) => name !== 'clip');
  const verdict = decideFamily(family, metadata, null);
  const line = verdict.id === 'sdxl' && (kind === 'checkpoint' || kind === 'unet') ? lineage() : null;
  const named = kind === 'text-encoder' ? { ...verdict, variant: textEncoders[0] ?? null } : { ...verdict, lineage: line };
  const parts = kind === 'checkpoint' ? { vae: model.hasVae, textEncoders } : null;
  return whole(header, kind, named, parts, model);
}

function lora(
  header: SafetensorsHeader,
  structure: AdapterStructure,
  options: IdentifyOptions,
  lineage: () => ReturnType<typeof lineageOf>,
): Identity {
  const { grouped, traits, allowed } = structure;
  const { modules } = grouped;
  const { adapter, features } = adapterOf(grouped, traits, header.metadata);
  const line = allowed.candidates.includes('sdxl') ? lineage() : null;
  const family = decideFamily(allowed, header.metadata, line);
  const counts = namedParts(structure.parts, isUnetFamily(family) ? 'unet' : 'transformer');
  const alphas = options.bytes ? alphaValues(structure.scaled, header, options.bytes, options.alphaSample) : null;
  const denoiserModules = (counts.unet ?? 0) + (counts.transformer ?? 0) + (counts.prior ?? 0);
  return {
    kind: 'lora',
    family,
    adapter,
    features,
    keyStyle: structure.keyStyle,
    rank: structure.rank,
    alpha: alphas ? summarise(alphas.values()) : null,
    modules: counts,
    moduleCount: modules.length,
    denoiserModules,
    textEncoderModules: modules.length - denoiserModules,
    halfPairs: traits.halfPairs,
    dtype: structure.dtype,
    parts: null,
    prediction: predictionOf(header.metadata, () => false),
    perModule: options.detail
      ? modules.map((module) => ({
          name: module.name,
          part: module.part,
          rank: module.rank(),
          alpha: alphas?.get(module) ?? null,
        }))
      : null,
  };
}

function whole(
  header: SafetensorsHeader,
  kind: ModelKind,
  family: FamilyVerdict,
  parts: Identity['parts'],
  model?: BaseModel,
): Identity {
  return {
    kind,
    family,
    adapter: null,
    features: [],
    keyStyle: null,
    rank: null,
    alpha: null,
    modules: {},
    moduleCount: 0,
    denoiserModules: 0,
    textEncoderModules: 0,
    halfPairs: 0,
    dtype: mainDtype(header),
    parts,
    prediction:
      kind === 'checkpoint' || kind === 'unet' ? predictionOf(header.metadata, (name) => model?.all.has(name) === true) : null,
    perModule: null,
  };
}

const UNETS = new Set(['sd15', 'sd21', 'sdxl', 'sdxl-refiner', 'ssd-1b', 'kolors', 'animatediff-sd15']);

function isUnetFamily(family: FamilyVerdict): boolean {
  return UNETS.has(family.id) || (family.id === 'unknown' && family.candidates.some((id) => UNETS.has(id)));
}

function namedParts(parts: AdapterStructure['parts'], denoiser: string): { [part: string]: number } {
  return Object.fromEntries([...parts].map(([part, count]) => [part === 'denoiser' ? denoiser : part, count]));
}
