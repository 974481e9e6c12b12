import type { FactType } from '../../facts/define';
import type { Comparison } from '../rule';

/** Which tests a fact's type allows. `known` is allowed for all. */
export const OPERATORS: Readonly<Record<FactType, readonly Comparison[]>> = {
  boolean: ['eq', 'ne'],
  number: ['eq', 'ne', 'in', 'nin', 'lt', 'le', 'gt', 'ge'],
  string: ['eq', 'ne', 'in', 'nin', 'matches', 'startsWith', 'endsWith', 'contains', 'empty'],
  enum: ['eq', 'ne', 'in', 'nin'],
  version: ['eq', 'ne', 'satisfies', 'startsWith', 'contains'],
  strings: ['includes', 'excludes', 'overlaps', 'disjoint', 'empty'],
  numbers: ['includes', 'excludes', 'overlaps', 'disjoint', 'empty'],
  signals: ['saw'],
  record: ['some'],
  records: ['some', 'empty'],
};

/** What a bare literal means: `lora.family: sdxl` is `{eq: sdxl}`, `log.signals: x` is `{saw: x}`. */
export function defaultTest(type: FactType): Comparison {
  if (type === 'strings' || type === 'numbers') return 'includes';
  if (type === 'signals') return 'saw';
  return type === 'records' || type === 'record' ? 'some' : 'eq';
}
