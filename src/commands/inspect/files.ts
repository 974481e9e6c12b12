import { splitName } from '../../checks/lora/names';
import { baseName } from '../../formats/file-name';
import { type Clash, findClashes } from '../../inspect/clashes';
import type { Duplicates } from '../../inspect/duplicates';
import type { Platform } from '../../platform/platform';
import { isModelFile } from '../model-files';
import { doublesAmong } from './doubles';
import { type Looking, lookAll } from './look-all';
import type { Depth, Found } from './orders';
import { Sidecars } from './sidecars';
import type { InspectEntry, InspectedFile, TextLanguage } from './types';

export interface InspectOptions extends Omit<Looking, 'platform'> {
  /** Look at values too. Left out: for one file or two only. */
  readonly weights?: boolean;
  /** Hash also many files, and large ones. */
  readonly hash?: boolean;
}

/** A path that names nothing readable; the contract's error document says so. */
export class InspectError extends Error {
  readonly code: string;
  readonly exit: 2 | 3;
  readonly path: string;
  constructor(code: string, exit: 2 | 3, path: string) {
    super(code);
    this.code = code;
    this.exit = exit;
    this.path = path;
  }
}

/** At most this many files of a folder; the rest becomes a note. */
const MAX_FILES = 20_000;
/** A single file of more is hashed only when that is asked for. */
const MAX_HASHED = 2 * 1024 * 1024 * 1024;
/** Alphas read of each file of a long list; nearly all files have one or two values. */
const ALPHAS = 8;

interface Note {
  readonly path: string;
  readonly code: string;
}

export interface InspectResult {
  readonly files: readonly InspectedFile[];
  readonly notes: readonly Note[];
  readonly duplicates: readonly Duplicates[];
  readonly clashes: readonly Clash[];
  /** True when folders were named: the answer is a table. */
  readonly list: boolean;
}

export interface InspectDocument {
  readonly schema: 'lora-doctor/inspect@1';
  readonly files: readonly InspectEntry[];
  /** What could not be looked at. */
  readonly notes: readonly Note[];
  /** Of a list only. */
  readonly duplicates?: readonly Duplicates[];
  readonly clashes?: readonly object[];
}

/** The document of `inspect --json`. */
export function inspectDocument(result: InspectResult, lang: TextLanguage): InspectDocument {
  return { schema: 'lora-doctor/inspect@1', files: result.files.map(({ entry }) => entry), ...restOf(result, lang) };
}

/** The document but for its files. */
export function restOf(
  { notes, duplicates, clashes, list }: InspectResult,
  lang: TextLanguage,
): Omit<InspectDocument, 'schema' | 'files'> {
  const both = { duplicates, clashes: clashes.map(({ what, ...clash }) => ({ ...clash, what: what[lang] })) };
  return { notes, ...(list ? both : {}) };
}

/** Looks at files, and at all model files below folders. Throws InspectError for a path that is not there or is no file. */
export async function inspectFiles(
  paths: readonly string[],
  options: InspectOptions,
  platform: Platform,
): Promise<InspectResult> {
  const notes: Note[] = [];
  const found = paths.flatMap((path) => filesOf(path, platform, notes));
  const list = found.length !== 1 || platform.stat(paths[0] ?? '')?.kind !== 'file';
  const named = found.length <= 2 && paths.every((path) => platform.stat(path)?.kind === 'file');
  const few = named || found.length === 1;
  const depth = ({ info }: Found): Depth => ({
    weights: options.weights ?? named,
    hash: options.hash ?? (named && info.size <= MAX_HASHED),
    detail: few,
    alphas: ALPHAS,
  });
  if (named) for (const file of found) if (!depth(file).hash) notes.push({ path: file.path, code: 'not-hashed' });
  const looked = await lookAll(found, depth, { ...options, platform, packed: list && options.packed });
  const sidecars = new Sidecars(platform);
  const files = found.flatMap(({ info }, i) => {
    const file = looked[i];
    return file ? [sidecars.join(file, info)] : [];
  });
  const duplicates = list && !options.signal.aborted ? await doublesAmong(files, { ...options, platform }) : [];
  return { files, notes, duplicates, clashes: list ? findClashes(namesOf(files)) : [], list };
}

function filesOf(path: string, platform: Platform, notes: Note[]): Found[] {
  const info = platform.stat(path);
  if (!info) throw new InspectError('not-found', 2, path);
  if (info.kind === 'other') throw new InspectError('not-a-file', 3, path);
  if (info.kind === 'file') return [{ path, info }];
  const out: Found[] = [];
  const walk = platform.walk(path, {
    file: isModelFile,
    onBudget: (what, at) => notes.push({ path: at, code: `budget-${what}` }),
    onError: (error) => notes.push({ path: error.path, code: `unreadable-${error.code}` }),
  });
  for (const entry of walk) {
    if (entry.info.kind !== 'file') {
      notes.push({ path: entry.path, code: 'not-a-file' });
      continue;
    }
    if (out.length >= MAX_FILES) {
      notes.push({ path, code: 'too-many-files' });
      break;
    }
    out.push({ path: entry.path, info: entry.info });
  }
  return out;
}

function namesOf(files: readonly InspectedFile[]): { path: string; stem: string; alias: string | null }[] {
  return files
    .filter(({ brief }) => brief.kind === 'lora')
    .map(({ brief: { path, alias } }) => ({ path, stem: splitName(baseName(path)).stem, alias }));
}
