import type { FactSpec } from './define';
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
    default:
      return spec.schema.safeParse(value).success;
  }
}
