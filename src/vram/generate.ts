import { decoding, generatingActivations, upcasts } from './activations';
import { GIB, weightBytes } from './bytes';
import type { Constants } from './constants';
import type { Model } from './model-row';
import { fullest, type Parts, sum, within } from './parts';
import type { VramSettings } from './settings';
import { coreBytes, encoderBytes, vaeBytes } from './weights';

/** Share of the card that programs which manage memory fill. */
const FILLED = 0.97;

export interface Use {
  readonly parts: Parts;
  /** The least with which the same program works, when it fills free memory on purpose; else the same as `parts`. */
  readonly need: number;
}

/**
 * Most that is on the card while a picture or a clip is made.
 *
 * resident   all parts, what the network computes with, and the decoder on top: PyTorch keeps freed pieces, too small for the decoder
 * one-part   the largest of encoders, network with its activations, decoder
 * stream     the same with the network's weights layer by layer
 * fills      all parts as far as the card has room, as it was started for it; less of them on a small card
 * managed    a part stays if there is room beside it for the next one; below that one at a time, below that in pieces
 */
export function generating(settings: VramSettings, model: Model, constants: Constants): Use {
  const core = coreBytes(settings, model);
  const encoders = settings.encodersAway
    ? 0
    : encoderBytes(settings, model) + weightBytes(settings.extraMillions, Math.max(16, settings.encoderBits));
  const activations = generatingActivations(settings, model, constants);
  const decode = decoding(settings, model, constants);
  const vae = vaeBytes(settings, model, upcasts(settings, model));
  const context = constants.contextGenerate * GIB * (settings.convolutionsHalf ? 0.2 : 1);
  const always: Parts = { context, desktop: settings.hasDesktop ? constants.desktop * GIB : 0 };
  if (settings.weightsOnly) return same({ weights: core, 'text-encoders': encoders, vae });

  const all: Parts = { ...always, weights: core, 'text-encoders': encoders, vae, activations, decode };
  const layers = Math.min(core, (core / Math.max(1, model.layers)) * 2);
  // Freed pieces of the network that the decoder's large blocks cannot use stay in the pool of PyTorch.
  const pool = settings.leavesPool ? Math.min(core, decode) : 0;
  const left = settings.leavesPool ? activations : 0;
  const network: Parts = { ...always, weights: core, activations };
  const onePart = fullest([
    { ...always, 'text-encoders': encoders },
    network,
    { ...always, vae, decode, pool, activations: left },
  ]);
  const stream = fullest([
    { ...always, 'text-encoders': settings.program === 'nunchaku' ? encoders : Math.min(encoders, layers) },
    { ...always, weights: layers, activations },
    { ...always, vae, decode, pool, activations: left },
  ]);
  switch (settings.placement) {
    case 'resident':
      return same(all);
    case 'one-part':
      return settings.cardGib === null || !settings.leavesPool
        ? same(onePart)
        : { parts: within(onePart, room(settings)), need: sum(onePart) - pool - left };
    case 'stream':
      return settings.cardGib === null ? same(stream) : { parts: within(stream, room(settings)), need: sum(stream) - pool };
    case 'fills':
      return {
        parts: within(all, Math.max(room(settings), least(network, decode))),
        need: Math.min(least(network, decode), sum(all)),
      };
    case 'managed': {
      // A part stays only beside the space that the next one is reckoned to want.
      const stays = core * RECKONED + encoders + INFERENCE_RESERVE + sum(always) <= room(settings) ? encoders : 0;
      const reserve = settings.tinyVae ? 0 : settings.width * settings.height * DECODE_RESERVE;
      const beside = stays + core + reserve + sum(always) <= room(settings);
      const moments = [
        { ...always, 'text-encoders': encoders },
        { ...always, weights: core, 'text-encoders': stays, activations },
        { ...always, ...(beside ? { weights: core, 'text-encoders': stays } : {}), vae, decode },
      ];
      const floor = least(network, decode);
      const limit = Math.max(room(settings), floor);
      return { parts: fullest(moments.map((moment) => within(moment, limit))), need: Math.min(floor, sum(fullest(moments))) };
    }
  }
}

const same = (parts: Parts): Use => ({ parts, need: sum(parts) });

/** A card that is not named is taken as one of 8 GiB; see `interval.ts` for what that does to `low`. */
export const UNNAMED_CARD_GIB = 8;

const room = (settings: VramSettings): number => (settings.cardGib ?? UNNAMED_CARD_GIB) * FILLED * GIB;

/** What ComfyUI makes room for before it loads: the weights times this and so many bytes; for a decode, bytes a pixel (webui-comfyui-and-others.md A10). */
const RECKONED = 1.1;
export const INFERENCE_RESERVE = 1.2 * GIB;
const DECODE_RESERVE = 2178 * 2;

/** Published successes end where about a third of the network stays on the card (Forge: SDXL on 4 GB, SD1.x on 2 GB). */
const LEAST_SHARE = 0.35;

/** With the network in pieces and a decode that is repeated in tiles, as these programs do when there is no room. */
function least(network: Parts, decode: number): number {
  const tile = Math.min(decode, 512 * 512 * 256 * 3 * 2);
  const { weights = 0, activations = 0, context = 0, desktop = 0 } = network;
  return weights * LEAST_SHARE + Math.max(activations, tile) + context + desktop;
}
