import type { FactMap } from '../../facts/snapshot';
import { known, na, unknown } from '../../facts/value';
import { inspectModel } from '../../formats/model/inspect';
import { openModel } from '../../formats/model/open';
import { type Platform, ReadError } from '../../platform/platform';
import type { Options } from './doing';
import type { Finder } from './whereabouts';

/** Names that are no longer on the hub (kohya-training.md §7 row 5). */
const REMOVED = /^runwayml\/stable-diffusion-(?:v1-5|inpainting)$/;
const HUB = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;

interface Model {
  readonly state: string;
  readonly path: string | null;
  readonly family: string | null;
  readonly rank: number | null;
  readonly file: 'sound' | 'damaged' | 'no-model' | null;
}

/** Facts of the base model and of the LoRA to go on from, when they are on this machine. */
export function modelFacts(platform: Platform, finder: Finder, from: string, o: Options, scriptFamily: string | null): FactMap {
  const base = look(platform, finder, from, o.text('pretrained_model_name_or_path'), true);
  const begin = look(platform, finder, from, o.text('network_weights'), false);
  const rank = o.numberOr('network_dim');
  const fits = (family: string | null): ReturnType<typeof known> | typeof na =>
    family === null || scriptFamily === null || family === 'unknown' ? na : known(related(family, scriptFamily));
  return {
    'training.baseModel': known(base.state),
    'training.baseModelPath': known(o.text('pretrained_model_name_or_path') ?? ''),
    'training.baseFamily': base.family === null ? unknown('not-stated') : known(base.family),
    'training.baseFits': fits(base.family),
    'training.baseFile': base.file === null ? na : known(base.file),
    'training.startsFrom': known(begin.state),
    'training.startRank': begin.rank === null ? na : known(begin.rank),
    'training.startRankFits': begin.rank === null || o.has('dim_from_weights') ? na : known(begin.rank === rank),
    'training.startFamily': begin.family === null ? na : known(begin.family),
    'training.startFamilyFits': fits(begin.family),
  };
}

function related(family: string, script: string): boolean {
  if (family === script) return true;
  if (script === 'sdxl') return family === 'sdxl-refiner' || family === 'ssd-1b';
  return script === 'flux' && family === 'chroma';
}

function look(platform: Platform, finder: Finder, from: string, written: string | null, mayBeHub: boolean): Model {
  const nothing = { path: null, family: null, rank: null, file: null };
  if (written === null) return { state: 'not-stated', ...nothing };
  const where = finder.find(written, from);
  if (where.state === 'found') return open(platform, where.path);
  if (mayBeHub && HUB.test(written) && !/\.(?:safetensors|ckpt|pt)$/i.test(written))
    return { state: REMOVED.test(written) ? 'hub-removed' : 'hub', ...nothing };
  return { state: where.state, ...nothing };
}

function open(platform: Platform, path: string): Model {
  const found = { state: 'found', path, family: null, rank: null, file: null } as const;
  try {
    return platform.withFile(path, (bytes): Model => {
      const { container, header, pickle } = openModel(bytes);
      const file = container.ok ? 'sound' : /^truncated|safetensors/.test(container.kind) ? 'damaged' : 'no-model';
      if (!header) return { ...found, file: pickle ? 'sound' : file };
      const { identity } = inspectModel({ path, size: bytes.size, container, header, bytes, alphaSample: 1 });
      return { ...found, file, family: identity?.family.id ?? null, rank: identity?.rank?.typical ?? null };
    });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return found;
  }
}
