import { type Card, cardOf } from '../vram/cards';
import type { Setting, Task } from './schema';

/** What settings are wanted for. Null: not said, so all that is published is given. */
export interface PresetQuery {
  /** GiB. */
  readonly vramGib: number;
  /** The card as the reader names it. */
  readonly gpu: string | null;
  readonly family: string | null;
  readonly task: Task | null;
  readonly ui: string | null;
}

export const generationOf = ({ gpu }: PresetQuery): Card | null => (gpu === null ? null : cardOf(gpu));

/** Settings that hold without a condition. One for some cards is certain when the card is known, or when it is the one for that case. */
export const certain = (settings: readonly Setting[], query: PresetQuery): readonly Setting[] =>
  settings.filter(
    ({ when, cards, unnamed }) => when === undefined && (cards === undefined || unnamed === true || generationOf(query) !== null),
  );
