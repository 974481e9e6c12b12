import type { FactSpec, Field, Fields } from './define';
import type { Json } from './value';

/** Does a value have the type its fact declares? Plain types are compared by hand: this runs for every fact of 2,000 files. */
export function fits(spec: FactSpec, value: Json): boolean {
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' && !Number.isNaN(value);
    case 'string':
    case 'version':
      return typeof value === 'string';
    case 'enum':
      return typeof value === 'string' && (spec.words ?? []).includes(value);
    case 'strings':
      return Array.isArray(value) && value.every((v) => typeof v === 'string' && (!spec.words || spec.words.includes(v)));
    case 'numbers':
      return Array.isArray(value) && value.every((v) => typeof v === 'number');
    case 'record':
      return holds(spec.fields ?? {}, value);
    case 'records':
    case 'signals':
      return Array.isArray(value) && value.every((v: Json) => holds(spec.fields ?? {}, v));
  }
}

function holds(fields: Fields, value: Json): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const record = value as { readonly [name: string]: Json };
  return Object.entries(fields).every(([name, field]) => Object.hasOwn(record, name) && fieldFits(field, record[name] ?? null));
}

function fieldFits(field: Field, value: Json): boolean {
  if (typeof field !== 'string') return typeof value === 'string' && field.includes(value);
  if (field === 'text') return typeof value === 'string';
  if (field === 'number') return Number.isFinite(value);
  return (
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((v) => typeof v === 'string')
  );
}
