import type { Family } from '../../facts/families';
import type { Place } from './types';
import type { Trainer } from './vocabulary';

/** One option as it was given. `values` is empty for a flag. */
export interface Given extends Place {
  readonly name: string;
  readonly values: readonly string[];
  readonly quoted: boolean;
  /** Stood as `--name=value`, where no shell replaces a `~`. */
  readonly joined: boolean;
  /** Just behind its last value; left out where it stands in no command. */
  readonly end?: Place;
}

export const SETUP_PROBLEMS = [
  'line-cut',
  'second-command',
  'ends-early',
  'prompt-sign',
  'odd-character',
  'dash-option',
  'unknown-option',
  'missing-value',
  'bad-value',
  'stray-word',
  'toml-escape',
  'toml-fault',
  'unknown-key',
] as const;

export interface SetupProblem extends Place {
  readonly kind: (typeof SETUP_PROBLEMS)[number];
  /** What stands there, at most 120 characters. */
  readonly text: string;
  /** The name that was probably meant. */
  readonly nearest: string | null;
}

/**
 * A training command or configuration: which program and script, with what, and what is wrong with how it is written. Options
 * have the names of sd-scripts, also where the program calls them otherwise.
 */
export interface Setup {
  readonly trainer: Trainer;
  readonly script: string | null;
  /** What is trained, where neither script nor options but something else in the file tells it. */
  readonly family?: Family | null;
  /** The program, where its options are not known and the file yet shows whose it is. */
  readonly program?: string | null;
  /** More options may be given than stand here: in a variable, in a part that was left out, in a file that is not at hand. */
  readonly open?: boolean;
  readonly options: ReadonlyMap<string, Given>;
  readonly problems: readonly SetupProblem[];
  /** Options of `accelerate launch`, before the script. */
  readonly launch?: ReadonlyMap<string, Given>;
  /** The words up to the script, with it. */
  readonly prefix?: readonly string[];
}

/** Options may be given where we cannot see them: the setup says so, or names a file that is not opened here. */
export const isOpen = ({ open, options }: Pick<Setup, 'open' | 'options'>): boolean =>
  open === true || options.has('config_file');
