import { mustBeSettled } from '../checks/lora/look';
import { splitName } from '../checks/lora/names';
import { NamesBeside, sidecarFacts } from '../checks/lora/sidecars';
import type { ByteSource } from '../formats/bytes';
import { baseName } from '../formats/file-name';
import { type ModelHashes, modelHashes } from '../formats/hash/model-hashes';
import { type Inspected, type InspectInput, inspectEntry, inspectModel } from '../formats/model/inspect';
import { groupModules, isAdapter } from '../formats/model/modules';
import { type OpenedModel, openModel } from '../formats/model/open';
import { ReadAhead } from '../formats/read-ahead';
import type { SafetensorsHeader } from '../formats/safetensors-header';
import { TableMemo } from '../formats/safetensors-memo';
import { fitsOf } from '../inspect/fits';
import { namesOf } from '../inspect/fits-names';
import { rankWords } from '../inspect/words';
import { type FileInfo, type Platform, ReadError } from '../platform/platform';
import { sha256 } from '../platform/sha256';
import { installedMaths } from '../weights/installed';
import { lookAtWeights, type WeightsLook } from '../weights/look';
import type { FileJudge } from './inspect-findings';
import type { Examined, InspectEntry, InspectedFile, TextLanguage } from './inspect-types';
import { verdictOf } from './inspect-verdict';

/** How closely to look, and what all files of one call share. */
export class Examiner {
  readonly platform: Platform;
  readonly judge: FileJudge;
  readonly lang: TextLanguage;
  readonly stop: () => boolean;
  readonly #ahead = new ReadAhead();
  readonly #memo = new TableMemo();
  readonly #beside: NamesBeside;
  /** Answers of files that share their table of tensors. */
  readonly #known = new WeakMap<SafetensorsHeader['tensors'], Map<string, object[]>>();

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
    const base = { path, size: info.size, fileName: baseName(path), lang: this.lang, detail: depth.detail };
    try {
      return this.platform.withFile(path, (source, opening) => {
        const bytes = depth.detail ? source : this.#ahead.over(source);
        const opened = openModel(bytes, undefined, this.#memo);
        const { container, header, pickle } = opened;
        if (!container.ok) mustBeSettled(this.platform, path, opening);
        const weights = depth.weights ? this.#weights(opened, bytes) : null;
        const hashes = depth.hash ? this.#hashes(opened, bytes) : null;
        const read = { bytes, ...(depth.detail ? {} : { alphaSample: depth.alphas, captionWords: LISTED_WORDS }) };
        const inspected = inspectModel({ ...base, ...read, container, header, pickle, weights });
        return this.#finish({ inspected, info, weights, hashes }, depth);
      });
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      const fault = { code: `unreadable-${error.code}`, message: error.message, offset: 0, have: null, need: null };
      const inspected = inspectModel({ ...base, container: { kind: 'unknown', ok: false, error: fault }, header: null });
      return this.#finish({ inspected, info, weights: null, hashes: null }, depth);
    }
  }

  #finish(examined: Examined, depth: Depth): InspectedFile {
    const { inspected, weights, hashes } = examined;
    const { input } = inspected;
    const entry: InspectEntry = {
      ...inspectEntry(inspected),
      path: inspected.input.path,
      ...hashFields(hashes),
      alias: inspected.metadata?.alias ?? null,
      fits: this.#fits(inspected),
      triggers: rankWords(inspected.metadata?.triggers.all ?? [], inspected.metadata?.triggers.likely ?? [], []),
      verdict: verdictOf(inspected, weights).state,
      findings: this.judge.findings(examined),
      dataBytes: input.header && input.container.ok ? input.size - input.header.dataStart : null,
    };
    return { entry, verdict: verdictOf(inspected, weights), examined: depth.detail ? withoutBytes(examined) : null };
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
    const name = splitName(baseName(path));
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

/** Caption words of each file in a list; ranking more of them is most of the work. */
const LISTED_WORDS = 20;

export interface Depth {
  readonly weights: boolean;
  readonly hash: boolean;
  /** One file or two: list every module. */
  readonly detail: boolean;
  /** Alphas read of each file in a list. */
  readonly alphas: number;
}

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
