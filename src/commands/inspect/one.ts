import { mustBeSettled } from '../../checks/lora/look';
import { splitName } from '../../checks/lora/names';
import { baseName } from '../../formats/file-name';
import { type ModelHashes, sampleHash } from '../../formats/hash/model-hashes';
import { type Inspected, type InspectInput, inspectEntry, inspectModel } from '../../formats/model/inspect';
import { openModel } from '../../formats/model/open';
import { ReadAhead } from '../../formats/read-ahead';
import type { SafetensorsHeader } from '../../formats/safetensors-header';
import { TableMemo } from '../../formats/safetensors-memo';
import { fitsOf } from '../../inspect/fits';
import { namesOf } from '../../inspect/fits-names';
import { rankWords } from '../../inspect/words';
import { type Platform, ReadError } from '../../platform/platform';
import { sameBytes } from '../../platform/same-bytes';
import { sha256 } from '../../platform/sha256';
import type { FileJudge } from './findings';
import type { Depth, Found } from './orders';
import { type Examined, type InspectEntry, InspectedFile, type TextLanguage } from './types';
import { type Values, valuesOf } from './values';
import { verdictOf } from './verdict';

/** How closely to look, and what all files of one call share. */
export class Examiner {
  readonly platform: Platform;
  readonly judge: FileJudge;
  readonly lang: TextLanguage;
  readonly stop: () => boolean;
  readonly #ahead = new ReadAhead();
  readonly #memo = new TableMemo(sameBytes);
  /** Answers of files that share their table of tensors. */
  readonly #known = new WeakMap<SafetensorsHeader['tensors'], Map<string, object[]>>();

  constructor(platform: Platform, judge: FileJudge, lang: TextLanguage, stop: () => boolean) {
    this.platform = platform;
    this.judge = judge;
    this.lang = lang;
    this.stop = stop;
  }

  /**
   * Opens one file and says all that is asked for. What cannot be read becomes a verdict.
   *
   * @param values what a thread has read already.
   */
  examine(file: Found, depth: Depth, values: Values | null = null): InspectedFile {
    const { path, info } = file;
    const base = { path, size: info.size, fileName: baseName(path), lang: this.lang, detail: depth.detail };
    try {
      return this.platform.withFile(path, (source, opening) => {
        const bytes = depth.detail ? source : this.#ahead.over(source);
        const opened = openModel(bytes, undefined, this.#memo);
        const { container, header, pickle } = opened;
        if (!container.ok) mustBeSettled(this.platform, path, opening);
        if (values !== null) mustBeSettled(this.platform, path, info);
        const { weights, hashes } = values ?? valuesOf(opened, bytes, depth, this.stop);
        const read = { bytes, ...(depth.detail ? {} : { alphaSample: depth.alphas, captionWords: LISTED_WORDS }) };
        const inspected = inspectModel({ ...base, ...read, container, header, pickle, weights });
        const dataStart = file.alike && header && container.ok ? header.dataStart : null;
        const sample = dataStart === null ? undefined : sampleHash(bytes, dataStart, sha256);
        return this.#finish({ inspected, info, weights, hashes }, depth, sample);
      });
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      const fault = { code: `unreadable-${error.code}`, message: error.message, offset: 0, have: null, need: null };
      const inspected = inspectModel({ ...base, container: { kind: 'unknown', ok: false, error: fault }, header: null });
      return this.#finish({ inspected, info, weights: null, hashes: null }, depth);
    }
  }

  #finish(examined: Examined, depth: Depth, sample?: string): InspectedFile {
    const { inspected, weights, hashes } = examined;
    const { input } = inspected;
    const verdict = verdictOf(inspected, weights);
    const entry: InspectEntry = {
      ...inspectEntry(inspected),
      path: input.path,
      ...hashFields(hashes),
      fits: this.#fits(inspected),
      triggers: rankWords(inspected.metadata?.triggers.all ?? [], inspected.metadata?.triggers.likely ?? [], []),
      verdict: verdict.state,
      findings: this.judge.findings(examined),
    };
    const brief = {
      path: input.path,
      size: input.size,
      kind: typeof entry.kind === 'string' ? entry.kind : 'unknown',
      state: verdict.state,
      dataBytes: input.header && input.container.ok ? input.size - input.header.dataStart : null,
      alias: inspected.metadata?.alias ?? null,
      ...(sample === undefined ? {} : { sample }),
    };
    return InspectedFile.looked(brief, entry, verdict, depth.detail ? withoutBytes(examined) : null);
  }

  #fits({ input, identity }: Inspected): object[] {
    if (!identity || !input.header || !input.container.ok) return [];
    const { extension } = splitName(input.path);
    const known = this.#known.get(input.header.tensors) ?? new Map<string, object[]>();
    this.#known.set(input.header.tensors, known);
    const key = [extension, input.container.kind, identity.adapter, identity.family.id, ...identity.features].join('|');
    const before = known.get(key);
    if (before) return before;
    const question = { identity, extension, container: input.container.kind, names: namesOf(input.header) };
    const fits = fitsOf(question).map(({ ui, versions, loads, why }) => ({ ui, versions, loads, why: why[this.lang] }));
    known.set(key, fits);
    return fits;
  }
}

/** Caption words of each file in a list; ranking more of them is most of the work. */
const LISTED_WORDS = 20;

/** The file is closed by then: nothing may read from it any more. */
function withoutBytes(examined: Examined): Examined {
  const { bytes: _, ...input } = examined.inspected.input;
  return { ...examined, inspected: { ...examined.inspected, input: input as InspectInput } };
}

function hashFields(hashes: ModelHashes | null): object {
  if (!hashes) return { sha256: null, autov2: null, autov3: null, legacyHash: null, a1111Hash: null, storedHash: null };
  const { sha256: whole, autov2, autov3, legacyHash, a1111, stored } = hashes;
  return { sha256: whole, autov2, autov3, legacyHash, a1111Hash: a1111, storedHash: stored };
}
