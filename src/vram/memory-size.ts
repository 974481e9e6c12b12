/** Largest card that is believed, in GiB: beyond it a unit was meant. */
const MOST = 1024;

/**
 * Memory of a card as people write it, in GiB: `6`, `6G`, `6 GB`, `6gib`, `6144MB`, `6144 MiB`, `6144M`; full-width signs too. A card
 * "of 6 GB" has 6 GiB, so GB and GiB are one. Null: no size, 0, or more than any card has.
 */
export function memorySize(text: string): number | null {
  const match = /^(\d{1,9}(?:[.,]\d{1,6})?)\s*(?:(g)|(m))?(?:i?b)?$/i.exec(text.normalize('NFKC').trim());
  // `6b` has a rest of a unit and none in front of it.
  if (!match || (/b$/i.test(text) && !match[2] && !match[3])) return null;
  const size = Number((match[1] ?? '').replace(',', '.')) / (match[3] ? 1024 : 1);
  return size > 0 && size <= MOST ? size : null;
}
