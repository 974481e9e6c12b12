/**
 * What the numbers in a shape error tell (telling-apart.md). The text width (last dimension of a cross-attention `to_k`/`to_v`)
 * names the family; packed widths of GGUF blocks and halves of 4-bit weights name a quantised model.
 */
const TEXT_WIDTHS: ReadonlyMap<number, string> = new Map([
  [768, 'sd15'],
  [1024, 'sd21'],
  [1280, 'sdxl-refiner'],
  [2048, 'sdxl'],
]);

/** Inner widths of models that are commonly quantised: Flux, SD3, Chroma, Wan, Qwen and their feed-forward layers. */
const INNER_WIDTHS = [1536, 2048, 2304, 2432, 2560, 3072, 3584, 3840, 4096, 5120, 6144, 8960, 10240, 12288, 13824, 15360, 16384];
/** Bytes a block of GGUF: elements in the block, bytes (Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K). */
const BLOCKS: readonly (readonly [number, number])[] = [
  [32, 18],
  [32, 20],
  [32, 22],
  [32, 24],
  [32, 34],
  [256, 84],
  [256, 110],
  [256, 144],
  [256, 176],
  [256, 210],
];
/** Widths that whole weights have too: SDXL's size vector, SigLIP and PixArt, CLIP ViT-g. */
const WHOLE_WIDTHS: readonly number[] = [1152, 1408, 2816];
const PACKED = new Set(INNER_WIDTHS.flatMap((width) => BLOCKS.map(([elements, bytes]) => (width / elements) * bytes)));

export function familyOfTextWidth(width: number): string | undefined {
  return TEXT_WIDTHS.get(width);
}

/** True for a width that only packed (quantised) weights have. */
export function isPackedWidth(width: number): boolean {
  return (
    Number.isInteger(width) &&
    PACKED.has(width) &&
    !INNER_WIDTHS.includes(width) &&
    !WHOLE_WIDTHS.includes(width) &&
    !TEXT_WIDTHS.has(width)
  );
}

/** `640, 2048`, `[640, 2048]`, `640x2048` to numbers. */
export function readShape(text: string): number[] {
  return text
    .split(/[^0-9]{1,8}/)
    .filter((piece) => piece !== '')
    .map(Number);
}

/** A family whose text width could explain a product, with that width. */
export interface TextCandidate {
  readonly family: string;
  readonly width: number;
}

/**
 * Families whose cross-attention layer at this place has `size` elements, when the model wants `rows × columns` there.
 * The rows are the model's own, except in the decoder blocks that stand in another order in SDXL.
 */
export function textCandidates(size: number, rows: number, block: number | undefined): TextCandidate[] {
  const out: TextCandidate[] = [];
  for (const [width, family] of TEXT_WIDTHS) {
    if (width === 1280) continue; // the refiner's width is an ordinary channel width, too
    const expected = (block === undefined ? undefined : rowsOfOutputBlock(family, block)) ?? rows;
    if (size === expected * width) out.push({ family, width });
  }
  return out;
}

/** Input width of the file's layer when both its sides are the model's, scaled alike (a block of another depth). */
export function scaledWidth(size: number, rows: number, columns: number): number | undefined {
  const scaled = columns * Math.sqrt(size / (rows * columns));
  return Number.isInteger(scaled) && scaled !== columns ? scaled : undefined;
}

function rowsOfOutputBlock(family: string, block: number): number | undefined {
  if (block < 3 || block > 8) return undefined;
  if (family === 'sdxl') return block <= 5 ? 640 : 320;
  return block <= 5 ? 1280 : 640;
}

/** SD 1.x/2.x (as `sd15`) or SDXL by the layer width of `output_blocks.3` to `.8`; elsewhere both agree. */
export function familyOfOutputBlock(block: number, width: number): string | undefined {
  return ['sd15', 'sdxl'].find((family) => rowsOfOutputBlock(family, block) === width);
}
