import { pythonFloat, pythonInt } from './python-number';
import { excerpt, type ProblemKind } from './tag';

/** What the A1111 family makes of a tag's body. `error` stands for the exception that switches all LoRAs off. */
export interface Arguments {
  readonly name: string;
  readonly te: number | null;
  readonly unet: number | null;
  readonly error: { readonly kind: ProblemKind; readonly text: string } | null;
  /** A name with `=` was taken for a named argument. */
  readonly equals: boolean;
}

/**
 * Splits at `:`; a piece with exactly one `=` is named. Positional: name, text-encoder weight (1), U-Net weight (the
 * text-encoder one), dyn rank. Weights go through Python's `float()` (webui-a1111-family.md §3.1).
 *
 * @param dyn whether this fork reads the dyn rank (Forge Neo does not).
 */
export function readArguments(body: string, dyn: boolean): Arguments {
  const positional: string[] = [];
  const named = new Map<string, string>();
  const pieces = body.split(':');
  for (const piece of pieces) {
    const parts = piece.split('=');
    if (parts.length === 2) named.set(parts[0] ?? '', parts[1] ?? '');
    else positional.push(piece);
  }
  const equals = (pieces[0] ?? '').split('=').length === 2;
  const name = positional[0];
  if (name === undefined)
    return { name: '', te: null, unet: null, error: { kind: 'equals-in-name', text: excerpt(body) }, equals };
  const te = pick(positional[1], named.get('te'), 1);
  const unet = pick(positional[2], named.get('unet'), te.value);
  const rank = dyn ? [positional[3], named.get('dyn')].find((v) => v !== undefined && pythonInt(v) === null) : undefined;
  const bad = te.bad ?? unet.bad ?? rank;
  const error = bad === undefined ? null : { kind: kindOfBad(bad), text: excerpt(bad) };
  return { name, te: te.bad === undefined ? te.value : null, unet: unet.bad === undefined ? unet.value : null, error, equals };
}

/** The named value wins, but the positional one is read first and may already fail. */
function pick(
  positional: string | undefined,
  named: string | undefined,
  fallback: number | null,
): { value: number | null; bad?: string } {
  let value = fallback;
  for (const text of [positional, named]) {
    if (text === undefined) continue;
    value = pythonFloat(text);
    if (value === null) return { value: null, bad: text };
  }
  return { value };
}

/** Why a weight is no number. */
export function kindOfBad(text: string): ProblemKind {
  if (text.trim() === '') return 'empty-weight';
  if (/^\s*[+-]?\d*\s*[,，、]\s*\d+\s*$/.test(text)) return 'decimal-comma';
  return text.includes('：') ? 'full-width-colon' : 'bad-weight';
}
