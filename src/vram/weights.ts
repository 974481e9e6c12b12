import { weightBytes } from './bytes';
import type { Model } from './model-row';
import type { VramSettings } from './settings';

/** Bytes of the U-Net or transformer. ggml keeps convolutions in fp16; blocks that are swapped out are not counted. */
export function coreBytes(settings: VramSettings, model: Model): number {
  const { coreBits, convolutionsHalf } = settings;
  const all = convolutionsHalf
    ? weightBytes(model.millions * model.linear, coreBits) + weightBytes(model.millions * (1 - model.linear), 16)
    : weightBytes(model.millions, coreBits);
  const away = Math.max(settings.offloadShare, swappedShare(settings, model));
  return all * (1 - away);
}

/**
 * sd-scripts' `blocks_to_swap` N moves N/2 double blocks and twice as many single ones as are then missing (two single for one
 * double, and one more); musubi-tuner and models with one kind of block: N of them. Two blocks stay as buffers.
 */
function swappedShare(settings: VramSettings, model: Model): number {
  const { double, single, doubleMillions, singleMillions } = model.blocks;
  const wanted = settings.swappedBlocks;
  if (wanted === 0) return 0;
  const doubles = double === 0 ? 0 : Math.min(double - 1, Math.floor(wanted / 2));
  const singles = Math.min(single - 2, double === 0 ? wanted : (wanted - doubles) * 2 + 1);
  return Math.max(0, doubles * doubleMillions + Math.max(0, singles) * singleMillions) / model.millions;
}

export function encoderBytes(settings: VramSettings, model: Model): number {
  return model.encoders.reduce(
    (total, { millions }) => total + weightBytes(millions, millions > 1000 ? settings.encoderBits : wide(settings.encoderBits)),
    0,
  );
}

/** CLIP stays in 16 bits where only a large encoder is quantised. */
const wide = (bits: number): number => (bits === 32 ? 32 : 16);

export function vaeBytes(settings: VramSettings, model: Model, upcast: boolean): number {
  return settings.tinyVae ? weightBytes(2.5, 16) : weightBytes(model.vaeMillions, upcast ? 32 : wide(settings.vaeBits));
}
