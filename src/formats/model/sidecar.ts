import { isRecord, parseJson } from '../json';

/** What a file beside a LoRA says of it (lora-files.md §6). Claims of people and web sites, none of the tensors. */
export interface Sidecar {
  /** Words to put into the prompt. */
  readonly words: readonly string[];
  /** Base model as the site or the user names it (`SD 1.5`, `Pony`, `SDXL`). */
  readonly base: string | null;
  /** A1111's `sd version`: SD1, SD2, SDXL, Unknown. Decides whether the card is shown. */
  readonly sdVersion: string | null;
  /** A1111's `preferred weight`; null when not set (0 means not set). */
  readonly preferredWeight: number | null;
}

/** Endings of the four sidecars, after the LoRA's stem. */
export const SIDECAR_ENDINGS = ['.json', '.civitai.info', '.cm-info.json', '.metadata.json'] as const;

/** Reads any of the four; null when the text is no JSON object. */
export function readSidecar(text: string): Sidecar | null {
  const value = parseJson(text);
  if (!isRecord(value)) return null;
  const version = value['sd version'];
  const weight = value['preferred weight'];
  return {
    words: words(value['activation text'] ?? value.trainedWords ?? value.TrainedWords ?? trained(value.civitai)),
    base: text80(value.baseModel ?? value.BaseModel ?? value.base_model),
    sdVersion: text80(version),
    preferredWeight: typeof weight === 'number' && Number.isFinite(weight) && weight !== 0 ? weight : null,
  };
}

/** Joins several sidecars of one file: the first that says something wins. */
export function joinSidecars(sidecars: readonly Sidecar[]): Sidecar {
  const first = <T>(pick: (sidecar: Sidecar) => T | null): T | null => sidecars.map(pick).find((value) => value !== null) ?? null;
  return {
    words: sidecars.find((sidecar) => sidecar.words.length > 0)?.words ?? [],
    base: first((sidecar) => sidecar.base),
    sdVersion: first((sidecar) => sidecar.sdVersion),
    preferredWeight: first((sidecar) => sidecar.preferredWeight),
  };
}

/**
 * Under which base version A1111 files a LoRA when no sidecar says so: `sdxl_…` SDXL, `ss_v2` SD2, any metadata at all SD1, none
 * Unknown. Wrong for all other families (lora-files.md §3.3).
 */
export function a1111Version(metadata: ReadonlyMap<string, string>): 'SD1' | 'SD2' | 'SDXL' | 'Unknown' {
  if ((metadata.get('ss_base_model_version') ?? '').startsWith('sdxl_')) return 'SDXL';
  if (metadata.get('ss_v2') === 'True') return 'SD2';
  return metadata.size > 0 ? 'SD1' : 'Unknown';
}

function trained(civitai: unknown): unknown {
  return isRecord(civitai) ? civitai.trainedWords : undefined;
}

function text80(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 80) : null;
}

function words(value: unknown): string[] {
  const parts = typeof value === 'string' ? value.slice(0, 2000).split(/[,\n]/) : Array.isArray(value) ? value.slice(0, 50) : [];
  return parts
    .filter((part): part is string => typeof part === 'string')
    .flatMap((part) => part.slice(0, 1000).split(/[,\n]/))
    .map((part) => part.trim().slice(0, 120))
    .filter((part) => part !== '' && !part.startsWith('<lora:'))
    .slice(0, 20);
}
