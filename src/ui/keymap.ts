import type { PlainKey } from '../i18n/messages';

export type ScreenName = 'scan' | 'list' | 'finding' | 'undecided' | 'symptoms' | 'help';

export type Action =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'next'
  | 'previous'
  | 'undecided'
  | 'symptoms'
  | 'rescan'
  | 'language'
  | 'help'
  | 'quit'
  | 'interrupt';

/** One binding. Everything that the program knows of keys is here; the help page and the footer are made from it. */
export interface Binding {
  readonly action: Action;
  /** Names as `keyNames` gives them: a printable character, or a word such as `pageUp`, `ctrl+c`. */
  readonly keys: readonly string[];
  readonly screens: readonly ScreenName[];
  readonly label: PlainKey;
  /** Shown in the footer (with its first key). */
  readonly footer?: true;
}

const ALL: readonly ScreenName[] = ['scan', 'list', 'finding', 'undecided', 'symptoms', 'help'];
const SCROLLING: readonly ScreenName[] = ['list', 'finding', 'undecided', 'symptoms', 'help'];
const OPENED: readonly ScreenName[] = ['finding', 'undecided', 'symptoms', 'help'];

export const KEYMAP: readonly Binding[] = [
  { action: 'down', keys: ['j', 'down'], screens: SCROLLING, label: 'key.down', footer: true },
  { action: 'up', keys: ['k', 'up'], screens: SCROLLING, label: 'key.up', footer: true },
  { action: 'pageDown', keys: ['pageDown', ' '], screens: SCROLLING, label: 'key.pageDown' },
  { action: 'pageUp', keys: ['pageUp', 'b'], screens: SCROLLING, label: 'key.pageUp' },
  { action: 'first', keys: ['home', 'g'], screens: SCROLLING, label: 'key.first' },
  { action: 'last', keys: ['end', 'G'], screens: SCROLLING, label: 'key.last' },
  { action: 'open', keys: ['enter', 'right'], screens: ['list'], label: 'key.open', footer: true },
  { action: 'open', keys: ['enter', 'right'], screens: ['symptoms'], label: 'key.answer', footer: true },
  { action: 'back', keys: ['esc', 'h', 'left', 'backspace'], screens: OPENED, label: 'key.back', footer: true },
  { action: 'next', keys: ['n'], screens: ['finding'], label: 'key.next', footer: true },
  { action: 'previous', keys: ['p'], screens: ['finding'], label: 'key.previous' },
  { action: 'symptoms', keys: ['s'], screens: ['list', 'finding', 'undecided'], label: 'key.symptoms', footer: true },
  { action: 'undecided', keys: ['i'], screens: ['list', 'finding'], label: 'key.undecided' },
  { action: 'rescan', keys: ['r'], screens: ['scan', 'list', 'finding', 'undecided'], label: 'key.rescan', footer: true },
  { action: 'language', keys: ['l', 'L'], screens: ALL, label: 'key.language', footer: true },
  { action: 'help', keys: ['?'], screens: ['scan', 'list', 'finding', 'undecided'], label: 'key.help', footer: true },
  { action: 'quit', keys: ['q'], screens: OPENED, label: 'key.quit', footer: true },
  { action: 'quit', keys: ['q', 'esc'], screens: ['scan', 'list'], label: 'key.quit', footer: true },
  { action: 'interrupt', keys: ['ctrl+c'], screens: ALL, label: 'key.interrupt' },
];

export const bindingsOf = (screen: ScreenName): readonly Binding[] =>
  KEYMAP.filter((binding) => binding.screens.includes(screen));

/** What a key does on a screen, or null. */
export const actionFor = (screen: ScreenName, key: string): Action | null =>
  bindingsOf(screen).find((binding) => binding.keys.includes(key))?.action ?? null;

/** The parts of Ink's key object that we read. */
export interface PressedKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

/** Names of what was pressed. Fast typing arrives as one string, so there may be several. */
export function keyNames(input: string, key: PressedKey): readonly string[] {
  if (key.ctrl) return [`ctrl+${input}`];
  const special = specialKey(key);
  if (special !== null) return [special];
  return key.meta ? [] : [...input].slice(0, 32).map((char) => (char === '\r' || char === '\n' ? 'enter' : char));
}

function specialKey(key: PressedKey): string | null {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageUp';
  if (key.pageDown) return 'pageDown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  return key.backspace || key.delete ? 'backspace' : null;
}

const SHOWN: { readonly [key: string]: string } = {
  ' ': 'Space',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageUp: 'PgUp',
  pageDown: 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  esc: 'Esc',
  backspace: 'Backspace',
  'ctrl+c': 'Ctrl-C',
};

/** A key as people read it. */
export const keyLabel = (key: string): string => SHOWN[key] ?? key;
