import { basename } from 'node:path';
import { datasetFacts } from '../../facts/registry/dataset';
import { trainingFacts } from '../../facts/registry/training';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type Fact, known, unknown } from '../../facts/value';
import type { DatasetConfig } from '../../formats/training/dataset-config';
import type { Setup } from '../../formats/training/setup';
import { type Platform, ReadError } from '../../platform/platform';
import type { Check, CheckContext } from '../check';
import { type Dataset, DatasetReader, repeatsOf, type Subset } from './dataset';
import { doingFacts, familyOf, Options } from './doing';
import { findInputs, type Piped, readNamed, type TrainingInput } from './inputs';
import { modelFacts } from './models';
import { isReadPicture } from './pictures';
import { Finder } from './whereabouts';
import { datasetWritingFacts, writingFacts } from './writing';

/** Training commands, configurations and data sets in files or folders, and what was piped in. */
export function createTrainingCheck(piped: Piped | null): Check {
  return {
    id: 'training',
    title: { en: 'Training', zh: '训练' },
    needs: [],
    provides: [...trainingFacts, ...datasetFacts].map((spec) => spec.id),
    depth: 'quick',
    timeoutMs: 60_000,
    run: (context) => new Run(context).all(piped),
  };
}

class Run {
  readonly #platform: Platform;
  readonly #targets: readonly string[];
  readonly #subjects: Subject[] = [];
  readonly #facts: { [id: string]: FactMap } = {};
  readonly #notes: Note[] = [];
  readonly #used = new Set<string>();
  #finder: Finder;

  constructor(context: CheckContext) {
    this.#platform = context.platform;
    this.#targets = context.targets.filter((target) => target !== '-');
    this.#finder = new Finder(context.platform, []);
  }

  all(piped: Piped | null): Gathered {
    const { inputs, folders, notes } = findInputs(this.#platform, this.#targets, piped);
    this.#notes.push(...notes);
    this.#finder = new Finder(this.#platform, folders);
    for (const input of inputs) if (input.kind === 'command') this.#command(input);
    for (const input of inputs) if (input.kind !== 'command' && !this.#used.has(input.path)) this.#single(input);
    if (inputs.length === 0) for (const folder of folders) this.#bareFolder(folder);
    return { subjects: this.#subjects, facts: this.#facts, notes: this.#notes };
  }

  /** A command with the files it names: the command line wins over the configuration. */
  #command(input: Extract<TrainingInput, { kind: 'command' }>): void {
    const config = this.#named(input.path, input.setup, 'config_file');
    const own = config?.kind === 'config' ? config.setup : null;
    const options = new Map([...(own?.options ?? []), ...input.setup.options]);
    const whole: Setup = { script: input.setup.script, options, problems: input.setup.problems };
    if (own) this.#add(config?.path ?? '', 'config', writingFacts(config?.path ?? '', own));
    const named = this.#named(input.path, whole, 'dataset_config');
    const dataset = named?.kind === 'dataset-config' ? named : null;
    if (dataset) this.#add(dataset.path, 'dataset-config', datasetWritingFacts(dataset.path, dataset.dataset));
    this.#setup(input.path, 'command', whole, dataset, { 'training.shell': known(input.shell) });
  }

  #named(from: string, setup: Setup, option: string): TrainingInput | null {
    const written = setup.options.get(option)?.values[0];
    const name = written === undefined || /\.\w+$/.test(written) ? written : `${written}.toml`;
    const where = name === undefined ? null : this.#finder.find(name, from);
    if (where?.state !== 'found') return null;
    this.#used.add(where.path);
    return readNamed(this.#platform, where.path, this.#notes);
  }

  #single(input: TrainingInput): void {
    if (input.kind === 'dataset-config') {
      this.#add(input.path, input.kind, datasetWritingFacts(input.path, input.dataset));
      this.#subsets(input.path, input.dataset, '.caption', 64);
    } else if (input.kind !== 'command' && (input.setup.options.size > 2 || input.setup.problems.length > 0)) {
      this.#setup(input.path, input.kind, input.setup, null, {});
    }
  }

  #setup(
    path: string,
    kind: string,
    setup: Setup,
    dataset: { readonly path: string; readonly dataset: DatasetConfig } | null,
    more: FactMap,
  ): void {
    const o = new Options(setup.options);
    const id = this.#add(path, kind, {
      ...writingFacts(path, setup),
      ...doingFacts(setup),
      ...modelFacts(this.#platform, this.#finder, path, o, familyOf(setup)),
      'training.sampleFile': known(this.#samples(path, o)),
      ...more,
    });
    const caption = o.text('caption_extension') ?? o.text('caption_extention') ?? '.caption';
    const step = o.has('bucket_no_upscale') ? o.numberOr('bucket_reso_steps') : 0;
    const found = dataset
      ? this.#subsets(dataset.path, dataset.dataset, caption, step, id)
      : this.#parent(path, o.text('train_data_dir'), caption, step, id);
    this.#facts[id] = { ...this.#facts[id], ...stepsFacts(o, found) };
  }

