import type { Card } from './schema';

/** Model numbers of GeForce cards by their first two digits. GTX 1630 to 1660 are Turing without tensor cores. */
const NUMBERS: readonly (readonly [RegExp, Card])[] = [
  [/^10[1-8]0$/, 'gtx10'],
  [/^16[3-6]0$/, 'gtx16'],
  [/^20[5-8]0$/, 'rtx20'],
  [/^30[5-9]0$/, 'rtx30'],
  [/^40[5-9]0$/, 'rtx40'],
  [/^50[5-9]0$/, 'rtx50'],
];

/** `NVIDIA GeForce GTX 1660 SUPER`, `rtx3060 laptop`, `1060 6GB` → the generation; null for cards that the sources do not name. */
export function cardOf(name: string): Card | null {
  if (/quadro|tesla|titan|radeon|intel|\barc\b/i.test(name)) return null;
  for (const digits of name.match(/\d{4,}/g) ?? []) {
    const found = NUMBERS.find(([pattern]) => pattern.test(digits));
    if (found) return found[1];
  }
  return null;
}

/** `GTX 1060 6GB` → 6. Null when the name does not say. */
export function memoryOf(name: string): number | null {
  const match = /(?:^|[^\d.])(\d{1,3})\s?gi?b\b/i.exec(name);
  return match ? Number(match[1]) : null;
}

const LABELS: { readonly [card in Card]: string } = {
  gtx10: 'GTX 10',
  gtx16: 'GTX 16',
  rtx20: 'RTX 20',
  rtx30: 'RTX 30',
  rtx40: 'RTX 40',
  rtx50: 'RTX 50',
};
export const cardLabel = (card: Card): string => LABELS[card];
