import { splitName } from '../../checks/lora/names';
import { NamesBeside, sidecarFacts } from '../../checks/lora/sidecars';
import { baseName } from '../../formats/file-name';
import { rankWords } from '../../inspect/words';
import type { FileInfo, Platform } from '../../platform/platform';
import type { InspectedFile } from './types';

/** The words that stand beside files: these may change while the file does not, so they are looked up in every call. */
export class Sidecars {
  readonly #platform: Platform;
  readonly #beside: NamesBeside;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#beside = new NamesBeside(platform);
  }

  /** The file with the words that its sidecars add. */
  join(file: InspectedFile, info: FileInfo): InspectedFile {
    const { path } = file.brief;
    const base = baseName(path);
    if (!this.#beside.any(path.slice(0, path.length - base.length))) return file;
    const name = splitName(base);
    const folder = { path, kind: 'lora', install: null } as const;
    const seen = { path, relative: name.file, name, info, folder, looked: null, failure: null };
    const fact = sidecarFacts(this.#platform, seen, this.#beside)['lora.sidecarWords'];
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
    return file.with({ triggers: rankWords(tags, likely, words) });
  }
}
