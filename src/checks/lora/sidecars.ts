import type { FactMap } from '../../facts/snapshot';
import { known } from '../../facts/value';
import { joinSidecars, readSidecar, SIDECAR_ENDINGS, type Sidecar } from '../../formats/model/sidecar';
import type { Platform } from '../../platform/platform';
import type { SeenFile } from './seen';

const MAX_BYTES = 2_000_000;

/** Names of sidecars in the folders of LoRAs, each listed once: asking for four files beside each of thousands costs more. */
export class NamesBeside {
  readonly #platform: Platform;
  readonly #listed = new Map<string, ReadonlySet<string> | null>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Whether there may be a file of this name; letter case does not count, as on some systems. True when the folder cannot be listed. */
  has(folder: string, name: string): boolean {
    const names = this.#in(folder);
    return names === null || names.has(name.toLowerCase());
  }

  /** False when the folder holds no sidecar of any file. */
  any(folder: string): boolean {
    return this.#in(folder)?.size !== 0;
  }

  #in(folder: string): ReadonlySet<string> | null {
    let names = this.#listed.get(folder);
    if (names === undefined) {
      names = this.#list(folder);
      this.#listed.set(folder, names);
    }
    return names;
  }

  #list(folder: string): ReadonlySet<string> | null {
    try {
      const names = this.#platform.list(folder).map((name) => name.toLowerCase());
      return new Set(names.filter((name) => SIDECAR_ENDINGS.some((ending) => name.endsWith(ending))));
    } catch {
      return null;
    }
  }
}

/** What stands beside a LoRA: trigger words, base model and A1111's version, as people and sites wrote them. */
export function sidecarFacts(platform: Platform, seen: SeenFile, names: NamesBeside): FactMap {
  const folder = seen.path.slice(0, seen.path.length - seen.name.file.length);
  const found: Sidecar[] = [];
  for (const ending of SIDECAR_ENDINGS) {
    const name = seen.name.stem + ending;
    const sidecar = names.has(folder, name) ? readOne(platform, folder + name) : null;
    if (sidecar) found.push(sidecar);
  }
  const sidecar = joinSidecars(found);
  const version = sidecar.sdVersion ?? seen.looked?.inspected?.sdVersion ?? 'Unknown';
  return {
    'lora.sidecarWords': known([...sidecar.words]),
    ...(sidecar.base === null ? {} : { 'lora.sidecarBase': known(sidecar.base) }),
    ...(sidecar.preferredWeight === null ? {} : { 'lora.preferredWeight': known(sidecar.preferredWeight) }),
    'lora.shownAs': known(version),
  };
}

/** A sidecar that is missing, too large or no JSON tells nothing: the LoRA works without it. */
function readOne(platform: Platform, path: string): Sidecar | null {
  if (platform.stat(path)?.kind !== 'file') return null;
  try {
    return readSidecar(new TextDecoder().decode(platform.readFile(path, MAX_BYTES)));
  } catch {
    return null;
  }
}
