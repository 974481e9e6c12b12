import type { Language } from '../../i18n/language';
import { t } from '../../i18n/messages';
import { type Line, lineWidth, span } from '../../report/lines';
import type { Role } from '../../report/theme';
import { type Glyphs, glyphsFor } from '../../report/theme';
import { textWidth, truncate } from '../../report/width';
import { bindingsOf, keyLabel, type ScreenName } from '../keymap';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What every page needs to draw itself. */
export interface Canvas {
  readonly size: Size;
  readonly language: Language;
  readonly glyphs: Glyphs;
}

/** A smaller window gets a message instead of a page. */
export const SMALLEST: Size = { columns: 40, rows: 10 };

export const isTooSmall = (size: Size): boolean => size.columns < SMALLEST.columns || size.rows < SMALLEST.rows;

export const canvas = (size: Size, language: Language, ascii: boolean): Canvas => ({ size, language, glyphs: glyphsFor(ascii) });

/** Lines of a page between header and footer: one row stays free, because a frame of full height makes terminals jump. */
export const bodyHeight = (size: Size): number => Math.max(1, size.rows - 1 - HEADER - FOOTER);
const HEADER = 3;
const FOOTER = 2;

/** A page: header, body filled up to its height, footer. Every line fits the width. */
export function frame(header: Line, status: Line, body: readonly Line[], screen: ScreenName, page: Canvas): Line[] {
  const { columns } = page.size;
  const height = bodyHeight(page.size);
  const rule: Line = [span(page.glyphs.rule.repeat(columns), 'dim')];
  const filled = Array.from({ length: height }, (_, at): Line => body[at] ?? []);
  return [header, status, rule, ...filled, rule, footer(screen, page)].map((line) =>
    cutLine(line, columns, page.glyphs.ellipsis),
  );
}

/** Cuts a line to a width; what is cut ends with the ellipsis. */
export function cutLine(line: Line, columns: number, ellipsis: string): Line {
  if (lineWidth(line) <= columns) return line;
  const out: { text: string; role: Role }[] = [];
  let left = columns;
  for (const piece of line) {
    const width = textWidth(piece.text);
    const isLast = piece === line.at(-1);
    if (width < left || (width === left && isLast)) {
      out.push(piece);
      left -= width;
      continue;
    }
    out.push({ text: truncate(`${piece.text}${isLast ? '' : ' '.repeat(columns)}`, left, ellipsis), role: piece.role });
    break;
  }
  return out;
}

/** As many key hints as fit. */
function footer(screen: ScreenName, page: Canvas): Line {
  const line: Line[number][] = [];
  let width = 0;
  for (const binding of bindingsOf(screen)) {
    if (!binding.footer) continue;
    const key = keyLabel(binding.keys[0] ?? '');
    const label = ` ${t(page.language, binding.label)}  `;
    width += textWidth(key) + textWidth(label);
    if (width > page.size.columns + 2) break;
    line.push(span(key, 'strong'), span(label, 'dim'));
  }
  return line;
}

/** Left and right on one line; the left is cut first. */
export function leftRight(left: Line, right: Line, page: Canvas): Line {
  const room = page.size.columns - lineWidth(right) - 1;
  const start = cutLine(left, Math.max(0, room), page.glyphs.ellipsis);
  return [...start, span(' '.repeat(Math.max(1, page.size.columns - lineWidth(start) - lineWidth(right)))), ...right];
}
