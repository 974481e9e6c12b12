import type { FactMap, Snapshot } from '../facts/snapshot';
import type { Json } from '../facts/value';
import type { Report } from '../report/schema';
import type { Generation } from './events';

/** Pictures that the later report has and the earlier one has not. Read from the published facts, so nothing private leaks. */
export function newGenerations(before: Report, after: Report): Generation[] {
  const now = factsOf(after);
  const images = (snapshot: Snapshot | null) => snapshot?.subjects.filter((subject) => subject.kind === 'image') ?? [];
  const known = new Set(images(factsOf(before)).map((subject) => subject.id));
  if (now === null) return [];
  return images(now).flatMap(({ id, path }) => (known.has(id) || path === undefined ? [] : [generationOf(now, id, path)]));
}

/** The facts that a report carries; null when it carries none. */
function factsOf(report: Report): Snapshot | null {
  const facts = report.facts as Partial<Snapshot> | null;
  return facts !== null && Array.isArray(facts.subjects) ? (facts as Snapshot) : null;
}

function generationOf(snapshot: Snapshot, imageId: string, path: string): Generation {
  const image = snapshot.subjects.find((subject) => subject.id === imageId);
  const prompt = snapshot.subjects.find(
    (subject) =>
      subject.kind === 'prompt' &&
      (subject.id === image?.links?.prompt || subject.links?.image === imageId || subject.path === path),
  );
  if (!prompt) return { path, prompt: null, asked: null, loaded: null };
  const uses = snapshot.subjects.filter((subject) => subject.kind === 'use' && subject.links?.prompt === prompt.id);
  const named = uses.map(({ label, facts }) => ({
    name: textOf(facts, 'use.name') ?? label,
    strength: numberOf(facts, 'use.strength'),
    loaded: wasLoaded(facts),
  }));
  return {
    path,
    prompt: textOf(prompt.facts, 'prompt.positive'),
    asked: named.map(({ name, strength }) => ({ name, strength })),
    loaded: named.some((use) => use.loaded === null) ? null : named.filter((use) => use.loaded).map((use) => use.name),
  };
}

/** The program's own list of loaded LoRAs decides; a name that it cannot find was not loaded; else it is not known. */
function wasLoaded(facts: FactMap): boolean | null {
  const listed = knownValue(facts, 'use.inHashes');
  if (listed === 'yes') return true;
  return listed === 'no' || knownValue(facts, 'use.found') === false ? false : null;
}

function knownValue(facts: FactMap, id: string): Json | undefined {
  const fact = facts[id];
  return fact?.state === 'known' ? fact.value : undefined;
}

function textOf(facts: FactMap, id: string): string | null {
  const value = knownValue(facts, id);
  return typeof value === 'string' ? value : null;
}

function numberOf(facts: FactMap, id: string): number | null {
  const value = knownValue(facts, id);
  return typeof value === 'number' ? value : null;
}
