import { splitName } from '../checks/lora/names';
import { NamesBeside, sidecarFacts } from '../checks/lora/sidecars';
import type { ByteSource } from '../formats/bytes';
import { type ModelHashes, modelHashes, sampleHash } from '../formats/hash/model-hashes';
import { type Inspected, type InspectInput, inspectEntry, inspectModel } from '../formats/model/inspect';
import { groupModules, isAdapter } from '../formats/model/modules';
import { type OpenedModel, openModel } from '../formats/model/open';
import { ReadAhead } from '../formats/read-ahead';
import { TableMemo } from '../formats/safetensors-memo';
import { fitsOf } from '../inspect/fits';
import { namesOf } from '../inspect/fits-names';
import { rankWords } from '../inspect/words';
import { type FileInfo, type Platform, ReadError } from '../platform/platform';
import { sha256 } from '../platform/sha256';
import { installedMaths } from '../weights/installed';
import { lookAtWeights, type WeightsLook } from '../weights/look';
import type { Examined, FileJudge } from './inspect-findings';
import type { FileVerdict, TextLanguage } from './inspect-text';
import { verdictOf } from './inspect-verdict';

/** One entry of `lora-doctor/inspect@1`; plain JSON, so that it can be remembered. */
export interface InspectEntry {
  readonly [key: string]: unknown;
  readonly path: string;
}

export interface InspectedFile {
  readonly entry: InspectEntry;
  readonly verdict: FileVerdict;
  /** Null when the answer was remembered, and in a long list. */
  readonly examined: Examined | null;
}

/** How closely to look, and what all files of one call share. */
export class Examiner {
  readonly platform: Platform;
  readonly judge: FileJudge;
  readonly lang: TextLanguage;
  readonly stop: () => boolean;
  readonly #ahead = new ReadAhead();
  readonly #memo = new TableMemo();
  readonly #beside: NamesBeside;

  constructor(platform: Platform, judge: FileJudge, lang: TextLanguage, stop: () => boolean) {
    this.platform = platform;
    this.judge = judge;
    this.lang = lang;
    this.stop = stop;
    this.#beside = new NamesBeside(platform);
  }

  /** Opens one file and says all that is asked for. What cannot be read becomes a verdict. */
  examine(file: { readonly path: string; readonly info: FileInfo }, depth: Depth): InspectedFile {
    const { path, info } = file;
    const base = { path, size: info.size, fileName: nameOf(path), lang: this.lang, detail: depth.detail };
    try {
      return this.platform.withFile(path, (source) => {
        const bytes = depth.detail ? source : this.#ahead.over(source);
        const opened = openModel(bytes, undefined, this.#memo);
        const { container, header, pickle } = opened;
        const weights = depth.weights ? this.#weights(opened, bytes) : null;
        const hashes = depth.hash ? this.#hashes(opened, bytes) : null;
        const sample = header && container.ok && depth.sample ? sampleHash(bytes, header.dataStart, sha256) : null;
        const read = { bytes, ...(depth.detail ? {} : { alphaSample: depth.alphas }) };
        const inspected = inspectModel({ ...base, ...read, container, header, pickle, weights });
        return this.#finish({ inspected, info, weights, hashes }, depth, sample);
      });
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      const fault = { code: `unreadable-${error.code}`, message: error.message, offset: 0, have: null, need: null };
      const inspected = inspectModel({ ...base, container: { kind: 'unknown', ok: false, error: fault }, header: null });
      return this.#finish({ inspected, info, weights: null, hashes: null }, depth, null);
    }
  }

  #finish(examined: Examined, depth: Depth, sample: string | null): InspectedFile {
    const { inspected, weights, hashes } = examined;
    const entry: InspectEntry = {
      ...inspectEntry(inspected),
      path: inspected.input.path,
      ...hashFields(hashes),
      alias: inspected.metadata?.alias ?? null,
      fits: this.#fits(inspected),
      triggers: rankWords(inspected.metadata?.triggers.all ?? [], inspected.metadata?.triggers.likely ?? [], []),
      verdict: verdictOf(inspected, weights).state,
      findings: this.judge.findings(examined),
      ...(sample === null ? {} : { sample: `${inspected.input.size - (inspected.input.header?.dataStart ?? 0)}|${sample}` }),
    };
    return { entry, verdict: verdictOf(inspected, weights), examined: depth.detail ? withoutBytes(examined) : null };
  }

  #fits({ input, identity }: Inspected): object[] {
    if (!identity || !input.header || !input.container.ok) return [];
    const question = {
      identity,
      extension: splitName(input.path).extension,
      container: input.container.kind,
      names: namesOf(input.header),
    };
    return fitsOf(question).map(({ ui, versions, loads, why }) => ({ ui, versions, loads, why: why[this.lang] }));
  }

  /** The contract's `weights`; null for what is no LoRA or is not whole. */
  #weights({ header, container }: OpenedModel, bytes: ByteSource): WeightsLook | null {
    return header && container.ok && isAdapter(groupModules(header))
      ? lookAtWeights(bytes, header, { stop: this.stop, maths: installedMaths() })
      : null;
  }

  #hashes({ header, container }: OpenedModel, bytes: ByteSource): ModelHashes | null {
    const whole = header && container.ok ? header : null;
    return modelHashes(bytes, whole?.dataStart ?? null, whole?.metadata ?? new Map(), sha256, this.stop);
  }

  /** The entry with the words that stand beside the file: these may change while the file does not. */
  withSidecar(file: InspectedFile, info: FileInfo): InspectedFile {
    const path = file.entry.path;
    const name = splitName(nameOf(path));
    const folder = { path, kind: 'lora', install: null } as const;
    const seen = { path, relative: name.file, name, info, folder, looked: null, failure: null };
    const fact = sidecarFacts(this.platform, seen, this.#beside)['lora.sidecarWords'];
    const words =
      fact?.state === 'known' && Array.isArray(fact.value) ? fact.value.filter((word) => typeof word === 'string') : [];
    if (words.length === 0) return file;
    const own = file.entry.triggers as ReturnType<typeof rankWords>;
    const tags = own.map(({ word, count, source }) => ({
      word,
      count,
      source: source === 'sidecar' ? ('tags' as const) : source,
    }));
    const likely = own.filter((one) => one.likely).map(({ word }) => word);
    return { ...file, entry: { ...file.entry, triggers: rankWords(tags, likely, words) } };
  }
}

export interface Depth {
  readonly weights: boolean;
  readonly hash: boolean;
  /** One file or two: list every module. */
  readonly detail: boolean;
  /** A short hash of the data, by which equal files are found. */
  readonly sample: boolean;
  /** Alphas read of each file in a list. */
  readonly alphas: number;
}

const nameOf = (path: string): string => path.split(/[\\/]/).pop() ?? '';

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
