import type { FactMap, Snapshot } from '../facts/snapshot';

/** What to watch for one machine: folders of models and pictures, log files, and where a new log would appear (not in their subfolders). */
export interface Places {
  readonly folders: readonly string[];
  readonly logs: readonly string[];
  readonly logFolders: readonly string[];
}

const FOLDER_FACTS = [
  'install.loraFolders',
  'install.lycorisFolders',
  'install.checkpointFolders',
  'install.vaeFolders',
  'install.encoderFolders',
  'install.embeddingFolders',
  'install.outputFolders',
  'install.workflowFolders',
] as const;
const FILE_FACTS = ['install.paramsFile', 'install.configFile', 'install.argsSource'] as const;

/**
 * Folders and logs worth watching, out of what a scan found: only those of models, pictures and settings, never a whole
 * install (its virtual environment alone has 30,000 files). Sorted, each once.
 */
export function watchPlaces(snapshot: Snapshot): Places {
  const folders = new Set<string>();
  const logs = new Set<string>();
  const logFolders = new Set<string>();
  for (const subject of snapshot.subjects) {
    if (subject.kind === 'log' && subject.path !== undefined && !subject.path.endsWith('.gz')) logs.add(subject.path);
    if (subject.kind !== 'install') continue;
    for (const path of strings(subject.facts, 'install.logFolders')) logFolders.add(path);
    for (const fact of FOLDER_FACTS) for (const path of strings(subject.facts, fact)) folders.add(path);
    for (const fact of FILE_FACTS) for (const path of strings(subject.facts, fact)) folders.add(path);
    // A packed log is an old one: it never grows.
    for (const path of strings(subject.facts, 'install.logFiles')) if (!path.endsWith('.gz')) logs.add(path);
  }
  return { folders: [...folders].sort(), logs: [...logs].sort(), logFolders: [...logFolders].sort() };
}

function strings(facts: FactMap, id: string): readonly string[] {
  const fact = facts[id];
  if (fact?.state !== 'known') return [];
  const values: readonly unknown[] = Array.isArray(fact.value) ? fact.value : [fact.value];
  return values.filter((value): value is string => typeof value === 'string' && value !== '');
}
