/** A layer of a CLIP text encoder in kohya's and in diffusers' spelling; `te1` is SDXL's first. Its second has 32 layers and uses them all. */
const LAYER = /^(lora_te1?_text_model_encoder_layers_|text_encoder\.text_model\.encoder\.layers\.)(\d{1,2})[_.]/;
const LAST = 11;
/** Clip skip 4 is the most that anyone trains with. */
const FIRST = LAST - 3;

/**
 * How many of the modules without effect could not have one: the last layers of CLIP's text encoder (12 layers) get no gradient
 * when training takes the output of a layer before them. SDXL always takes that of the last but one, SD 1.x does with clip skip 2
 * (kohya-training.md, `--clip_skip`). They count only when the whole layer is dead, those behind it too, and those before it live.
 *
 * @param all names of the modules whose ΔW was computed.
 * @param dead those whose ΔW is 0.
 */
export function unreachable(all: readonly string[], dead: ReadonlySet<string>): number {
  const layers = new Map<number, { live: number; dead: number }>();
  for (const name of all) {
    const match = LAYER.exec(name);
    if (match === null) continue;
    const layer = Number(match[2]);
    const count = layers.get(layer) ?? { live: 0, dead: 0 };
    layers.set(layer, count);
    if (dead.has(name)) count.dead++;
    else count.live++;
  }
  let found = 0;
  for (let layer = LAST; layer >= FIRST; layer--) {
    const count = layers.get(layer);
    if (count === undefined || count.live > 0) break;
    found += count.dead;
    layers.delete(layer);
  }
  return [...layers.values()].some(({ live }) => live > 0) ? found : 0;
}
