/** Base models that are no longer on the hub, and where their copies are (kohya-training.md §7 row 5). */
export const MOVED_MODELS: ReadonlyMap<string, string> = new Map([
  ['runwayml/stable-diffusion-v1-5', 'stable-diffusion-v1-5/stable-diffusion-v1-5'],
  ['runwayml/stable-diffusion-inpainting', 'stable-diffusion-v1-5/stable-diffusion-inpainting'],
]);
