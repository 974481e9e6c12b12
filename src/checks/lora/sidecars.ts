import type { FactMap } from '../../facts/snapshot';
import { known } from '../../facts/value';
import { joinSidecars, readSidecar, SIDECAR_ENDINGS, type Sidecar } from '../../formats/model/sidecar';
import type { Platform } from '../../platform/platform';
import type { SeenFile } from './seen';

const MAX_BYTES = 2_000_000;

/** What stands beside a LoRA: trigger words, base model and A1111's version, as people and sites wrote them. */
export function sidecarFacts(platform: Platform, seen: SeenFile): FactMap {
  const base = seen.path.slice(0, seen.path.length - seen.name.file.length) + seen.name.stem;
  const found: Sidecar[] = [];
  for (const ending of SIDECAR_ENDINGS) {
    const sidecar = readOne(platform, base + ending);
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
