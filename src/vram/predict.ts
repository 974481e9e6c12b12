/**
 * How much video memory a set-up takes at its peak.
 *
 *   predictRow(row)   any JSON object with the field names of the published figures → Prediction
 *
 * Pure: the same settings give the same answer. Sizes are bytes. `peak` is the sum of `parts`; `low` to `high` holds the true peak
 * nine times in ten; `need` is the least with which a program works that fills free memory on purpose (else `peak`). `fits` is
 * about the card in the settings, its desktop counted; `changes` the cheapest set of changes that makes a set-up fit that does not
 * fit surely. Method and figures: docs/vram.md.
 */

import type { Change, Estimate, Fits } from './answer';
import { GIB } from './bytes';
import { cheapestChanges } from './changes';
import { CONSTANTS, type Constants } from './constants';
import { generating } from './generate';
import { intervalOf } from './interval';
import { modelOf } from './models';
import { listed } from './parts';
import { readRow } from './read';
import type { Assumed, VramSettings } from './settings';
import { training } from './train';

export interface Prediction extends Estimate {
  readonly settings: VramSettings;
  readonly assumed: readonly Assumed[];
  /** Empty when it fits, and when no set of changes is known that makes it fit (`reachable` false). */
  readonly changes: readonly Change[];
  /** What it is after the changes; null without changes. */
  readonly after: Estimate | null;
}

/** The estimate alone, without looking for changes. `doubt`: how much was assumed. */
export function estimate(settings: VramSettings, doubt = 0, constants: Constants = CONSTANTS): Estimate {
  const model = modelOf(settings.model);
  const use = settings.task === 'generate' || settings.weightsOnly ? generating(settings, model, constants) : null;
  const parts = listed(use?.parts ?? training(settings, model, constants));
  const peak = parts.reduce((total, { bytes }) => total + bytes, 0);
  const need = Math.round(Math.min(use?.need ?? peak, peak));
  const interval = intervalOf(peak, need, settings, doubt, constants);
  const found = { peak, low: Math.round(interval.low), high: Math.round(interval.high), need, parts };
  return { ...found, fits: fitsCard(found, settings) };
}

/**
 * By what is needed: a program that fills free memory fits wherever its need does. Surely when even the high end is on the card,
 * tight when the peak is, not when it is not. The desktop is one of the parts.
 */
function fitsCard({ peak, high, need }: Omit<Estimate, 'fits'>, { cardGib }: VramSettings): Fits {
  if (cardGib === null) return 'unknown';
  const card = cardGib * GIB;
  const certain = need < peak ? need * (high / peak) : high;
  if (Math.min(need, peak) > card) return 'no';
  return Math.max(need, certain) <= card ? 'yes' : 'tight';
}

function predictPeak(settings: VramSettings, assumed: readonly Assumed[], doubt: number, constants: Constants): Prediction {
  const found = estimate(settings, doubt, constants);
  const open = found.fits === 'tight' || found.fits === 'no';
  const way = open ? cheapestChanges(settings, (changed) => estimate(changed, doubt, constants)) : null;
  return { ...found, settings, assumed, changes: way?.changes ?? [], after: way?.after ?? null };
}

export function predictRow(row: unknown, constants: Constants = CONSTANTS): Prediction {
  const { settings, assumed, doubt } = readRow(row);
  return predictPeak(settings, assumed, doubt, constants);
}
