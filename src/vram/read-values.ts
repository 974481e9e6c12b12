import type { JsonRecord } from '../formats/json';

/** Field values of a row, read generously; anything that is not of the kind asked for is null, never an error. */
export class Fields {
  readonly #row: JsonRecord;
  /** Fields that hold something which is not of their kind. */
  readonly refused: string[] = [];

  constructor(row: JsonRecord) {
    this.#row = row;
  }

  text(...names: readonly string[]): string {
    for (const name of names) {
      const value = this.#row[name];
      if (typeof value === 'string' && value.trim() !== '') return value.slice(0, 500);
      if (typeof value === 'number') return String(value);
    }
    return '';
  }

  /** A number within limits, also out of `"16 GB"`; what lies outside is refused. */
  number(name: string, least: number, most: number): number | null {
    const value = this.#row[name];
    if (value === null || value === undefined || value === '') return null;
    const number = typeof value === 'string' ? leading(value) : value;
    if (typeof number === 'number' && number >= least && number <= most) return number;
    this.refused.push(name);
    return null;
  }

  /** true, false, 1, 0, "yes", "off" …; null when it is not told. */
  flag(name: string): boolean | null {
    const value = this.#row[name];
    if (typeof value === 'boolean') return value;
    const text = String(value ?? '').toLowerCase();
    if (/^(?:true|yes|on|1|enabled)$/.test(text)) return true;
    if (/^(?:false|no|off|0|none|disabled)$/.test(text)) return false;
    if (value !== null && value !== undefined && value !== '') this.refused.push(name);
    return null;
  }
}

function leading(text: string): number | null {
  const match = /^\s*(-?\d{1,12}(?:[.,]\d{1,6})?)/.exec(text);
  return match ? Number(match[1]?.replace(',', '.')) : null;
}

/** Width, height and frames in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
  readonly frames: number | null;
}

const SIDES = [64, 16_384] as const;

/** `1024`, `512x768`, `1024,1024`, `832×480x81`, `720p` → a size; null for `default` and for what is absurd. */
export function readSize(text: string): Size | null {
  const numbers = [...text.matchAll(/\d{2,6}/g)].map((match) => Number(match[0]));
  const named = /(\d{3,4})p\b/.exec(text);
  if (named) return inLimits(Math.round((Number(named[1]) * 16) / 9 / 16) * 16, Number(named[1]), numbers[1] ?? null);
  const [first, second, third] = numbers;
  if (first === undefined) return null;
  return inLimits(first, second ?? first, third ?? null);
}

function inLimits(width: number, height: number, frames: number | null): Size | null {
  const fine = [width, height].every((side) => side >= SIDES[0] && side <= SIDES[1]);
  return fine ? { width, height, frames: frames !== null && frames <= 2000 ? frames : null } : null;
}
