import { trainingActivations } from './activations';
import { GIB, weightBytes } from './bytes';
import type { Constants } from './constants';
import type { Model } from './model-row';
import type { Parts } from './parts';
import type { VramSettings } from './settings';
import { coreBytes, encoderBytes, vaeBytes } from './weights';

/** Share of the base model that a ControlNet copies and trains. */
const CONTROL_SHARE = 0.42;

/** Most that is on the card in a training step. */
export function training(settings: VramSettings, model: Model, constants: Constants): Parts {
  const trained = trainedParameters(settings, model);
  const whole = settings.task === 'finetune';
  const core = coreBytes(settings, model);
  const stays = core / weightBytes(model.millions, settings.coreBits);
  return {
    context: constants.contextTrain * GIB,
    desktop: settings.hasDesktop ? constants.desktop * GIB : 0,
    // A model that is trained itself is held once as what is trained; autocast keeps a half copy of fp32 weights.
    weights: whole
      ? stays * trained * (settings.trainedBytes === 4 && settings.computeBits === 16 ? 6 : settings.trainedBytes)
      : core,
    'text-encoders': settings.encodersAway ? 0 : encoderBytes(settings, model),
    vae: settings.vaeAway ? 0 : vaeBytes(settings, model, false),
    lora: whole ? 0 : trained * settings.trainedBytes,
    gradients: trained * settings.gradientBytes,
    optimizer: trained * settings.optimizerBytes,
    activations: trainingActivations(settings, model, constants),
    // Weights in 8 bits or less are widened layer by layer for the computation.
    pool: settings.coreBits < 16 ? weightBytes((model.millions / model.layers) * 0.6, settings.computeBits) : 0,
  };
}

function trainedParameters(settings: VramSettings, model: Model): number {
  switch (settings.task) {
    case 'finetune':
      return model.millions * 1e6;
    case 'controlnet':
      return model.millions * 1e6 * CONTROL_SHARE;
    case 'textual-inversion':
      return 1e5;
    default: {
      const encoders = model.family === 'sd15' || model.family === 'sd21';
      return settings.rank * model.loraPerRank * (encoders && !settings.trainsEncoders ? 0.72 : 1);
    }
  }
}
