import type { Card } from '../vram/cards';
import type { Preset, Setting, Task } from './schema';

/** What settings are wanted for. Null: not said, so all that is published is given. */
export interface PresetQuery {
  readonly vramGib: number;
  readonly generation: Card | null;
  readonly family: string | null;
  readonly task: Task | null;
  readonly ui: string | null;
}

/** A preset as it holds for the query's card: settings for other cards are left out. */
export interface FittingPreset {
  readonly preset: Preset;
  readonly settings: readonly Setting[];
}

export interface PresetAnswer {
  readonly fitting: readonly FittingPreset[];
  /** When nothing fits: what is published nearest to it (same task), or null. */
  readonly nearest: Preset | null;
}

/**
 * The published settings for a card and purpose (presets-6gb.md). Nothing is interpolated: what nobody has published is
 * answered with an empty list and the nearest that exists.
 */
export function presetsFor(book: readonly Preset[], query: PresetQuery): PresetAnswer {
  const fitting = book
    .filter((preset) => distance(preset, query) === 0)
    .map((preset) => ({ preset, settings: preset.settings.filter((setting) => suits(setting.cards, query.generation)) }));
  return { fitting, nearest: fitting.length > 0 ? null : nearestOf(book, query) };
}

/** Settings that hold for the query without a condition. A setting for some cards is only certain when the card is known. */
export const certain = ({ settings }: FittingPreset, query: PresetQuery): readonly Setting[] =>
  settings.filter((setting) => setting.when === undefined && (setting.cards === undefined || query.generation !== null));

const suits = (cards: readonly Card[] | undefined, card: Card | null): boolean =>
  cards === undefined || card === null || cards.includes(card);

function nearestOf(book: readonly Preset[], query: PresetQuery): Preset | null {
  let best: Preset | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const preset of book) {
    const far = distance(preset, query);
    if (far >= least) continue;
    best = preset;
    least = far;
  }
  return best;
}

/** 0: fits. Another family is further away than some GB, another program further still, another task is no answer at all. */
function distance(preset: Preset, query: PresetQuery): number {
  if (query.task !== null && preset.task !== query.task) return Number.POSITIVE_INFINITY;
  const { from, to } = preset.vram;
  const memory = Math.max(0, from - query.vramGib, query.vramGib - to);
  const families: readonly string[] = preset.families;
  const programs: readonly string[] = preset.ui;
  const family = query.family === null || families.includes(query.family) ? 0 : 100;
  const program = query.ui === null || programs.includes(query.ui) ? 0 : 1000;
  return memory + (suits(preset.cards, query.generation) ? 0 : 10) + family + program;
}
