import { GIB } from './bytes';
import type { Constants } from './constants';
import { UNNAMED_CARD_GIB } from './generate';
import type { VramSettings } from './settings';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Most that the doubt of assumed settings may widen an interval. */
const MOST_DOUBT = 5;

/**
 * Where the true peak lies nine times in ten. `peak` of a program that fills free memory lies between what it needs and what
 * the card has; for the others a factor up and down, wider with each setting that had to be assumed.
 */
export function intervalOf(peak: number, need: number, settings: VramSettings, doubt: number, constants: Constants): Interval {
  const factor = constants.interval + constants.doubtStep * Math.min(MOST_DOUBT, doubt);
  let low = peak / factor;
  let high = peak * factor;
  if (settings.task === 'generate' && (settings.placement === 'managed' || settings.placement === 'fills')) {
    if (settings.cardGib === null) low = Math.min(low, need / factor);
    const card = (settings.cardGib ?? Math.max(UNNAMED_CARD_GIB, high / GIB)) * GIB;
    high = Math.max(peak, Math.min(high, card));
  }
  return { low: Math.min(low, peak), high: Math.max(high, peak) };
}
