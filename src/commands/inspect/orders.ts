import type { Sums } from '../../inspect/duplicates';
import type { FileInfo } from '../../platform/platform';
import type { FileBrief, TextLanguage } from './types';
import type { Values, ValuesWanted } from './values';

/** A file of a list. */
export interface Found {
  readonly path: string;
  readonly info: FileInfo;
  /** Another file is about as large: they may turn out to be doubles. */
  readonly alike?: boolean;
}

/** A file and where its data begins: whoever listed it has read its header. */
export interface DataPlace {
  readonly path: string;
  readonly dataStart: number;
}

/** How closely to look at a file. */
export interface Depth {
  readonly weights: boolean;
  readonly hash: boolean;
  /** One file or two: list every module. */
  readonly detail: boolean;
  /** Alphas read of each file in a list. */
  readonly alphas: number;
}

/** What a thread is started with (`worker.ts`). */
export type Order =
  | { readonly kind: 'values'; readonly path: string; readonly wanted: ValuesWanted }
  | { readonly kind: 'sums'; readonly place: DataPlace }
  | {
      readonly kind: 'list';
      readonly files: readonly Found[];
      /** Number of the next file that nobody has taken yet; shared by all who work on the list. */
      readonly next: Int32Array;
      readonly lang: TextLanguage;
      readonly depth: Depth;
    };

/** What it sends back. */
export type Answer =
  | { readonly kind: 'values'; readonly values: Values }
  | { readonly kind: 'sums'; readonly sums: Sums | null }
  /** It could not be read; whoever asked finds out why. */
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'looked';
      readonly files: readonly { readonly index: number; readonly brief: FileBrief; readonly bytes: Uint8Array }[];
    };
