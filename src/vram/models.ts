import type { Blocks, Model } from './model-row';
import { IMAGE_ROWS } from './rows-image';
import { UNET_ROWS } from './rows-unet';
import { VIDEO_ROWS } from './rows-video';

/** `layers` blocks of one kind unless the row tells double and single ones. */
const blocksOf = (millions: number, layers: number): Blocks => ({
  double: 0,
  single: layers,
  doubleMillions: 0,
  singleMillions: (millions * 0.96) / layers,
});

/** LoRA parameters per rank of a transformer whose linear layers are all trained: Flux has 4,786,176 on 57 blocks of 3072. */
const DIT_LORA_PER_UNIT = 4_786_176 / (57 * 3072);

/** All architectures that are known, by id. */
const MODELS: ReadonlyMap<string, Model> = new Map(
  [...UNET_ROWS, ...IMAGE_ROWS, ...VIDEO_ROWS].map((row) => {
    const { blocks, loraPerRank, ...rest } = row;
    const lora = loraPerRank ?? Math.round(DIT_LORA_PER_UNIT * row.layers * row.width);
    const kind = DEFAULTS(row.kind);
    return [
      row.id,
      {
        ...kind,
        decodedFrames: rest.framesPerLatent ?? kind.framesPerLatent,
        ...rest,
        loraPerRank: lora,
        blocks: blocks ?? blocksOf(row.millions, row.layers),
      },
    ];
  }),
);

/** What holds for most of a kind. */
function DEFAULTS(kind: 'unet' | 'dit') {
  const unet = kind === 'unet';
  return {
    linear: unet ? 0.28 : 1,
    scale: 8,
    patch: unet ? 1 : 2,
    textTokens: unet ? 77 : 512,
    heads: unet ? 8 : 24,
    vaeMillions: 84,
    decoderChannels: 256,
    vaeUpcast: false,
    passes: 2 as const,
    resolution: [1024, 1024] as const,
    frames: 1,
    framesPerLatent: 4,
    tile: 512,
    unet: null,
  };
}

/** The architecture of an id; the table is closed, so that a missing one is a fault of ours. */
export function modelOf(id: string): Model {
  const model = MODELS.get(id);
  if (!model) throw new Error(`no architecture ${id}`);
  return model;
}
