import type { PixelStats } from './stats';

/** `black`: nothing but (almost) zero. `flat`: one colour. `noise`: grain without structure. A dark photo is `normal`. */
export const LOOKS = ['normal', 'black', 'flat', 'noise'] as const;
export type Look = (typeof LOOKS)[number];

/** Below this edge a picture is a few latent cells wide: neither noise nor structure can be told. */
const SMALLEST_EDGE = 256;

/**
 * Judges what the whole picture looks like, or null when too little of it was decoded. NaN becomes 0 when a program
 * saves a picture, so a NaN picture is exactly black (webui-a1111-family.md §4.5, comfyui A6); a checkpoint without
 * VAE gives one flat grey (§12). Real pictures have neighbouring pixels that agree (correlation above 0.8).
 */
export function lookOf(stats: PixelStats, width: number, height: number): Look | null {
  if (stats.share < 0.5) return null;
  if (stats.high <= 4 && stats.mean <= 1) return 'black';
  if (stats.spread < 2.5) return 'flat';
  const large = Math.min(width, height) >= SMALLEST_EDGE;
  return large && stats.correlation < 0.4 && stats.spread > 25 ? 'noise' : 'normal';
}
