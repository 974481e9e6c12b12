import type { FactMap } from '../../facts/snapshot';
import { known, na, unknown } from '../../facts/value';
import { editDistance } from '../../formats/edit-distance';
import { baseName } from '../../formats/file-name';
import { familyOfFile } from '../../formats/model/claims';
import { inspectModel } from '../../formats/model/inspect';
import { openModel } from '../../formats/model/open';
import { MOVED_MODELS } from '../../formats/training/hub-models';
import type { Options } from '../../formats/training/set-options';
import { type Platform, ReadError } from '../../platform/platform';
import type { Finder } from './whereabouts';

const HUB = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;

interface Model {
  readonly state: string;
  readonly path: string | null;
  readonly family: string | null;
  readonly rank: number | null;
  readonly alpha: number | null;
  readonly adapter: string | null;
  readonly keys: string | null;
  readonly file: 'sound' | 'damaged' | 'no-model' | null;
}

/** Facts of the base model and of the LoRA to go on from, when they are on this machine. */
export function modelFacts(platform: Platform, finder: Finder, from: string, o: Options, scriptFamily: string | null): FactMap {
  const base = look(platform, finder, from, o.text('pretrained_model_name_or_path'), true);
  const begin = look(platform, finder, from, o.text('network_weights'), false);
  const named = base.family === null ? nameOf(o.text('pretrained_model_name_or_path') ?? '') : null;
  const fits = (family: string | null): ReturnType<typeof known> | typeof na =>
    family === null || scriptFamily === null || family === 'unknown' ? na : known(related(family, scriptFamily));
  return {
    'training.baseModel': known(base.state),
    'training.baseModelPath': known(o.text('pretrained_model_name_or_path') ?? ''),
    'training.baseFamily': base.family === null ? unknown('not-stated') : known(base.family),
    'training.baseFits': fits(base.family),
    'training.baseNamed': named?.family ? known(named.family) : na,
    'training.baseNameFits': fits(named?.family ?? null),
    'training.baseNearest': named?.nearest && base.state !== 'found' ? known(named.nearest) : na,
    'training.baseFile': base.file === null ? na : known(base.file),
    'training.startsFrom': known(begin.state),
    'training.startRank': begin.rank === null ? na : known(begin.rank),
    'training.startRankFits':
      begin.rank === null || o.has('dim_from_weights') ? na : o.told(() => known(begin.rank === o.numberOr('network_dim'))),
    'training.startAlpha': begin.alpha === null ? na : known(begin.alpha),
    'training.startAlphaFits':
      begin.alpha === null || o.has('dim_from_weights')
        ? na
        : o.told(() => known(begin.alpha === (o.numberOr('network_alpha') || o.numberOr('network_dim')))),
    'training.startAdapter': begin.adapter === null ? na : known(begin.adapter),
    'training.startAdapterFits': adapterFits(begin.adapter, o),
    'training.startKeys': begin.keys === null ? na : known(begin.keys),
    'training.startKeysFit': begin.keys === null ? na : known(/kohya|onetrainer|lycoris|comfyui/.test(begin.keys)),
    'training.dimIgnored': known(
      o.has('dim_from_weights') ? ['network_dim', 'network_alpha'].filter((name) => o.has(name)).map((name) => `--${name}`) : [],
    ),
    'training.dimFromWeights': known(o.has('dim_from_weights')),
    'training.mergesBase': known(o.has('base_weights')),
    'training.startFamily': begin.family === null ? na : known(begin.family),
    'training.startFamilyFits': fits(begin.family),
  };
}

/** Other signs between the words of a name are a choice, no slip. */
const folded = (name: string): string => name.replace(/[^a-z0-9]/g, '');

/** Published files whose names are typed by hand again and again. */
const PUBLISHED =
  'v1-5-pruned-emaonly v1-5-pruned v2-1_768-ema-pruned v2-1_512-ema-pruned sd_xl_base_1.0 sd_xl_base_1.0_0.9vae sd_xl_refiner_1.0 flux1-dev flux1-schnell sd3.5_large sd3.5_medium sd3_medium'.split(
    ' ',
  );

/** What the name of a base model says: its family, and a published file that it misses by a letter or two. */
function nameOf(written: string): { family: string | null; nearest: string | null } {
  const name = baseName(written.replace(/[\\/]+$/, '')).toLowerCase();
  const stem = name.replace(/\.(?:safetensors|ckpt|pt)$/, '');
  const nearest = PUBLISHED.find(
    (known) =>
      folded(known) !== folded(stem) &&
      !stem.startsWith(known) &&
      editDistance(stem, known, 3) <= 2 &&
      !digitsDiffer(stem, known),
  );
  const family =
    familyOfFile(name)?.family ??
    (/pixart/.test(stem) ? 'pixart' : /xl(?:[-_. ]|v?\d|$)/.test(stem) || /illustrious|noobai/.test(stem) ? 'sdxl' : null);
  return { family, nearest: nearest !== undefined && stem !== name ? nearest : null };
}

/** `v1-4` is no slip for `v1-5`: other numbers are another version. */
function digitsDiffer(a: string, b: string): boolean {
  return a.replace(/\D/g, '') !== b.replace(/\D/g, '');
}

/** False when the module makes another kind of LoRA than the file holds. */
function adapterFits(adapter: string | null, o: Options): ReturnType<typeof known> | typeof na {
  const module = o.text('network_module') ?? '';
  if (adapter === null || adapter === 'unknown') return na;
  const plain = /^(?:lora|locon)$/.test(adapter);
  if (/^networks\.lora(?:_\w+)?$/.test(module) && module !== 'networks.lora_fa') return known(plain);
  if (module !== 'lycoris.kohya') return na;
  const algo =
    o
      .all('network_args')
      .find((arg) => arg.startsWith('algo='))
      ?.slice(5) ?? 'lora';
  return known(algo === adapter || (plain && /^(?:lora|locon)$/.test(algo)));
}

function related(family: string, script: string): boolean {
  if (family === script) return true;
  if (script === 'sdxl') return family === 'sdxl-refiner' || family === 'ssd-1b';
  return script === 'flux' && family === 'chroma';
}

function look(platform: Platform, finder: Finder, from: string, written: string | null, mayBeHub: boolean): Model {
  const nothing = { path: null, family: null, rank: null, alpha: null, adapter: null, keys: null, file: null };
  if (written === null) return { state: 'not-stated', ...nothing };
  const where = finder.find(written, from);
  if (where.state === 'found') return open(platform, where.path);
  if (mayBeHub && HUB.test(written) && !/\.(?:safetensors|ckpt|pt)$/i.test(written))
    return { state: MOVED_MODELS.has(written) ? 'hub-removed' : 'hub', ...nothing };
  return { state: where.state, ...nothing };
}

function open(platform: Platform, path: string): Model {
  const found = { state: 'found', path, family: null, rank: null, alpha: null, adapter: null, keys: null, file: null } as const;
  try {
    return platform.withFile(path, (bytes): Model => {
      const { container, header, pickle } = openModel(bytes);
      const file = container.ok ? 'sound' : /^truncated|safetensors/.test(container.kind) ? 'damaged' : 'no-model';
      if (!header) return { ...found, file: pickle ? 'sound' : file };
      const { identity } = inspectModel({ path, size: bytes.size, container, header, bytes, alphaSample: 1 });
      return {
        ...found,
        file,
        family: identity?.family.id ?? null,
        rank: identity?.rank?.typical ?? null,
        alpha: identity?.alpha?.typical ?? null,
        adapter: identity?.adapter ?? null,
        keys: identity?.keyStyle ?? null,
      };
    });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return found;
  }
}
