/** Cells of an edge. */
const EDGE = 16;
/** Mean difference of a cell, of 255, up to which two pictures are the same one saved anew or in another size. */
const NEAR = 3;
/** Below this spread (standard deviation over the cells) there is too little in a picture to tell it from another. */
const LEAST_SPREAD = 12;

/** A picture as 16 × 16 mean brightnesses, filled row by row. */
export class Thumbnail {
  readonly #width: number;
  readonly #height: number;
  readonly #sums = new Float64Array(EDGE * EDGE);
  readonly #counts = new Uint32Array(EDGE * EDGE);

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** Brightnesses (0 to 255) of row `y`. */
  row(luma: Float32Array, y: number): void {
    const line = Math.floor((y * EDGE) / this.#height) * EDGE;
    for (let x = 0; x < luma.length; x++) {
      const cell = line + Math.floor((x * EDGE) / this.#width);
      this.#sums[cell] = (this.#sums[cell] ?? 0) + (luma[x] ?? 0);
      this.#counts[cell] = (this.#counts[cell] ?? 0) + 1;
    }
  }

  /** The cells; null when some were not reached (a picture that is cut) or nearly all are alike. */
  cells(): Float32Array | null {
    if (this.#counts.includes(0)) return null;
    const cells = Float32Array.from(this.#sums, (sum, i) => sum / (this.#counts[i] ?? 1));
    const mean = cells.reduce((sum, v) => sum + v, 0) / cells.length;
    const spread = Math.sqrt(cells.reduce((sum, v) => sum + (v - mean) ** 2, 0) / cells.length);
    return spread < LEAST_SPREAD ? null : cells;
  }
}

/** Two pictures look the same but for size, compression and small retouches. A crop or a mirrored copy does not. */
export function looksTheSame(a: Float32Array, b: Float32Array): boolean {
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    difference += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    if (difference > NEAR * a.length) return false;
  }
  return true;
}
