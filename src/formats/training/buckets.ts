/** How pictures are cut to size: target area, limits and step (kohya-training.md §3). Sizes in pixels. */
export interface BucketPlan {
  readonly width: number;
  readonly height: number;
  readonly bucket: boolean;
  readonly noUpscale: boolean;
  readonly step: number;
  readonly min: number;
  readonly max: number;
}

export type Size = readonly [width: number, height: number];

/** The buckets that may arise: sides from `min` to `max` in steps, the other as long as the area allows. */
export function bucketSizes({ width, height, step, min, max }: BucketPlan): Size[] {
  const area = width * height;
  const sizes = new Map<string, Size>();
  const add = (w: number, h: number): void => void sizes.set(`${w}x${h}`, [w, h]);
  const square = Math.floor(Math.sqrt(area) / step) * step;
  add(square, square);
  for (let w = min; w <= max && sizes.size < 10000; w += step) {
    const h = Math.min(max, Math.floor(area / w / step) * step);
    if (h < min) continue;
    add(w, h);
    add(h, w);
  }
  return [...sizes.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Puts pictures into buckets as the trainer does: the nearest shape of the list, or the picture's own size rounded down. */
export class Buckets {
  readonly #plan: BucketPlan;
  readonly #sizes: readonly Size[];

  constructor(plan: BucketPlan) {
    this.#plan = plan;
    this.#sizes = plan.bucket && !plan.noUpscale ? bucketSizes(plan) : [];
  }

  /** The size that a picture is trained at; a side of 0 stops the training. */
  of(width: number, height: number): Size {
    const { bucket, noUpscale } = this.#plan;
    if (!bucket) return [this.#plan.width, this.#plan.height];
    return noUpscale ? this.#own(width, height) : this.#nearest(width / height, width, height);
  }

  #nearest(shape: number, width: number, height: number): Size {
    const own = this.#sizes.find(([w, h]) => w === width && h === height);
    if (own) return own;
    let best: Size = [this.#plan.width, this.#plan.height];
    let error = Number.POSITIVE_INFINITY;
    for (const size of this.#sizes) {
      const off = Math.abs(size[0] / size[1] - shape);
      if (off >= error) continue;
      error = off;
      best = size;
    }
    return best;
  }

  #own(width: number, height: number): Size {
    const { step } = this.#plan;
    const area = this.#plan.width * this.#plan.height;
    const down = (side: number): number => Math.floor(side / step + 1e-9) * step;
    if (width * height <= area) return [down(width), down(height)];
    const shape = width / height;
    const scaledWidth = Math.sqrt(area * shape);
    const scaledHeight = area / scaledWidth;
    // Of the two ways to round, the one whose shape stays nearer to the picture's.
    const byWidth: Size = [
      down(Math.floor(scaledWidth + 0.5)),
      down(Math.floor(down(Math.floor(scaledWidth + 0.5)) / shape + 0.5)),
    ];
    const heightFirst = down(Math.floor(scaledHeight + 0.5));
    const byHeight: Size = [down(Math.floor(heightFirst * shape + 0.5)), heightFirst];
    if (byWidth[1] === 0 || byHeight[0] === 0) return byWidth[1] === 0 ? byWidth : byHeight;
    const off = ([w, h]: Size): number => Math.abs(w / h - shape);
    return off(byWidth) < off(byHeight) ? byWidth : byHeight;
  }
}
