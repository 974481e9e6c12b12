import type { Bilingual } from '../facts/define';

export const TASKS = ['generate', 'lora', 'finetune', 'textual-inversion', 'controlnet'] as const;
export type Task = (typeof TASKS)[number];

/** How the parts of a model come and go on the card (`generate.ts` tells each): all stay; one at a time; layer by layer; as there is room. */
export const PLACEMENTS = ['resident', 'one-part', 'stream', 'fills', 'managed'] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** Settings of one set-up, complete: nothing is left to be assumed. Sizes in GiB where the name says so, else counts. */
export interface VramSettings {
  /** An id of the table of architectures. */
  readonly model: string;
  readonly task: Task;
  /** Only what the model's weights take is asked for. */
  readonly weightsOnly: boolean;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly batch: number;
  /** Bits a weight takes: base model, text encoders, VAE. Block scales of quantised forms are counted in. */
  readonly coreBits: number;
  readonly encoderBits: number;
  readonly vaeBits: number;
  /** Bits of what is computed: 16 or 32. */
  readonly computeBits: 16 | 32;
  readonly placement: Placement;
  /** Pieces stay behind in the pool of the allocator when accelerate moves a part off the card. */
  readonly leavesPool: boolean;
  /** Text encoders wait in system memory while pictures are made, or while the training runs. */
  readonly encodersAway: boolean;
  readonly vaeAway: boolean;
  readonly vaeSlicing: boolean;
  readonly vaeTiling: boolean;
  /** A decoder of a few million parameters. */
  readonly tinyVae: boolean;
  /** The attention matrix is kept in memory (no SDPA, xFormers or flash attention). */
  readonly plainAttention: boolean;
  /** ggml keeps convolutions in fp16 whatever the form of the weights. */
  readonly convolutionsHalf: boolean;
  /** Guidance computes its two passes one after the other. */
  readonly passesApart: boolean;
  /** Bytes of the safety checker and the like, in millions of parameters. */
  readonly extraMillions: number;
  readonly rank: number;
  readonly trainsEncoders: boolean;
  readonly checkpointing: boolean;
  readonly offloadsCheckpoints: boolean;
  /** Transformer blocks in system memory (`blocks_to_swap`), or the share of the weights there. */
  readonly swappedBlocks: number;
  readonly offloadShare: number;
  /** Bytes a trained parameter takes: itself, its gradient, the optimizer's states. */
  readonly trainedBytes: number;
  readonly gradientBytes: number;
  readonly optimizerBytes: number;
  readonly optimizer: string;
  /** The card; null when none is named. */
  readonly gpu: string | null;
  readonly cardGib: number | null;
  /** False for cards without a screen (A100 and the like). */
  readonly hasDesktop: boolean;
  /** The program, a key of the table of programs. */
  readonly program: string;
}

/** One setting that the row did not tell. */
export interface Assumed {
  readonly field: string;
  readonly value: string | number | boolean;
  readonly why: Bilingual;
}

/** Settings with what had to be assumed, and how much that widens the answer (0: all was told). */
export interface ReadRow {
  readonly settings: VramSettings;
  readonly assumed: readonly Assumed[];
  readonly doubt: number;
}
