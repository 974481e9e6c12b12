import type { SignalHit } from '../facts/signal';
import type { Json } from '../facts/value';
import type { Comparison } from './rule';
import { satisfies } from './version';

/** What `saw` asks for: a signal, and what its captures must be (a word, or one of several). */
export interface SawOperand {
  readonly signal: readonly string[];
  readonly where?: { readonly [capture: string]: readonly string[] | CaptureRange };
}

/** A capture read as a number (one that is none lies in no range), or whether it is there, or what it must not be. */
export interface CaptureRange {
  readonly present?: boolean;
  readonly nin?: readonly string[];
  readonly ge?: number;
  readonly gt?: number;
  readonly le?: number;
  readonly lt?: number;
}

/** A known value against an operand. Types were checked when the rule was compiled. */
export function compare(test: Comparison, value: Json, operand: Json): boolean {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  const wanted = Array.isArray(operand) ? (operand as readonly Json[]) : [operand];
  switch (test) {
    case 'known':
      return operand === true;
    case 'eq':
      return same(value, operand);
    case 'ne':
      return !same(value, operand);
    case 'in':
      return wanted.some((w) => same(value, w));
    case 'nin':
      return !wanted.some((w) => same(value, w));
    case 'includes':
      return wanted.every((w) => list.some((v) => same(v, w)));
    case 'excludes':
      return !wanted.some((w) => list.some((v) => same(v, w)));
    case 'overlaps':
      return wanted.some((w) => list.some((v) => same(v, w)));
    case 'disjoint':
      return !wanted.some((w) => list.some((v) => same(v, w)));
    case 'empty':
      return (typeof value === 'string' ? value === '' : list.length === 0) === operand;
    case 'some':
      return list.some((item) => matchesRecord(item, operand));
    case 'saw':
      return findHit(value, operand) !== undefined;
    case 'satisfies':
      return satisfies(String(value), String(operand));
    default:
      return ordered(test, value, operand);
  }
}

function ordered(test: Comparison, value: Json, operand: Json): boolean {
  const a = value as number | string;
  const b = operand as number | string;
  switch (test) {
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'startsWith':
      return String(value).startsWith(String(operand));
    case 'endsWith':
      return String(value).endsWith(String(operand));
    case 'contains':
      return String(value).includes(String(operand));
    case 'matches':
      return new RegExp(String(operand), 'u').test(String(value).slice(0, 4000));
    default:
      return false;
  }
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/** A record against `{field: value or [values]}`; every field must agree. */
function matchesRecord(item: Json, operand: Json): boolean {
  if (item === null || typeof item !== 'object' || Array.isArray(item) || operand === null || typeof operand !== 'object')
    return false;
  const record = item as { readonly [key: string]: Json };
  return Object.entries(operand as { readonly [key: string]: Json }).every(([key, wanted]) =>
    (Array.isArray(wanted) ? (wanted as readonly Json[]) : [wanted]).some((w) => same(record[key] ?? null, w)),
  );
}

/** The first hit of a `saw`, earliest line first. */
export function findHit(value: Json, operand: Json): SignalHit | undefined {
  const wanted = operand as unknown as SawOperand;
  const hits = value as unknown as readonly SignalHit[];
  return hits.find(
    (hit) =>
      wanted.signal.includes(hit.signal) &&
      Object.entries(wanted.where ?? {}).every(([name, wish]) => captured(hit.captures[name], wish)),
  );
}

function captured(value: string | undefined, wish: readonly string[] | CaptureRange): boolean {
  if (Array.isArray(wish)) return wish.includes(value ?? '');
  const range = wish as CaptureRange;
  if (range.present !== undefined) return (value !== undefined) === range.present;
  if (range.nin !== undefined) return value === undefined || !range.nin.includes(value);
  const number = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
  return (
    !Number.isNaN(number) &&
    number >= (range.ge ?? -Infinity) &&
    number <= (range.le ?? Infinity) &&
    number > (range.gt ?? -Infinity) &&
    number < (range.lt ?? Infinity)
  );
}
