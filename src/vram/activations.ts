import { GIB, MIB } from './bytes';
import type { Constants } from './constants';
import type { Model } from './model-row';
import type { VramSettings } from './settings';

/** Latent frames of a clip; a picture has one. */
const latentFrames = (settings: VramSettings, model: Model): number =>
  1 + Math.ceil((settings.frames - 1) / model.framesPerLatent);

/** Cells of the finest level that the network computes on for one sample, text tokens of a transformer included. */
function tokensOf(settings: VramSettings, model: Model): number {
  const cell = model.scale * model.patch;
  const picture = Math.ceil(settings.width / cell) * Math.ceil(settings.height / cell) * latentFrames(settings, model);
  return picture + (model.kind === 'dit' ? model.textTokens : 0);
}

/** heads x tokens² in fp16 for two matrices (before and after softmax); ggml keeps one in fp32. Bytes. */
function attentionMatrix(settings: VramSettings, model: Model, samples: number): number {
  if (!settings.plainAttention) return 0;
  return samples * model.heads * tokensOf(settings, model) ** 2 * 4;
}

/** While a picture is made: values per token and channel, times the samples that are computed together. Bytes. */
export function generatingActivations(settings: VramSettings, model: Model, constants: Constants): number {
  const samples = settings.batch * (settings.passesApart ? 1 : model.passes);
  const perChannel = model.kind === 'unet' ? constants.unetValues : constants.ditValues;
  const values = tokensOf(settings, model) * model.width * perChannel * samples;
  return (values * settings.computeBits) / 8 + attentionMatrix(settings, model, samples);
}

/** Decoding latents into pictures. Slices decode one picture at a time, tiles one tile; a clip as many frames as its decoder takes at once. Bytes. */
export function decoding(settings: VramSettings, model: Model, constants: Constants): number {
  if (settings.tinyVae) return settings.width * settings.height * settings.batch * 64 * 2;
  const pixels = settings.width * settings.height;
  const tile = settings.vaeTiling ? Math.min(pixels, model.tile ** 2) : pixels;
  const frames = settings.frames > 1 ? Math.min(model.decodedFrames, settings.frames) : 1;
  const pictures = settings.vaeSlicing || settings.vaeTiling ? 1 : settings.batch;
  const single = settings.vaeBits === 32 || upcasts(settings, model);
  const tensors = pictures * constants.decoderTensors + (single ? constants.singleWorkspace : 0);
  return (tile * frames * model.decoderChannels * tensors * (single ? 32 : 16)) / 8;
}

/** diffusers runs the decoder of SDXL in fp32; the front ends keep fp16 or bf16 and repeat in fp32 only after NaN. */
export const upcasts = (settings: VramSettings, model: Model): boolean => model.vaeUpcast && settings.program === 'diffusers';

/** What training keeps between forward and backward pass. Bytes. */
export function trainingActivations(settings: VramSettings, model: Model, constants: Constants): number {
  const wide = settings.computeBits / 16;
  const kept = model.unet ? unetActivations(settings, model, constants) : ditActivations(settings, model, constants);
  return kept * wide * settings.batch + attentionMatrix(settings, model, settings.batch);
}

function unetActivations(settings: VramSettings, model: Model, constants: Constants): number {
  const { unet } = model;
  if (!unet) return 0;
  const scale = ((settings.width * settings.height) / unet.pixels) * latentFrames(settings, model) * MIB;
  const again = unet.segment * constants.recomputedSegments;
  if (!settings.checkpointing) return scale * (unet.full + again);
  return scale * ((settings.offloadsCheckpoints ? 0 : unet.kept) + again);
}

function ditActivations(settings: VramSettings, model: Model, constants: Constants): number {
  const one = tokensOf(settings, model) * model.width * 2;
  const block = one * constants.blockValues;
  const again = block * constants.recomputedBlocks + constants.ditWorkspace * GIB;
  if (!settings.checkpointing) return block * model.layers + again;
  return again + (settings.offloadsCheckpoints ? 0 : one * model.layers);
}
