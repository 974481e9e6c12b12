import type { Family } from '../facts/families';

/** A text encoder, parameters in millions. */
export interface Encoder {
  readonly name: string;
  readonly millions: number;
}

/**
 * Activations of a U-Net at `pixels`, batch 1, mixed precision, in MiB (simulated module by module, kohya-training.md §4.2):
 * all kept; kept with checkpointing; the largest segment that is computed again.
 */
export interface UnetActivations {
  readonly pixels: number;
  readonly full: number;
  readonly kept: number;
  readonly segment: number;
}

/** What a block swap can move: how many blocks of each kind, parameters in millions. */
export interface Blocks {
  readonly double: number;
  readonly single: number;
  readonly doubleMillions: number;
  readonly singleMillions: number;
}

/** One architecture. Parameters in millions; what is published of it, no figure of memory. */
export interface Model {
  readonly id: string;
  readonly family: Family;
  readonly title: string;
  readonly kind: 'unet' | 'dit';
  /** Parameters of the U-Net or transformer. */
  readonly millions: number;
  /** Share of linear layers: what ggml quantises, convolutions stay fp16 there. */
  readonly linear: number;
  /** Channels of the widest level in space (U-Net: the first level) or the hidden size. */
  readonly width: number;
  readonly layers: number;
  /** Pixels of an edge that make one latent cell, and latent cells of an edge that make one token. */
  readonly scale: number;
  readonly patch: number;
  readonly textTokens: number;
  /** Largest number of attention heads at the finest level, for attention that keeps its matrix. */
  readonly heads: number;
  readonly loraPerRank: number;
  readonly encoders: readonly Encoder[];
  readonly vaeMillions: number;
  /** Channels of the decoder at full size. */
  readonly decoderChannels: number;
  /** The decoder runs in fp32 unless a repaired one is used (diffusers: force_upcast). */
  readonly vaeUpcast: boolean;
  /** Passes of classifier-free guidance that are computed together. */
  readonly passes: 1 | 2;
  readonly resolution: readonly [number, number];
  /** Frames of a usual video, 1 for pictures; and how many frames one latent frame holds. */
  readonly frames: number;
  readonly framesPerLatent: number;
  /** Frames that the decoder computes at once when it cuts no tiles; those of a latent frame unless the row says otherwise. */
  readonly decodedFrames: number;
  /** Edge of the decoder's tiles in pixels. */
  readonly tile: number;
  readonly unet: UnetActivations | null;
  readonly blocks: Blocks;
}

/** A row says what differs from the rest of its kind. */
export type ModelRow = Pick<Model, 'id' | 'family' | 'title' | 'kind' | 'millions' | 'width' | 'layers' | 'encoders'> &
  Partial<Omit<Model, 'loraPerRank' | 'blocks'>> & { readonly loraPerRank?: number; readonly blocks?: Blocks };

export const CLIP_L: Encoder = { name: 'CLIP-L', millions: 123 };
export const CLIP_G: Encoder = { name: 'CLIP-G', millions: 695 };
export const OPENCLIP_H: Encoder = { name: 'OpenCLIP-H', millions: 340 };
export const T5: Encoder = { name: 'T5-XXL', millions: 4762 };
export const UMT5: Encoder = { name: 'UMT5-XXL', millions: 5681 };
export const QWEN_VL: Encoder = { name: 'Qwen2.5-VL-7B', millions: 8292 };
export const QWEN3_4B: Encoder = { name: 'Qwen3-4B', millions: 4022 };
export const QWEN3_8B: Encoder = { name: 'Qwen3-8B', millions: 8191 };
export const GEMMA2: Encoder = { name: 'Gemma-2-2B', millions: 2614 };
export const LLAMA: Encoder = { name: 'Llama-3-8B', millions: 8030 };

/** The video decoder of Wan, which Qwen-Image, Krea 2 and others share, has 96 base channels. */
export const WAN_VAE = { vaeMillions: 127, decoderChannels: 192 } as const;