  #samples(path: string, o: Options): string {
    const written = o.text('sample_prompts');
    return written === null ? 'not-stated' : this.#finder.find(written, path).state === 'missing' ? 'missing' : 'found';
  }

  #parent(from: string, written: string | null, caption: string, step: number, training: string): Dataset | null {
    if (written === null) return null;
    const where = this.#finder.find(written, from);
    if (where.state !== 'found') {
      this.#addDataset(written, { 'dataset.path': known(written), 'dataset.state': known(where.state) }, training);
      return null;
    }
    const read = new DatasetReader(this.#platform, this.#notes).readParent(where.path, caption, step);
    this.#addDataset(where.path, read.facts, training);
    return read;
  }

  #subsets(path: string, config: DatasetConfig, caption: string, step: number, training?: string): Dataset | null {
    const subsets: Subset[] = [];
    const missing: string[] = [];
    for (const subset of config.subsets) {
      const where = this.#finder.find(subset.imageDir, path);
      if (where.state === 'missing') missing.push(subset.imageDir);
      if (where.state !== 'found') continue;
      const { repeats, classTokens } = subset;
      subsets.push({ folder: where.path, repeats, classTokens, captionExtension: subset.captionExtension ?? caption });
    }
    if (subsets.length + missing.length === 0) return null;
    const read = new DatasetReader(this.#platform, this.#notes).readSubsets(path, subsets, missing, step);
    this.#addDataset(path, read.facts, training);
    return read;
  }

  /** Nothing says how it is trained: a folder of pictures on its own, with whatever ending its captions have. */
  #bareFolder(folder: string): void {
    const names = this.#list(folder);
    const parent = names.some((name) => repeatsOf(name) !== null && this.#list(`${folder}/${name}`).some(isReadPicture));
    const pictures = names.some(isReadPicture) || names.some((name) => this.#list(`${folder}/${name}`).some(isReadPicture));
    if (!parent && !pictures) return;
    const texts = names.flatMap((name) => this.#list(`${folder}/${name}`));
    const ending =
      texts.some((name) => name.endsWith('.txt')) || !texts.some((name) => name.endsWith('.caption')) ? '.txt' : '.caption';
    const read = new DatasetReader(this.#platform, this.#notes).readParent(folder, ending, 0);
    this.#addDataset(folder, read.facts);
  }

  #list(folder: string): readonly string[] {
    try {
      return this.#platform.stat(folder)?.kind === 'directory' ? this.#platform.list(folder) : [];
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      return [];
    }
  }

  #add(path: string, kind: string, facts: FactMap): string {
    const id = `training:${path}`;
    this.#subjects.push({ kind: 'training', id, path, label: basename(path) });
    this.#facts[id] = { 'training.path': known(path), 'training.kind': known(kind), ...facts };
    return id;
  }

  #addDataset(path: string, facts: FactMap, training?: string): void {
    const id = `dataset:${path}`;
    this.#subjects.push({ kind: 'dataset', id, path, label: basename(path), ...(training ? { links: { training } } : {}) });
    this.#facts[id] = facts;
  }
}

/** kohya-training.md §1.5; buckets may add a few steps. */
function stepsFacts(o: Options, dataset: Dataset | null): { [id: string]: Fact } {
  const batch = Math.max(1, o.numberOr('train_batch_size'));
  const accumulation = Math.max(1, o.numberOr('gradient_accumulation_steps'));
  const epochs = o.number('max_train_epochs');
  const shown = (dataset?.repeated ?? 0) * (o.has('reg_data_dir') ? 2 : 1);
  const steps = epochs === null ? o.numberOr('max_train_steps') : epochs * Math.ceil(Math.ceil(shown / batch) / accumulation);
  const open = unknown('not-collected');
  if (epochs !== null && !dataset) return { 'training.steps': open, 'training.exposures': open, 'training.warmupShare': open };
  const warm = o.or('lr_warmup_steps').trim();
  const count = warm.endsWith('%') ? Number(warm.slice(0, -1)) / 100 : Number(warm);
  const share = warm.endsWith('%') || count < 1 ? count : steps > 0 ? count / steps : 0;
  return {
    'training.steps': known(steps),
    'training.exposures': dataset && dataset.used > 0 ? known(Math.round((steps * batch * accumulation) / dataset.used)) : open,
    'training.warmupShare': Number.isFinite(share) ? known(share) : open,
  };
}
