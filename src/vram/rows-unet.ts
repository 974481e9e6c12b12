import { CLIP_G, CLIP_L, type ModelRow, OPENCLIP_H } from './model-row';

const SD_ACTIVATIONS = { pixels: 512 * 512, full: 1219, kept: 86, segment: 100 };
const XL_ACTIVATIONS = { pixels: 1024 * 1024, full: 8222, kept: 592, segment: 230 };
const scaled = (by: number, a: typeof SD_ACTIVATIONS): typeof SD_ACTIVATIONS => ({
  pixels: a.pixels,
  full: a.full * by,
  kept: a.kept * by,
  segment: a.segment * by,
});

const sd = { kind: 'unet', width: 320, layers: 16, encoders: [CLIP_L], resolution: [512, 512], unet: SD_ACTIVATIONS } as const;
const xl = {
  kind: 'unet',
  width: 320,
  layers: 70,
  linear: 0.8,
  heads: 10,
  encoders: [CLIP_L, CLIP_G],
  vaeUpcast: true,
  loraPerRank: 3_563_008,
  unet: XL_ACTIVATIONS,
} as const;
/** U-Nets: SD 1.x, SD 2.x, SDXL and their distilled forms. Parameters and LoRA sizes: kohya-training.md §4.1, lora-files.md §7. */
export const UNET_ROWS: readonly ModelRow[] = [
  { ...sd, id: 'sd15', family: 'sd15', title: 'SD 1.x', millions: 859.5, loraPerRank: 589_824 },
  {
    ...sd,
    id: 'tiny-sd',
    family: 'sd15',
    title: 'SD 1.x distilled (tiny-sd)',
    millions: 323,
    loraPerRank: 240_000,
    layers: 6,
    unet: scaled(0.5, SD_ACTIVATIONS),
  },
  {
    ...sd,
    id: 'small-sd',
    family: 'sd15',
    title: 'SD 1.x distilled (small-sd)',
    millions: 579,
    loraPerRank: 400_000,
    layers: 9,
    unet: scaled(0.65, SD_ACTIVATIONS),
  },
  {
    ...sd,
    id: 'animatediff-sd15',
    family: 'animatediff-sd15',
    title: 'AnimateDiff on SD 1.x',
    millions: 859.5 + 417,
    loraPerRank: 589_824,
    frames: 16,
    framesPerLatent: 1,
  },
  {
    ...sd,
    id: 'sd21',
    family: 'sd21',
    title: 'SD 2.x',
    millions: 865.9,
    loraPerRank: 640_000,
    encoders: [OPENCLIP_H],
    resolution: [768, 768],
  },
  { ...xl, id: 'sdxl', family: 'sdxl', title: 'SDXL', millions: 2567.5 },
  {
    ...xl,
    id: 'sdxl-refiner',
    family: 'sdxl-refiner',
    title: 'SDXL refiner',
    millions: 2260,
    width: 384,
    encoders: [CLIP_G],
    loraPerRank: 2_600_000,
  },
  { ...xl, id: 'sdxl-with-refiner', family: 'sdxl', title: 'SDXL with refiner', millions: 2567.5 },
  {
    ...xl,
    id: 'ssd-1b',
    family: 'ssd-1b',
    title: 'SSD-1B',
    millions: 1300,
    loraPerRank: 1_700_000,
    unet: scaled(0.55, XL_ACTIVATIONS),
  },
  {
    ...xl,
    id: 'segmind-vega',
    family: 'ssd-1b',
    title: 'Segmind Vega',
    millions: 745,
    loraPerRank: 900_000,
    unet: scaled(0.4, XL_ACTIVATIONS),
  },
  { ...xl, id: 'kolors', family: 'kolors', title: 'Kolors', millions: 2579, encoders: [{ name: 'ChatGLM3-6B', millions: 6244 }] },
];
