import type { Ui } from '../../facts/families';

/** A LoRA that a generation names outside of its prompt text (graph node, list in the metadata). */
export interface RequestedLora {
  readonly name: string;
  /** U-Net strength; null when the source does not give a number. */
  readonly strength: number | null;
  /** Text-encoder strength; null when the source has none. */
  readonly strengthTe: number | null;
  /** Switched off in the source: named but not applied. */
  readonly active: boolean;
}

/** What one generation asked for, whatever program wrote it down. Absent things are null. All text is raw. */
export interface Generation {
  readonly ui: Ui | null;
  readonly positive: string;
  readonly negative: string;
  readonly hiresPrompt: string | null;
  readonly hires: boolean;
  readonly checkpoint: string | null;
  readonly checkpointHash: string | null;
  readonly vae: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly steps: number | null;
  readonly cfg: number | null;
  readonly sampler: string | null;
  readonly seed: string | null;
  readonly clipSkip: number | null;
  readonly batch: number | null;
  readonly version: string | null;
  /** LoRA name → short hash, as `Lora hashes` lists them; null when the field is absent or damaged. */
  readonly loraHashes: ReadonlyMap<string, string> | null;
  /** The field is there without its quotes: what it lists cannot be told from what follows. */
  readonly hashesDamaged: boolean;
  readonly loras: readonly RequestedLora[];
}

export const NOTHING: Generation = {
  ui: null,
  positive: '',
  negative: '',
  hiresPrompt: null,
  hires: false,
  checkpoint: null,
  checkpointHash: null,
  vae: null,
  width: null,
  height: null,
  steps: null,
  cfg: null,
  sampler: null,
  seed: null,
  clipSkip: null,
  batch: null,
  version: null,
  loraHashes: null,
  hashesDamaged: false,
  loras: [],
};
