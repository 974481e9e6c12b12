/** Brightness statistics, filled row by row. */
export class PixelStats {
  readonly #expected: number;
  #count = 0;
  #sum = 0;
  #squares = 0;
  #high = 0;
  #pairs = 0;
  #leftSum = 0;
  #rightSum = 0;
  #product = 0;
  #leftSquares = 0;
  #rightSquares = 0;

  /** @param expected pixels of the whole picture. */
  constructor(expected: number) {
    this.#expected = expected;
  }

  row(luma: Float32Array, neighbours: boolean): void {
    let sum = 0;
    let squares = 0;
    let product = 0;
    let before = 0;
    let high = this.#high;
    for (let x = 0; x < luma.length; x++) {
      const v = luma[x] ?? 0;
      sum += v;
      squares += v * v;
      product += v * before;
      before = v;
      if (v > high) high = v;
    }
    this.#high = high;
    this.#count += luma.length;
    this.#sum += sum;
    this.#squares += squares;
    if (!neighbours || luma.length < 2) return;
    const first = luma[0] ?? 0;
    const last = luma[luma.length - 1] ?? 0;
    this.#pairs += luma.length - 1;
    this.#product += product;
    this.#leftSum += sum - last;
    this.#rightSum += sum - first;
    this.#leftSquares += squares - last * last;
    this.#rightSquares += squares - first * first;
  }

  /** Share of the picture's pixels that were decoded, 0–1. */
  get share(): number {
    return this.#expected === 0 ? 0 : Math.min(1, this.#count / this.#expected);
  }

  /** Mean brightness, 0 (black) to 255. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Standard deviation of brightness. */
  get spread(): number {
    return this.#count === 0 ? 0 : Math.sqrt(Math.max(0, this.#squares / this.#count - this.mean ** 2));
  }

  get high(): number {
    return this.#count === 0 ? 0 : this.#high;
  }

  /** Correlation of a pixel with its right neighbour, -1 to 1; photos and drawings are above 0.9. 1 when all are equal. */
  get correlation(): number {
    const n = this.#pairs;
    if (n === 0) return 1;
    const left = this.#leftSquares / n - (this.#leftSum / n) ** 2;
    const right = this.#rightSquares / n - (this.#rightSum / n) ** 2;
    if (left <= 1e-6 || right <= 1e-6) return 1;
    return (this.#product / n - (this.#leftSum / n) * (this.#rightSum / n)) / Math.sqrt(left * right);
  }
}
