import { isRecord, parseJson } from './json';
import { placeAt } from './text-place';

/** Why a settings file is not what the programs can read. */
export const SETTINGS_FAULTS = [
  'empty',
  'nul-bytes', // what is left after a power loss
  'byte-order-mark', // Python's JSON refuses it
  'not-utf8',
  'cut-short', // the text ends in the middle
  'syntax',
  'not-an-object',
] as const;

export interface SettingsFault {
  readonly kind: (typeof SETTINGS_FAULTS)[number];
  /** Line of the fault, and its place in it in characters, from 1; null when it is no matter of a line. */
  readonly line: number | null;
  readonly column: number | null;
}

const whole = (kind: SettingsFault['kind']): SettingsFault => ({ kind, line: null, column: null });

/**
 * Says what is wrong with a settings file (JSON object in UTF-8 without a byte order mark); null when nothing is.
 * `text`: what `bytes` are in UTF-8, null when they are not UTF-8.
 */
export function settingsFault(bytes: Uint8Array, text: string | null): SettingsFault | null {
  if (bytes.length === 0) return whole('empty');
  if (bytes.every((byte) => byte === 0)) return whole('nul-bytes');
  if (text === null) return whole('not-utf8');
  if (text.startsWith('\ufeff')) return { kind: 'byte-order-mark', line: 1, column: 1 };
  if (text.trim() === '') return whole('empty');
  const value = parseJson(text);
  if (value !== undefined) return isRecord(value) ? null : whole('not-an-object');
  const at = faultOffset(text);
  return { kind: at >= text.trimEnd().length ? 'cut-short' : 'syntax', ...placeAt(text, at) };
}

/** Offset at which the text can no longer become JSON, as the engine tells it; the end when it tells none. */
function faultOffset(text: string): number {
  try {
    JSON.parse(text);
    return text.length;
  } catch (error) {
    const place = error instanceof SyntaxError ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    return place === undefined ? text.length : Math.min(Number(place), text.length);
  }
}
