import type { ByteSource } from '../formats/bytes';
import { type Inspected, inspectEntry, inspectModel } from '../formats/model/inspect';
import { groupModules, isAdapter } from '../formats/model/modules';
import { type OpenedModel, openModel } from '../formats/model/open';
import type { Language } from '../i18n/language';
import { type Platform, ReadError } from '../platform/platform';
import { lookAtWeights, type WeightsLook } from '../weights/look';
import type { FileVerdict, TextLanguage } from './inspect-text';
import { verdictOf } from './inspect-verdict';
import { isModelFile } from './model-files';

/** `lora-doctor inspect FILE|DIR… --json` (contract.md). */
export interface InspectDocument {
  readonly schema: 'lora-doctor/inspect@1';
  readonly files: readonly { readonly [key: string]: unknown }[];
  /** What could not be looked at. */
  readonly notes: readonly { readonly path: string; readonly code: string }[];
}

export interface InspectOptions {
  /** Look at values too. Left out: for a single file only. */
  readonly weights?: boolean;
  readonly lang: Language;
}

export interface InspectedFile {
  readonly inspected: Inspected;
  readonly verdict: FileVerdict;
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

const short = (lang: Language): TextLanguage => (lang === 'zh-CN' ? 'zh' : 'en');

/** The document of `inspect --json`. */
export function inspectDocument({ files, notes }: InspectResult): InspectDocument {
  const entries = files.map(({ inspected, verdict }) => ({ ...inspectEntry(inspected), verdict: verdict.state, findings: [] }));
  return { schema: 'lora-doctor/inspect@1', files: entries, notes };
}

export interface InspectResult {
  readonly files: readonly InspectedFile[];
  readonly notes: readonly { readonly path: string; readonly code: string }[];
}

/** Looks at files, and at all model files below folders. Throws InspectError for a path that is not there or is no file. */
export function inspectFiles(paths: readonly string[], options: InspectOptions, platform: Platform): InspectResult {
  const notes: { path: string; code: string }[] = [];
  const found = paths.flatMap((path) => filesOf(path, platform, notes));
  const only = found.length === 1 && platform.stat(paths[0] ?? '')?.kind === 'file';
  const withWeights = options.weights ?? only;
  return { files: found.map((file) => inspectFile(file, withWeights, only, options.lang, platform)), notes };
}

interface Found {
  readonly path: string;
  readonly size: number;
}

function filesOf(path: string, platform: Platform, notes: { path: string; code: string }[]): Found[] {
  const info = platform.stat(path);
  if (!info) throw new InspectError('not-found', 2, path);
  if (info.kind === 'other') throw new InspectError('not-a-file', 3, path);
  if (info.kind === 'file') return [{ path, size: info.size }];
  const out: Found[] = [];
  const walk = platform.walk(path, {
    file: isModelFile,
    onBudget: (what, at) => notes.push({ path: at, code: `budget-${what}` }),
    onError: (error) => notes.push({ path: error.path, code: `unreadable-${error.code}` }),
  });
  for (const entry of walk) {
    if (entry.info.kind !== 'file') continue;
    if (out.length >= MAX_FILES) {
      notes.push({ path, code: 'too-many-files' });
      break;
    }
    out.push({ path: entry.path, size: entry.info.size });
  }
  return out;
}

function inspectFile(file: Found, withWeights: boolean, detail: boolean, lang: Language, platform: Platform): InspectedFile {
  const base = { path: file.path, size: file.size, fileName: file.path.split(/[\\/]/).pop() ?? '', lang: short(lang), detail };
  try {
    return platform.withFile(file.path, (bytes) => {
      const opened = openModel(bytes);
      const weights = withWeights ? weightsOf(opened, bytes) : null;
      const inspected = inspectModel({
        ...base,
        container: opened.container,
        header: opened.header,
        pickle: opened.pickle,
        weights,
        bytes,
      });
      return { inspected, verdict: verdictOf(inspected, weights) };
    });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const fault = { code: `unreadable-${error.code}`, message: error.message, offset: 0, have: null, need: null };
    const inspected = inspectModel({ ...base, container: { kind: 'unknown', ok: false, error: fault }, header: null });
    return { inspected, verdict: verdictOf(inspected, null) };
  }
}

/** The contract's `weights`; null for what is no LoRA or is not whole. */
function weightsOf({ header, container }: OpenedModel, bytes: ByteSource): WeightsLook | null {
  return header && container.ok && isAdapter(groupModules(header)) ? lookAtWeights(bytes, header) : null;
}
