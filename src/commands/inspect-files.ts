import { splitName } from '../checks/lora/names';
import type { ByteSource } from '../formats/bytes';
import { baseName } from '../formats/file-name';
import { dataHash, sampleHash } from '../formats/hash/model-hashes';
import type { Language } from '../i18n/language';
import { type Clash, findClashes } from '../inspect/clashes';
import { type Duplicates, findDuplicates } from '../inspect/duplicates';
import { type FileInfo, type Platform, ReadError } from '../platform/platform';
import { sha256 } from '../platform/sha256';
import type { FileJudge } from './inspect-findings';
import { type Depth, Examiner } from './inspect-one';
import type { Remembered } from './inspect-remembered';
import type { InspectEntry, InspectedFile, TextLanguage } from './inspect-types';
import { isModelFile } from './model-files';

export interface InspectOptions {
  /** Look at values too. Left out: for one file or two only. */
  readonly weights?: boolean;
  /** Hash also many files, and large ones. */
  readonly hash?: boolean;
  readonly lang: Language;
  readonly judge: FileJudge;
  /** Null: nothing is remembered. */
  readonly remembered?: Remembered | null;
  readonly stop?: () => boolean;
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

interface Found {
  readonly path: string;
  readonly info: FileInfo;
}

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
export function inspectDocument({ files, notes, duplicates, clashes, list }: InspectResult, lang: TextLanguage): InspectDocument {
  const entries = files.map(({ entry: { dataBytes: _, alias: __, ...entry } }) => ({ ...entry, path: entry.path as string }));
  const both = { duplicates, clashes: clashes.map(({ what, ...clash }) => ({ ...clash, what: what[lang] })) };
  return { schema: 'lora-doctor/inspect@1', files: entries, notes, ...(list ? both : {}) };
}

/** Looks at files, and at all model files below folders. Throws InspectError for a path that is not there or is no file. */
export function inspectFiles(paths: readonly string[], options: InspectOptions, platform: Platform): InspectResult {
  const notes: Note[] = [];
  const found = paths.flatMap((path) => filesOf(path, platform, notes));
  const list = found.length !== 1 || platform.stat(paths[0] ?? '')?.kind !== 'file';
  const named = found.length <= 2 && paths.every((path) => platform.stat(path)?.kind === 'file');
  const few = named || found.length === 1;
  const stop = options.stop ?? (() => false);
  const lang = options.lang === 'zh-CN' ? 'zh' : 'en';
  const examiner = new Examiner(platform, options.judge, lang, stop);
  const files: InspectedFile[] = [];
  for (const file of found) {
    if (stop()) break;
    const depth = depthOf(file, named, few, options);
    if (named && !depth.hash) notes.push({ path: file.path, code: 'not-hashed' });
    files.push(examiner.withSidecar(look(examiner, file, depth, options.remembered ?? null, platform), file.info));
  }
  const candidates = files.map(({ entry }) => ({ path: entry.path, size: sizeOf(entry), dataBytes: dataBytesOf(entry) }));
  const duplicates = list
    ? findDuplicates(
        candidates,
        (path) => sampleOf(path, platform),
        (path) => hashesOf(path, platform),
      )
    : [];
  return { files, notes, duplicates, clashes: list ? findClashes(namesOf(files)) : [], list };
}

function depthOf({ info }: Found, named: boolean, few: boolean, options: InspectOptions): Depth {
  return {
    weights: options.weights ?? named,
    hash: options.hash ?? (named && info.size <= MAX_HASHED),
    detail: few,
    alphas: ALPHAS,
  };
}

/** From memory where that is as good as looking. */
function look(examiner: Examiner, file: Found, depth: Depth, remembered: Remembered | null, platform: Platform): InspectedFile {
  if (depth.weights || depth.hash || depth.detail || !remembered) return examiner.examine(file, depth);
  const known = remembered.get(file);
  if (known) return known;
  const looked = examiner.examine(file, depth);
  if (looked.verdict.state !== 'unreadable') remembered.set(file, looked, platform.now());
  return looked;
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

const sizeOf = (entry: InspectEntry): number => (typeof entry.size === 'number' ? entry.size : 0);
const dataBytesOf = (entry: InspectEntry): number | null => (typeof entry.dataBytes === 'number' ? entry.dataBytes : null);

function namesOf(files: readonly InspectedFile[]): { path: string; stem: string; alias: string | null }[] {
  return files
    .filter(({ entry }) => entry.kind === 'lora')
    .map(({ entry: { path, alias } }) => ({
      path,
      stem: splitName(baseName(path)).stem,
      alias: typeof alias === 'string' ? alias : null,
    }));
}

function hashesOf(path: string, platform: Platform): { file: string; data: string } | null {
  return overData(path, platform, (bytes, dataStart) => ({
    file: dataHash(bytes, 0, sha256),
    data: dataHash(bytes, dataStart, sha256),
  }));
}

const sampleOf = (path: string, platform: Platform): string | null =>
  overData(path, platform, (bytes, dataStart) => sampleHash(bytes, dataStart, sha256));

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
