import type { Family } from '../../facts/families';

/** Families whose LoRAs a checkpoint of another one takes: few, and only in this direction. */
const ALSO_FITS: { readonly [lora in Family]?: readonly Family[] } = {
  // Distilled from SDXL by leaving layers out (lora-files.md §3.1); what is left fits.
  sdxl: ['ssd-1b'],
  // Chroma kept Flux's names and widths (§3.2); SwarmUI accepts the pair (webui-comfyui-and-others.md E).
  flux: ['chroma'],
  chroma: ['flux'],
};
/** Built on another family: whether a LoRA of one works in the other differs from file to file. */
const UNCLEAR: readonly (readonly [Family, Family])[] = [
  ['hunyuan-video', 'framepack'],
  ['anima', 'cosmos-predict2'],
  ['animatediff-sd15', 'sd15'],
];

/** Do a LoRA and a checkpoint of these families fit? Null when that cannot be said. */
export function familiesFit(lora: Family | null, checkpoint: Family | null): boolean | null {
  if (lora === null || checkpoint === null || lora === 'unknown' || checkpoint === 'unknown') return null;
  if (lora === checkpoint) return true;
  if (ALSO_FITS[lora]?.includes(checkpoint)) return true;
  return UNCLEAR.some((pair) => pair.includes(lora) && pair.includes(checkpoint)) ? null : false;
}
