import { show } from '../formats/show';
import type { Role, Theme } from './theme';
import { textWidth, wrap } from './width';

/** A piece of a line that looks one way. */
export interface Span {
  readonly text: string;
  readonly role: Role;
}

/** One line of a terminal, already broken to its width. */
export type Line = readonly Span[];

export const span = (text: string, role: Role = 'plain'): Span => ({ text, role });

export const blank: Line = [];

/** Columns that a line takes. */
export const lineWidth = (line: Line): number => line.reduce((sum, piece) => sum + textWidth(piece.text), 0);

export const paintLine = (line: Line, theme: Theme): string => line.map((piece) => theme.paint(piece.role, piece.text)).join('');

/**
 * Text for people on one line: breaks become spaces, everything harmful becomes visible. Reports hold clean strings
 * already; whoever opens a report made elsewhere cannot know that.
 */
export const clean = (text: string, limit = 2000): string => show(text.replace(/[\t\r\n]+/g, ' ').trim(), limit);

/** A text that hangs under its prefix: the first line begins with `first`, the others with as many spaces. */
export function hanging(first: Line, text: string, role: Role, width: number): Line[] {
  const indent = lineWidth(first);
  return wrap(text, Math.max(8, width - indent)).map((part, at) =>
    at === 0 ? [...first, span(part, role)] : [span(' '.repeat(indent)), span(part, role)],
  );
}
