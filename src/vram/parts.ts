export const PART_NAMES = [
  'weights',
  'lora',
  'gradients',
  'optimizer',
  'activations',
  'text-encoders',
  'vae',
  'decode',
  'pool',
  'context',
  'desktop',
] as const;
export type PartName = (typeof PART_NAMES)[number];

/** Bytes by part at one moment. */
export type Parts = { readonly [name in PartName]?: number };

export const sum = (parts: Parts): number => Object.values(parts).reduce((total, bytes) => total + bytes, 0);

/** The moment at which most is on the card; the first of equal ones. */
export function fullest(moments: readonly Parts[]): Parts {
  return moments.reduce((most, one) => (sum(one) > sum(most) ? one : most), {});
}

/** What a program that manages memory leaves in system memory first. */
const MOVABLE: readonly PartName[] = ['pool', 'text-encoders', 'vae', 'weights', 'decode'];

/** The same moment with parts moved to system memory until it takes `limit`; what cannot be moved stays. */
export function within(parts: Parts, limit: number): Parts {
  let over = sum(parts) - limit;
  const kept: { [name in PartName]?: number } = { ...parts };
  for (const name of MOVABLE) {
    const bytes = kept[name] ?? 0;
    const moved = Math.min(bytes, Math.max(0, over));
    kept[name] = bytes - moved;
    over -= moved;
  }
  return kept;
}

/** Whole bytes, without empty parts, largest first. Their sum is the peak. */
export function listed(parts: Parts): readonly { readonly name: PartName; readonly bytes: number }[] {
  return PART_NAMES.map((name) => ({ name, bytes: Math.round(parts[name] ?? 0) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
