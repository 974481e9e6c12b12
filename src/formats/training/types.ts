/** The shells that a training command is written for. */
export type Shell = 'bash' | 'cmd' | 'powershell';

/** 1-based; columns count UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One word of a command as the program would get it. */
export interface Word extends Place {
  /** After quotes, escapes and known variables. */
  readonly text: string;
  /** Some of it stood in quotes. */
  readonly quoted: boolean;
  /** Just behind its last character. */
  readonly end: Place;
}

/** How a text differs from what was meant, found without knowing any option. */
export const LEXICAL_FAULTS = [
  'comment-after-continuation',
  'blank-after-continuation',
  'foreign-continuation',
  'carriage-return',
  'unclosed-quote',
  'curly-quote',
  'wide-blank',
  'prompt-sign',
  'ends-early',
] as const;

export interface LexicalFault extends Place {
  readonly kind: (typeof LEXICAL_FAULTS)[number];
  /** The piece of the line, at most 80 characters. */
  readonly text: string;
}

/** A command: the words up to the end of its (continued) line. */
export interface Command {
  readonly words: readonly Word[];
}

export interface Script {
  readonly shell: Shell;
  readonly commands: readonly Command[];
  readonly faults: readonly LexicalFault[];
}
