import type { Unit } from '../../facts/define';

const FACTORS: Readonly<Partial<Record<Unit, Readonly<Record<string, number>>>>> = {
  bytes: { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, KB: 1e3, MB: 1e6, GB: 1e9 },
  seconds: { s: 1, min: 60, h: 3600, d: 86400 },
  ms: { ms: 1, s: 1000 },
  ratio: { '%': 0.01 },
};

/** `8GiB` → bytes, for a fact in that unit; an error names the units that fit. */
export function quantity(text: string, unit: Unit | undefined): number | { readonly error: string } {
  const match = /^(-?\d+(?:\.\d+)?)\s*([A-Za-z%]+)$/.exec(text);
  const factors = unit ? FACTORS[unit] : undefined;
  const names = Object.keys(factors ?? {});
  if (!match) return { error: `"${text}" is not a number${names.length > 0 ? ` (units: ${names.join(', ')})` : ''}` };
  const factor = factors?.[match[2] ?? ''];
  if (factor === undefined) {
    return {
      error: `unit "${match[2]}" does not fit a fact in ${unit ?? 'plain numbers'}${names.length > 0 ? `; use ${names.join(', ')}` : ''}`,
    };
  }
  return Number(match[1]) * factor;
}
