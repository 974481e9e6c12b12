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
