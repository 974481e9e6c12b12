import { checkpointFacts } from '../../facts/registry/checkpoint';
import { encoderFacts } from '../../facts/registry/encoder';
import { loraFacts } from '../../facts/registry/lora';
import { vaeFacts } from '../../facts/registry/vae';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { baseName } from '../../formats/file-name';
import type { Check, CheckContext } from '../check';
import { checkpointFactsOf, loraFactsOf, partFactsOf } from './facts';
import { installFolders, type ModelFolder, targetFolders } from './folders';
import { nameClashes } from './join';
import { lookAt, type Reading, startReading } from './look';
import { isModelName, type Listing, splitName } from './names';
import type { SeenFile } from './seen';
import { sidecarFacts } from './sidecars';

const ID = 'lora';
/** More model files than this are not opened; the rest is noted. */
const MAX_FILES = 20_000;
const MAX_ENTRIES = 200_000;
/** Milliseconds between two moments for the event loop: a screen and the time limit live there. */
const BREATH_MS = 40;

/** Looks at every model file of every install, and of the folders that the user named: headers and opcodes only, no values. */
export const loraCheck: Check = {
  id: ID,
  title: { en: 'LoRAs and models', zh: 'LoRA 与模型文件' },
  needs: ['install'],
  provides: [...loraFacts, ...checkpointFacts, ...vaeFacts, ...encoderFacts].map((spec) => spec.id),
  depth: 'quick',
  timeoutMs: 60_000,
  run: gather,
};

async function gather(context: CheckContext): Promise<Gathered> {
  const notes: Note[] = [];
  const folders = installFolders(context.facts);
  if (!context.searching) folders.push(...targetFolders(context, folders));
  const subjects = new Map<string, Subject>();
  const facts: { [subjectId: string]: FactMap } = {};
  const byInstall = new Map<string, SeenFile[]>();
  const opened = new Map<string, SeenFile>();
  let breathed = context.platform.now();
  const reading = startReading(context.platform, context.depth === 'quick');
  for (const folder of folders) {
    for (const file of find(context, folder, notes)) {
      if (context.signal.aborted) break;
      if (opened.size >= MAX_FILES) {
        notes.push({ check: ID, code: 'too-many-files', path: folder.path, counts: { n: MAX_FILES } });
        return finish(context, subjects, facts, byInstall, notes);
      }
      const owner = folder.install?.id ?? '';
      const before = opened.get(file.path);
      const seen: SeenFile = before
        ? { ...file, looked: before.looked, failure: before.failure }
        : lookAt(context.platform, file, reading, notes);
      opened.set(file.path, seen);
      if (context.platform.now() - breathed > BREATH_MS) {
        context.progress({ done: opened.size, what: file.path });
        await pause();
        breathed = context.platform.now();
      }
      add(context, seen, reading, subjects, facts);
      remember(byInstall, owner, seen);
    }
  }
  return finish(context, subjects, facts, byInstall, notes);
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function remember(byInstall: Map<string, SeenFile[]>, owner: string, seen: SeenFile): void {
  const list = byInstall.get(owner);
  if (list) list.push(seen);
  else byInstall.set(owner, [seen]);
}

/** Model files below a folder; what cannot be read becomes a note. A folder that does not exist is the install check's business. */
export function* find(context: CheckContext, folder: ModelFolder, notes: Note[]): Generator<SeenFile> {
  const { platform, signal } = context;
  const info = platform.stat(folder.path);
  if (!info) return;
  if (info.kind === 'file') {
    const file = baseName(folder.path);
    yield { path: folder.path, relative: file, name: splitName(file), info, folder, looked: null, failure: null };
    return;
  }
  const walk = platform.walk(folder.path, {
    maxEntries: MAX_ENTRIES,
    signal,
    file: isModelName,
    onBudget: (what, path) => notes.push({ check: ID, code: `budget-${what}`, path }),
    onError: (error) => notes.push({ check: ID, code: `unreadable-${error.code}`, path: error.path }),
  });
  for (const entry of walk) {
    if (entry.info.kind !== 'file') {
      notes.push({ check: ID, code: 'not-a-file', path: entry.path });
      continue;
    }
    const { path, relative, name, info: fileInfo } = entry;
    yield { path, relative, name: splitName(name), info: fileInfo, folder, looked: null, failure: null };
  }
}

/** Decides what subject a file is and gathers its facts. */
export function add(
  context: CheckContext,
  seen: SeenFile,
  reading: Reading,
  subjects: Map<string, Subject>,
  facts: { [subjectId: string]: FactMap },
): void {
  const kind = subjectKind(seen);
  if (kind === null) return;
  const id = `${kind}:${seen.path}`;
  if (subjects.has(id)) return;
  const install = seen.folder.install;
  const links = install ? { links: { install: install.id } } : {};
  subjects.set(id, { kind, id, path: seen.path, label: seen.name.file, ...links });
  if (kind === 'lora')
    facts[id] = { ...loraFactsOf(seen, listingOf(context, install)), ...sidecarFacts(context.platform, seen, reading.beside) };
  else facts[id] = kind === 'checkpoint' ? checkpointFactsOf(seen) : partFactsOf(seen, kind);
}

function listingOf(context: CheckContext, install: Subject | null): Listing {
  if (!install) return { ui: undefined, hidesDotFolders: false };
  return {
    ui: context.facts.value<string>(install.id, 'install.ui'),
    hidesDotFolders: context.facts.value<boolean>(install.id, 'install.listHiddenFiles') === false,
  };
}

/** A LoRA is a LoRA wherever it stands; in a LoRA folder everything is looked at as one. Null: of no concern. */
function subjectKind(seen: SeenFile): 'lora' | 'checkpoint' | 'vae' | 'encoder' | null {
  const kind = seen.looked?.inspected?.identity?.kind;
  const { folder } = seen;
  if (kind === 'lora') return 'lora';
  if (folder.install === null) {
    if (kind === 'checkpoint' || kind === 'unet') return 'checkpoint';
    if (kind === 'vae') return 'vae';
    return kind === 'text-encoder' ? 'encoder' : 'lora';
  }
  switch (folder.kind) {
    case 'lora':
      return 'lora';
    case 'checkpoint':
    case 'vae':
    case 'encoder':
      return folder.kind;
    case 'embedding':
      // There is no subject for embeddings; one whose pickle is not clean must be told all the same.
      return seen.looked?.pickle && seen.looked.pickle.verdict !== 'safe' ? 'lora' : null;
    case 'other':
      return null;
  }
}

function finish(
  context: CheckContext,
  subjects: Map<string, Subject>,
  facts: { [subjectId: string]: FactMap },
  byInstall: Map<string, SeenFile[]>,
  notes: Note[],
): Gathered {
  for (const files of byInstall.values()) {
    for (const [seen, extra] of nameClashes(files)) {
      const id = `lora:${seen.path}`;
      if (subjects.get(id)?.links?.install === seen.folder.install?.id) facts[id] = { ...facts[id], ...extra };
    }
  }
  context.progress({ done: subjects.size, total: subjects.size, what: '' });
  return { subjects: [...subjects.values()], facts, notes };
}
