/** Cards as programs and published settings tell them apart: GeForce generations, and what is no Nvidia card. */
export const CARDS = ['gtx10', 'gtx16', 'rtx20', 'rtx30', 'rtx40', 'rtx50', 'amd', 'intel', 'apple'] as const;
export type Card = (typeof CARDS)[number];

/** Other makers first: `Intel Arc A770` has a model number too. */
const MAKERS: readonly (readonly [RegExp, Card])[] = [
  [/radeon|\bamd\b|\brx ?\d{3,4}|instinct|\bmi\d{3}/, 'amd'],
  [/\bintel\b|\barc\b/, 'intel'],
  [/\bapple\b|\bm[1-5](?: ?(?:pro|max|ultra))?\b/, 'apple'],
];

/** Model numbers of GeForce cards by their first two digits. GTX 1630 to 1660 are Turing without tensor cores. */
const NUMBERS: readonly (readonly [RegExp, Card])[] = [
  [/^10[1-8]0$/, 'gtx10'],
  [/^16[3-6]0$/, 'gtx16'],
  [/^20[5-8]0$/, 'rtx20'],
  [/^30[5-9]0$/, 'rtx30'],
  [/^40[5-9]0$/, 'rtx40'],
  [/^50[5-9]0$/, 'rtx50'],
];

/** Cards of servers and workstations by the generation whose chip they have; Volta computes like Turing, Hopper like Ada. */
const SERVERS: readonly (readonly [RegExp, Card])[] = [
  [/\bp(?:4|6|40|100)\b/, 'gtx10'],
  [/\b(?:t4|v100)\b/, 'rtx20'],
  [/\bl4\b|\bl40s?\b|\bh[12]00\b|rtx 6000 ada/, 'rtx40'],
  [/\ba(?:2|10g?|16|30|40|100|2000|4000|4500|5000|6000)\b/, 'rtx30'],
  [/\bb[12]00\b/, 'rtx50'],
];

/** `NVIDIA GeForce GTX 1660 SUPER`, `rtx3060 laptop`, `1060 6GB`, `Tesla T4` → the generation; null for cards that the sources do not name. */
export function cardOf(name: string): Card | null {
  const lower = name.toLowerCase();
  const maker = MAKERS.find(([pattern]) => pattern.test(lower));
  if (maker) return maker[1];
  const server = SERVERS.find(([pattern]) => pattern.test(lower));
  if (server) return server[1];
  if (/quadro|titan/.test(lower)) return null;
  for (const digits of lower.match(/\d{4,}/g) ?? []) {
    const found = NUMBERS.find(([pattern]) => pattern.test(digits));
    if (found) return found[1];
  }
  return null;
}

const LABELS: { readonly [card in Card]: string } = {
  gtx10: 'GTX 10',
  gtx16: 'GTX 16',
  rtx20: 'RTX 20',
  rtx30: 'RTX 30',
  rtx40: 'RTX 40',
  rtx50: 'RTX 50',
  amd: 'AMD',
  intel: 'Intel',
  apple: 'Apple',
};
export const cardLabel = (card: Card): string => LABELS[card];

/** Memory of cards by name, GiB; the laptop's where it differs. The longer name stands first. */
const MEMORY: readonly (readonly [RegExp, number])[] = [
  [/5090 laptop/, 24],
  [/5090/, 32],
  [/5080 laptop|5070 ?ti(?! laptop)|5080/, 16],
  [/5070 ?ti laptop|5070(?! laptop)/, 12],
  [/5070|5060 laptop|5050/, 8],
  [/4090 laptop/, 16],
  [/4090|3090/, 24],
  [/4080 laptop/, 12],
  [/4080|4070 ?ti super/, 16],
  [/4070 laptop/, 8],
  [/4070/, 12],
  [/4060|3070|3060 ?ti|2080(?! ?ti)|2070|2060 super|1080(?! ?ti)|1070/, 8],
  [/4050|3050 6gb/, 6],
  [/3080 ?ti laptop/, 16],
  [/3080 ?ti/, 12],
  [/3080 laptop/, 8],
  [/3080/, 10],
  [/3060 laptop|2060|1660|1060/, 6],
  [/3060/, 12],
  [/3050 ?(?:ti )?laptop|3050 ?ti|1650|1050 ?ti/, 4],
  [/3050/, 8],
  [/2080 ?ti|1080 ?ti/, 11],
  [/1050|mx\d50/, 2],
  [/\bh200\b/, 141],
  [/\b[ha]100\b/, 80],
  [/\bl40s?\b|\ba6000\b|\ba40\b|rtx 6000 ada/, 48],
  [/\ba5000\b|\bl4\b|\ba10g?\b|titan rtx|\bp40\b|\bm40\b/, 24],
  [/\bv100\b|\bt4\b|\bp100\b|\ba4000\b/, 16],
];

/** `5 GB card`, `RTX 3060 12GB`, `RTX 2060` → GiB; null for a name that does not say and is not in the table. */
export function cardMemory(name: string): number | null {
  const said = /(?:^|[^\d.])(\d{1,3}(?:\.\d)?)\s?gi?b\b/i.exec(name);
  if (said) return Number(said[1]);
  // `RTX 20xx/30xx/40xx` is a range, not a card.
  const lower = name.toLowerCase();
  return MEMORY.find(([pattern]) => pattern.test(lower))?.[1] ?? null;
}

/** Cards of servers show no desktop. */
export const isServerCard = (name: string): boolean =>
  /\b(?:[ha]\d{3}|h200|l40s?|l4|a40|a10g?|t4|v100|p100|p40|a6000|mi\d{3}x?)\b/i.test(name);
