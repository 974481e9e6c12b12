import type { Ui } from '../../facts/families';
import type { Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type GraphReading, readGraph } from '../../formats/comfy-graph/read';
import { readInfotext } from '../../formats/infotext/a1111';
import { NOTHING, type RequestedLora } from '../../formats/infotext/generation';
import { isRecord, parseJson } from '../../formats/json';
import { generationIn } from '../../formats/picture/generation';
import { readPicture } from '../../formats/picture/read';
import { nodeGunzip, nodeInflate } from '../../platform/inflate';
import { ReadError } from '../../platform/platform';
import type { CheckContext } from '../check';
import { type Asked, askedFrom } from './asked';

const TEXT_LIMIT = 2 << 20;
const WORKFLOW_LIMIT = 16 << 20;
const HOW_MANY_WORKFLOWS = { quick: 6, normal: 12, deep: 60 } as const;

export interface Place {
  readonly context: CheckContext;
  readonly notes: Note[];
  readonly install: Subject | null;
  readonly ui: Ui | null;
  readonly knows: (name: string) => boolean;
}

/** Every generation that an install's files tell of. */
export function collect(place: Place): Asked[] {
  return [...fromParams(place), ...fromPictures(place), ...fromWorkflows(place), ...fromFooocusConfig(place)];
}

/** Reads a file and goes on when it cannot be read. */
function attempt<T>(place: Place, path: string, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    if (error.code !== 'missing')
      place.notes.push({ check: 'prompts', code: `unreadable-${error.code}`, path, detail: error.message });
    return null;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}

function fact<T extends string | readonly string[]>(place: Place, id: string): T | undefined {
  return place.install ? place.context.facts.value<T>(place.install.id, id) : undefined;
}

/** params.txt holds the last attempt, written before sampling began (webui-a1111-family.md §1.5, traps 52). */
function fromParams(place: Place): Asked[] {
  const path = fact<string>(place, 'install.paramsFile');
  if (path === undefined || place.ui === null || place.ui === 'comfyui') return [];
  const info = place.context.platform.stat(path);
  const text = attempt(place, path, () => textOf(place.context.platform.readFile(path, TEXT_LIMIT)));
  if (!text?.trim()) return [];
  const generation = readInfotext(text);
  return [
    askedFrom({ path, source: 'params', ui: place.ui, mtimeMs: info?.mtimeMs ?? 0, generation, graph: null, knows: place.knows }),
  ];
}

/** What the pictures among the facts tell, those of this install or of none. */
export function fromPictures(place: Place): Asked[] {
  const { context, install } = place;
  const mine = context.facts.subjects('image').filter((i) => i.links?.install === install?.id);
  return mine.flatMap((image): Asked[] => {
    const path = image.path;
    if (path === undefined || context.facts.value(image.id, 'image.hasMetadata') === false) return [];
    const made = attempt(place, path, () =>
      context.platform.withFile(path, (bytes) =>
        generationIn(bytes, readPicture(bytes, nodeInflate), { inflate: nodeInflate, gunzip: nodeGunzip }),
      ),
    );
    if (!made) return [];
    const mtimeMs = context.platform.stat(path)?.mtimeMs ?? 0;
    const digest = context.facts.value<string>(image.id, 'image.digest');
    const common = { path, mtimeMs, image: image.id, digest, knows: place.knows };
    if (made.source === 'graph') {
      return [
        askedFrom({
          ...common,
          source: 'graph',
          ui: place.ui === 'swarmui' ? 'swarmui' : 'comfyui',
          generation: made.generation,
          graph: made.generation,
        }),
      ];
    }
    const ui = place.ui ?? made.generation.ui ?? 'a1111';
    return [askedFrom({ ...common, source: 'image', ui, generation: made.generation, graph: null })];
  });
}

/** Saved workflows: what the user would run, though nobody says that it ran. */
function fromWorkflows(place: Place): Asked[] {
  const { context, notes } = place;
  const found: { path: string; mtimeMs: number }[] = [];
  for (const folder of fact<readonly string[]>(place, 'install.workflowFolders') ?? []) {
    const walk = context.platform.walk(folder, {
      maxDepth: 5,
      maxEntries: 5000,
      file: (name) => /\.json$/i.test(name),
      onBudget: (_what, path) => notes.push({ check: 'prompts', code: 'budget', path }),
    });
    for (const entry of walk) if (entry.info.kind === 'file') found.push({ path: entry.path, mtimeMs: entry.info.mtimeMs });
  }
  for (const target of place.install ? [] : context.targets) {
    const info = /\.json$/i.test(target) ? context.platform.stat(target) : null;
    if (info?.kind === 'file') found.push({ path: target, mtimeMs: info.mtimeMs });
  }
  found.sort((a, b) => b.mtimeMs - a.mtimeMs);
  return found.slice(0, HOW_MANY_WORKFLOWS[context.depth]).flatMap(({ path, mtimeMs }): Asked[] => {
    const graph: GraphReading | null = attempt(place, path, () =>
      readGraph(textOf(context.platform.readFile(path, WORKFLOW_LIMIT))),
    );
    if (!graph) return [];
    return [askedFrom({ path, source: 'workflow', ui: 'comfyui', mtimeMs, generation: graph, graph, knows: place.knows })];
  });
}

/** Fooocus applies `default_loras` of its config.txt to every picture, as long as nobody changes the rows (Part C). */
function fromFooocusConfig(place: Place): Asked[] {
  const path = fact<string>(place, 'install.configFile');
  if (place.ui !== 'fooocus' || path === undefined) return [];
  const value = attempt(place, path, () => parseJson(textOf(place.context.platform.readFile(path, TEXT_LIMIT))));
  if (!isRecord(value)) return [];
  const rows: readonly unknown[] = Array.isArray(value.default_loras) ? value.default_loras : [];
  const loras = rows.slice(0, 50).flatMap((row): RequestedLora[] => {
    if (!Array.isArray(row)) return [];
    const name: unknown = row.find((v) => typeof v === 'string');
    const weight: unknown = row.find((v) => typeof v === 'number');
    if (typeof name !== 'string' || name === 'None') return [];
    const strength = typeof weight === 'number' ? weight : null;
    return [{ name, strength, strengthTe: strength, active: row[0] !== false }];
  });
  if (loras.length === 0) return [];
  const checkpoint = typeof value.default_model === 'string' ? value.default_model : null;
  const mtimeMs = place.context.platform.stat(path)?.mtimeMs ?? 0;
  const generation = { ...NOTHING, ui: 'fooocus' as const, checkpoint, loras };
  return [askedFrom({ path, source: 'config', ui: 'fooocus', mtimeMs, generation, graph: null, knows: place.knows })];
}
