import type { Severity, Verdict } from './schema';

/** What a piece of text is, not how it looks; a theme decides that. */
export type Role = 'plain' | 'error' | 'warning' | 'info' | 'good' | 'strong' | 'dim' | 'accent' | 'path';

/** Marks beside words. Meaning is never carried by a mark or a colour alone: the word stands next to it. */
export interface Glyphs {
  readonly error: string;
  readonly warning: string;
  readonly info: string;
  readonly good: string;
  readonly busy: readonly string[];
  readonly waiting: string;
  readonly cursor: string;
  readonly bullet: string;
  readonly rule: string;
  readonly ellipsis: string;
  readonly arrow: string;
}

export interface Theme {
  readonly glyphs: Glyphs;
  paint(role: Role, text: string): string;
}

/** Only signs that take one column in every terminal. */
const SIGNS: Glyphs = {
  error: '✖',
  warning: '⚠',
  info: 'ℹ',
  good: '✔',
  busy: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧'],
  waiting: '-',
  cursor: '>',
  bullet: '-',
  rule: '-',
  ellipsis: '…',
  arrow: '->',
};

const ASCII_SIGNS: Glyphs = {
  ...SIGNS,
  error: 'x',
  warning: '!',
  info: 'i',
  good: '+',
  busy: ['|', '/', '-', '\\'],
  ellipsis: '...',
};

/** SGR codes to switch a role on and off. */
const CODES: { readonly [role in Role]: readonly [number, number] | null } = {
  plain: null,
  error: [31, 39],
  warning: [33, 39],
  info: [36, 39],
  good: [32, 39],
  strong: [1, 22],
  dim: [2, 22],
  accent: [36, 39],
  path: [4, 24],
};

export const glyphsFor = (ascii: boolean): Glyphs => (ascii ? ASCII_SIGNS : SIGNS);

/** A theme for text output: with SGR colours or without any escape sequence. */
export function textTheme(options: { readonly color: boolean; readonly ascii: boolean }): Theme {
  const paint = (role: Role, text: string): string => {
    const code = CODES[role];
    return options.color && code && text !== '' ? `\u001b[${code[0]}m${text}\u001b[${code[1]}m` : text;
  };
  return { glyphs: glyphsFor(options.ascii), paint };
}

export const roleOfVerdict = (verdict: Verdict): Role =>
  verdict === 'confirmed' ? 'strong' : verdict === 'likely' ? 'plain' : 'dim';

export const roleOfSeverity = (severity: Severity): Role => severity;
