import type { UnknownReason } from '../../facts/value';
import type { ContainerView, Inspected, PickleView } from '../../formats/model/inspect';
import type { FileInfo } from '../../platform/platform';
import type { ModelFolder } from './folders';
import type { FileName } from './names';

/** Caption words listed of each LoRA. */
export const CAPTION_WORDS = 10;

/** What the header told. The header itself is not kept. */
export interface SeenHeader extends Pick<Inspected, 'identity' | 'metadata' | 'contradictions'> {
  /** Under which base version A1111 files it when no sidecar says so. */
  readonly sdVersion: string;
  /** A quick look leaves alphas and caption words out. */
  readonly quick: boolean;
}

/** What opening a file told. */
export interface Looked {
  readonly container: ContainerView;
  /** Null for what is no readable safetensors file. */
  readonly inspected: SeenHeader | null;
  readonly pickle: PickleView | null;
}

/** One file of a model folder. */
export interface SeenFile {
  readonly path: string;
  /** Path in its folder, with `/`. */
  readonly relative: string;
  readonly name: FileName;
  readonly info: FileInfo;
  readonly folder: ModelFolder;
  /** Null when it could not be opened; then `failure` says why. */
  readonly looked: Looked | null;
  readonly failure: UnknownReason | null;
}
