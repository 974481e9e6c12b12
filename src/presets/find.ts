import type { Card } from '../vram/cards';
import { type Estimated, estimateOf } from './peak';
import { generationOf, type PresetQuery } from './query';
import type { Book, Limit, Preset, Setting } from './schema';

/** A preset as it holds for the query: settings for other cards are left out, so are programs and families whose predicted need is above the card. */
export interface FittingPreset {
  readonly preset: Preset;
  readonly settings: readonly Setting[];
  readonly estimates: readonly Estimated[];
}

export interface PresetAnswer {
  readonly fitting: readonly FittingPreset[];
  /** Published for the size, but by our estimate more than the card has. */
  readonly tooLarge: readonly Estimated[];
  readonly limits: readonly Limit[];
  /** When nothing fits: what is published nearest to it (same task), or null. */
  readonly nearest: Preset | null;
}

/**
 * The published settings for a card and purpose (presets-6gb.md). Nothing is interpolated: what nobody has published is answered
 * with an empty list and the nearest that exists; what does not fit by our own estimator (docs/vram.md) is no preset.
 */
export function presetsFor(book: Book, query: PresetQuery): PresetAnswer {
  const card = generationOf(query);
  const near = book.presets.filter((preset) => distance(preset, query, card) === 0);
  const all = near.map((preset) => {
    const settings = preset.settings.filter((setting) => suits(setting.cards, card));
    return {
      preset,
      settings,
      estimates: pairs(preset, query).map(([ui, family]) => estimateOf(preset, settings, query, ui, family)),
    };
  });
  const fitting = all
    .map((one) => ({ ...one, estimates: one.estimates.filter(({ estimate }) => estimate.fits !== 'no') }))
    .filter(({ estimates }) => estimates.length > 0);
  return {
    fitting,
    tooLarge: all.flatMap(({ estimates }) => estimates.filter(({ estimate }) => estimate.fits === 'no')),
    limits: book.limits.filter((limit) => touches(limit, query, card)),
    nearest: fitting.length > 0 ? null : nearestOf(book.presets, query, card),
  };
}

const suits = (cards: readonly Card[] | undefined, card: Card | null): boolean =>
  cards === undefined || card === null || cards.includes(card);

/** Programs and families of a preset that the query leaves open. */
function pairs({ ui, families }: Preset, query: PresetQuery): [ui: string, family: string][] {
  const uis = ui.filter((one) => query.ui === null || one === query.ui);
  return families
    .filter((family) => query.family === null || family === query.family)
    .flatMap((family) => uis.map((one): [string, string] => [one, family]));
}

function touches(limit: Limit, query: PresetQuery, card: Card | null): boolean {
  const holds = (list: readonly string[] | undefined, word: string | null): boolean =>
    list === undefined || (word !== null && list.includes(word));
  const { from, to } = limit.vram ?? { from: 0, to: Number.POSITIVE_INFINITY };
  return (
    (query.task === null || limit.task === undefined || limit.task === query.task) &&
    (query.family === null ? limit.families === undefined || card !== null : holds(limit.families, query.family)) &&
    (query.ui === null || holds(limit.ui, query.ui)) &&
    holds(limit.cards, card) &&
    query.vramGib >= from &&
    query.vramGib <= to
  );
}

function nearestOf(presets: readonly Preset[], query: PresetQuery, card: Card | null): Preset | null {
  let best: Preset | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const preset of presets) {
    const far = distance(preset, query, card);
    if (far >= least || far === 0) continue;
    best = preset;
    least = far;
  }
  return best;
}

/** 0: fits. Another program is further away than some GB; another task or family is no answer at all. */
function distance(preset: Preset, query: PresetQuery, card: Card | null): number {
  if (query.task !== null && preset.task !== query.task) return Number.POSITIVE_INFINITY;
  const { from, to } = preset.vram;
  const memory = Math.max(0, from - query.vramGib, query.vramGib - to);
  const families: readonly string[] = preset.families;
  if (query.family !== null && !families.includes(query.family)) return Number.POSITIVE_INFINITY;
  const programs: readonly string[] = preset.ui;
  const program = query.ui === null || programs.includes(query.ui) ? 0 : 1000;
  return memory + (suits(preset.cards, card) ? 0 : 10) + program;
}
