/** Kleene's three values: a condition over facts may be neither true nor false. */
export type Truth = true | false | 'unknown';

export function not(a: Truth): Truth {
  return a === 'unknown' ? a : !a;
}

export function all(values: readonly Truth[]): Truth {
  if (values.includes(false)) return false;
  return values.includes('unknown') ? 'unknown' : true;
}

export function any(values: readonly Truth[]): Truth {
  if (values.includes(true)) return true;
  return values.includes('unknown') ? 'unknown' : false;
}
