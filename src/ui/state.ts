import type { Action, ScreenName } from './keymap';

/** What the person at the screen has chosen. The report itself is not part of it. */
export interface UiState {
  readonly screen: Exclude<ScreenName, 'scan'>;
  /** The screens below the current one, last opened last. */
  readonly below: readonly Exclude<ScreenName, 'scan'>[];
  /** Fingerprint of the chosen finding; null before the first report. */
  readonly selected: string | null;
  /** Where the chosen finding stood, so that the cursor stays near when it goes away. */
  readonly index: number;
  /** Place of the cursor among the symptoms: 0 is “nothing of these”. */
  readonly choice: number;
  /** First shown line of a scrolled page. */
  readonly scroll: number;
  /** Fingerprints that the last key press had before its eyes. */
  readonly seen: readonly string[] | null;
}

export const initialState: UiState = { screen: 'list', below: [], selected: null, index: 0, choice: 0, scroll: 0, seen: null };

export interface Surroundings {
  /** Fingerprints of the findings in their order. */
  readonly order: readonly string[];
  /** Lines of a page and the largest sensible scroll of the current page. */
  readonly page: number;
  readonly maxScroll: number;
  /** Symptoms to choose from, “nothing of these” among them. */
  readonly choices?: number;
}

export type UiEvent =
  | { readonly type: 'action'; readonly action: Action; readonly around: Surroundings }
  | { readonly type: 'report'; readonly order: readonly string[] };

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

export function reduce(state: UiState, event: UiEvent): UiState {
  if (event.type === 'report') return withReport(state, event.order);
  const { order } = event.around;
  const seen =
    order.length === state.seen?.length && order.every((id, at) => id === state.seen?.[at]) ? state : { ...state, seen: order };
  return act(seen, event.action, event.around);
}

/** Where the cursor stands in a list: on its finding, or near where that was. */
export function placeOf(state: UiState, order: readonly string[]): number {
  const at = state.selected === null ? -1 : order.indexOf(state.selected);
  return at >= 0 ? at : clamp(state.index, order.length - 1);
}

/** Keeps the cursor on the same finding, or near where it was. */
function withReport(state: UiState, order: readonly string[]): UiState {
  const seen = state.seen ?? order;
  const index = placeOf(state, order);
  if (state.selected !== null && order[index] === state.selected) return { ...state, index, seen };
  // A finding that is read right now stays open; the page says that it is gone.
  if (state.screen === 'finding') return { ...state, seen };
  return { ...state, selected: order[index] ?? null, index, seen };
}

function act(state: UiState, action: Action, around: Surroundings): UiState {
  switch (action) {
    case 'open':
      if (state.screen === 'symptoms') return state;
      return state.selected === null ? state : push(state, 'finding');
    case 'help':
    case 'symptoms':
    case 'undecided':
      return push(state, action);
    case 'back':
      return back(state, around);
    case 'next':
      return select(state, placeOf(state, around.order) + 1, around, true);
    case 'previous':
      return select(state, placeOf(state, around.order) - 1, around, true);
    case 'rescan':
    case 'language':
    case 'quit':
    case 'interrupt':
      return state;
    default:
      return move(state, action, around);
  }
}

function push(state: UiState, screen: UiState['screen']): UiState {
  return { ...state, screen, below: [...state.below, state.screen], scroll: 0 };
}

function back(state: UiState, around: Surroundings): UiState {
  const screen = state.below.at(-1) ?? 'list';
  const closed = { ...state, screen, below: state.below.slice(0, -1), scroll: 0 };
  return withReport(closed, around.order);
}

const STEPS: { readonly [action: string]: (page: number) => number } = {
  up: () => -1,
  down: () => 1,
  pageUp: (page) => -page,
  pageDown: (page) => page,
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
};

function move(state: UiState, action: Action, around: Surroundings): UiState {
  const step = STEPS[action]?.(Math.max(1, around.page)) ?? 0;
  if (state.screen === 'symptoms') return { ...state, choice: clamp(state.choice + step, (around.choices ?? 1) - 1) };
  if (state.screen === 'list') return select(state, placeOf(state, around.order) + step, around, false);
  return { ...state, scroll: clamp(clamp(state.scroll, around.maxScroll) + step, around.maxScroll) };
}

function select(state: UiState, wanted: number, around: Surroundings, top: boolean): UiState {
  const index = clamp(wanted, around.order.length - 1);
  const selected = around.order[index];
  return selected === undefined ? state : { ...state, index, selected, scroll: top ? 0 : state.scroll };
}

/** How many findings came since the last key press. */
export const newSince = (state: UiState, order: readonly string[]): number =>
  state.seen === null ? 0 : order.filter((id) => !state.seen?.includes(id)).length;
