import { splitName } from '../../checks/lora/names';
import type { ByteSource } from '../../formats/bytes';
import { baseName } from '../../formats/file-name';
import { dataHash, sampleHash } from '../../formats/hash/model-hashes';
import { type Clash, findClashes } from '../../inspect/clashes';
import { type Duplicates, findDuplicates } from '../../inspect/duplicates';
import { type Platform, ReadError } from '../../platform/platform';
import { sha256 } from '../../platform/sha256';
import { isModelFile } from '../model-files';
import { type Looking, lookAll } from './look-all';
import type { Depth, Found } from './orders';
import type { Remembered } from './remembered';
import { Sidecars } from './sidecars';
import type { FileBrief, InspectEntry, InspectedFile, TextLanguage } from './types';

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
  const duplicates = list ? doubles(files, options.remembered, platform) : [];
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

/** Files that hold the same. What had to be read for it is remembered. */
function doubles(files: readonly InspectedFile[], remembered: Remembered | null, platform: Platform): Duplicates[] {
  const byPath = new Map(files.map((file) => [file.brief.path, file]));
  const learnt = <K extends 'sample' | 'whole'>(key: K, read: (path: string) => FileBrief[K] | null) => {
    return (path: string): NonNullable<FileBrief[K]> | null => {
      const file = byPath.get(path);
      const known = file?.brief[key];
      if (!file || known !== undefined) return known ?? null;
      const value = read(path) ?? null;
      file.brief = { ...file.brief, [key]: value };
      remembered?.amend(file.brief);
      return value;
    };
  };
  return findDuplicates(
    files.map(({ brief }) => brief),
    learnt('sample', (path) => overData(path, platform, (bytes, dataStart) => sampleHash(bytes, dataStart, sha256))),
    learnt('whole', (path) =>
      overData(path, platform, (bytes, dataStart) => ({
        file: dataHash(bytes, 0, sha256),
        data: dataHash(bytes, dataStart, sha256),
      })),
    ),
  );
}

/** Null for what has no header or cannot be read (any more). */
function overData<T>(path: string, platform: Platform, use: (bytes: ByteSource, dataStart: number) => T): T | null {
  try {
    return platform.withFile(path, (bytes) => {
      const length = bytes.read(0, 8);
      const dataStart =
        length.length < 8 ? Infinity : 8 + Number(new DataView(length.buffer, length.byteOffset).getBigUint64(0, true));
      return dataStart <= bytes.size ? use(bytes, dataStart) : null;
    });
  } catch (error) {
    if (error instanceof ReadError) return null;
    throw error;
  }
}
