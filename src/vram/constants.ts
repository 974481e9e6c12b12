/**
 * The figures that physics does not give. "Fitted" ones were tried on the published measured rows by
 * `node scripts/validate-vram.mjs`, which also prints what the rows alone would choose (docs/vram.md says where we took another value).
 */
export interface Constants {
  /**
   * Activations while generating: values per cell and channel of the first level of a U-Net (its last block holds the joined
   * input three times, the result and the stored skips: counted from the layout, with a published upper bound in view), and per token
   * and channel of a transformer (fitted: 15 on the rows; 16 on HunyuanVideo with and without tiles, test/fixtures/vram).
   */
  readonly unetValues: number;
  readonly ditValues: number;
  /** From the decoder's layout: three tensors of its widest level stand at full size at once. */
  readonly decoderTensors: number;
  /** Fitted. More of them that convolutions in fp32 take as their workspace, however many pictures there are. */
  readonly singleWorkspace: number;
  /** From Flux simulated block by block (kohya-training.md §4.2): values that one transformer block keeps per token and channel. */
  readonly blockValues: number;
  /**
   * Fitted. How many blocks' worth a transformer needs to compute one again and run back through it, and what it takes beside,
   * GiB, however large the picture (kernels' workspaces, freed pieces that fit nothing). Small pictures alone cannot tell the two
   * apart; clips can (test/fixtures/vram).
   */
  readonly recomputedBlocks: number;
  readonly ditWorkspace: number;
  /** Fitted. The same for the largest segment of a U-Net. */
  readonly recomputedSegments: number;
  /** CUDA context and libraries, GiB (kohya-training.md §4: 0.4 to 0.8 for training; within that the training one is fitted). */
  readonly contextGenerate: number;
  readonly contextTrain: number;
  /** What a Windows desktop takes of the card that shows it, GiB. */
  readonly desktop: number;
  /** `high` = `peak` x this, `low` = `peak` / this; `doubt` widens it by that much for each point. Chosen on the same rows, so that high/low stays below 1.6. */
  readonly interval: number;
  readonly doubtStep: number;
}

export const CONSTANTS: Constants = {
  unetValues: 12,
  ditValues: 16,
  decoderTensors: 3,
  singleWorkspace: 3,
  blockValues: 26,
  recomputedBlocks: 2,
  ditWorkspace: 1.5,
  recomputedSegments: 1,
  contextGenerate: 0.5,
  contextTrain: 0.8,
  desktop: 0.4,
  interval: 1.23,
  doubtStep: 0.03,
};
