import type { FactSpec } from '../define';

/** Every fact that exists, by id. Built from one list a subject kind, so that adding a fact touches one file. */
export type Registry = ReadonlyMap<string, FactSpec>;

export function buildRegistry(lists: readonly (readonly FactSpec[])[]): Registry {
  const registry = new Map<string, FactSpec>();
  for (const spec of lists.flat()) {
    if (registry.has(spec.id)) throw new Error(`fact ${spec.id} is declared twice`);
    registry.set(spec.id, spec);
  }
  return registry;
}
