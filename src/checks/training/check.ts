import { basename } from 'node:path';
import { datasetFacts } from '../../facts/registry/dataset';
import { trainingFacts } from '../../facts/registry/training';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type Fact, known, na } from '../../facts/value';
import { accelerateFaults } from '../../formats/training/accelerate-config';
import type { DatasetConfig } from '../../formats/training/dataset-config';
import { isOpen, type Setup } from '../../formats/training/given';
import { Options } from '../../formats/training/set-options';
import { type Platform, ReadError } from '../../platform/platform';
import type { Check, CheckContext } from '../check';
import { type Dataset, DatasetReader, repeatsOf, type Subset } from './dataset';
import { doingFacts, familyOf } from './doing';
import { echoFacts, readLogEcho } from './echoes';
import { findInputs, type Piped, readNamed, readNamedSamples, type TrainingInput } from './inputs';
import { type Card, memoryFacts, ownCard } from './memory';
import { modelFacts } from './models';
import { isReadPicture } from './pictures';
import { planOf, STEPS_OPEN, stepsFacts } from './steps';
import { Finder, type Whereabouts } from './whereabouts';
import { datasetWritingFacts, nonAsciiPaths, nothingElse, sampleFacts, writingFacts } from './writing';

/** Training commands, configurations and data sets in files or folders, and what was piped in. `vramGib`: judge by such a card. */
export function createTrainingCheck(piped: Piped | null, vramGib: number | null = null): Check {
  return {
    id: 'training',
    title: { en: 'Training', zh: '训练' },
    needs: ['gpu'],
    provides: [...trainingFacts, ...datasetFacts].map((spec) => spec.id),
    depth: 'quick',
    timeoutMs: 600_000,
    run: (context) => new Run(context, vramGib === null ? ownCard(context.facts) : { name: null, gib: vramGib }).all(piped),
  };
}

/** A TOML file of another program has none of our names; one of ours with a fault in it still has some. */
function describesTraining({ kind, setup }: Extract<TrainingInput, { setup: Setup }>): boolean {
  const broken = setup.problems.some((problem) => problem.kind.startsWith('toml-'));
  return (
    kind === 'other-config' ||
    Boolean(setup.program ?? setup.script) ||
    setup.options.size > 2 ||
    (broken && setup.options.size > 0)
  );
}

const detailOf = (text: string | null): Pick<Note, 'detail'> => (text === null ? {} : { detail: text });

/** What a fact says, as text; null when it is not known. */
const textOf = (fact: Fact | undefined): string | null => (fact?.state === 'known' ? String(fact.value) : null);

type NamedDataset = { readonly path: string; readonly dataset: DatasetConfig };

class Run {
  readonly #context: CheckContext;
  readonly #platform: Platform;
  readonly #card: Card | null;
  readonly #targets: readonly string[];
  readonly #subjects: Subject[] = [];
  readonly #facts: { [id: string]: FactMap } = {};
  readonly #notes: Note[] = [];
  readonly #used = new Set<string>();
  #folders: readonly string[] = [];
  #finder: Finder;

  constructor(context: CheckContext, card: Card | null) {
    this.#context = context;
    this.#card = card;
    this.#platform = context.platform;
    this.#targets = context.targets.filter((target) => target !== '-');
    this.#finder = new Finder(context.platform, []);
  }

  async all(piped: Piped | null): Promise<Gathered> {
    const { inputs, logs, folders, notes } = findInputs(this.#platform, this.#targets, piped);
    this.#notes.push(...notes);
    this.#folders = folders;
    this.#finder = new Finder(this.#platform, folders);
    for (const input of inputs) if (input.kind === 'command') await this.#commands(input);
    for (const input of inputs) if (input.kind !== 'command' && !this.#used.has(input.path)) await this.#single(input);
    for (const log of logs) this.#echo(log, log === '-' ? piped : null);
    const described = inputs.some((input) => !/accelerate-config|sample-prompts/.test(input.kind));
    if (!described) for (const folder of folders) await this.#bareFolder(folder);
    return { subjects: this.#subjects, facts: this.#facts, notes: this.#notes };
  }

  async #commands(input: Extract<TrainingInput, { kind: 'command' }>): Promise<void> {
    const { path, install } = input;
    const installed = { 'training.installFaults': install ? known(install) : na };
    if (input.setups.length === 0) this.#add(path, 'setup', nothingElse({ ...installed, 'training.piped': known(path === '-') }));
    for (const [i, setup] of input.setups.entries()) {
      const shell = known(input.shell);
      const more = i === 0 ? installed : { 'training.installFaults': na };
      const nonAscii = input.otherCodePage ? nonAsciiPaths(path, setup.options) : na;
      await this.#command(path, setup, i, { 'training.shell': shell, 'training.nonAsciiPaths': nonAscii, ...more });
    }
  }

  /** The command that a log repeats because it failed. Its files are on another machine, or were in order. */
  #echo(path: string, piped: Piped | null): void {
    const found = readLogEcho(this.#platform, path, piped);
    if (found) this.#add(`${path}#${found.line}`, 'echo', echoFacts(path, found));
  }

  /** A command with the files it names: the command line wins over the configuration. */
  async #command(path: string, setup: Setup, index: number, more: FactMap): Promise<void> {
    const config = this.#named(path, setup, 'config_file');
    const own = config?.kind === 'config' ? config.setup : null;
    const whole: Setup = {
      ...setup,
      options: new Map([...(own?.options ?? []), ...setup.options]),
      open: own === null ? isOpen(setup) : setup.open === true,
    };
    if (own && index === 0) this.#add(config?.path ?? '', 'config', writingFacts(config?.path ?? '', own));
    const named = this.#named(path, whole, 'dataset_config');
    const dataset = named?.kind === 'dataset-config' ? named : null;
    if (dataset && index === 0) this.#add(dataset.path, 'dataset-config', datasetWritingFacts(dataset.path, dataset.dataset));
    await this.#setup(path, index === 0 ? path : `${path}#${index + 1}`, 'command', whole, dataset, more);
  }

  #named(from: string, setup: Setup, option: string): TrainingInput | null {
    const written = setup.options.get(option)?.values[0];
    const name = written === undefined || /\.\w+$/.test(written) ? written : `${written}.toml`;
    const where = name === undefined ? null : this.#finder.find(name, from);
    if (where?.state !== 'found' || this.#platform.stat(where.path)?.kind === 'directory') return null;
    this.#used.add(where.path);
    return readNamed(this.#platform, where.path, setup.trainer, this.#notes);
  }

  async #single(input: TrainingInput): Promise<void> {
    if (input.kind === 'dataset-config') {
      this.#add(input.path, input.kind, datasetWritingFacts(input.path, input.dataset));
      await this.#subsets(input.path, input.dataset, '.caption', new Options({ options: new Map() }));
    } else if (input.kind === 'accelerate-config') {
      this.#add(
        input.path,
        input.kind,
        nothingElse({ 'training.accelerate': known(accelerateFaults(input.accelerate), { path: input.path }) }),
      );
    } else if (input.kind === 'sample-prompts') {
      this.#add(input.path, input.kind, nothingElse(sampleFacts(input.path, input.samples)));
    } else if (input.kind !== 'command' && describesTraining(input)) {
      await this.#setup(input.path, input.path, input.kind, input.setup, null, { 'training.installFaults': na });
    }
  }

  async #setup(
    path: string,
    name: string,
    kind: string,
    setup: Setup,
    dataset: NamedDataset | null,
    more: FactMap,
  ): Promise<void> {
    if (setup.trainer === 'other')
      this.#notes.push({ check: 'training', code: 'trainer-not-known', path, ...detailOf(setup.program ?? setup.script) });
    const o = new Options(setup);
    const id = this.#add(name, kind, {
      ...writingFacts(path, setup),
      ...doingFacts(setup),
      'training.accelerate': na,
      'training.nonAsciiPaths': na,
      ...more,
    });
    const caption =
      o.text('caption_extension') ??
      o.text('caption_extention') ??
      (setup.trainer === 'sd-scripts' && !setup.open ? '.caption' : '.txt');
    // Data first: where it lies tells where the rest of a copied job lies.
    const found = dataset
      ? await this.#subsets(dataset.path, dataset.dataset, caption, o, id)
      : setup.trainer === 'sd-scripts'
        ? await this.#parent(path, o, caption, id)
        : await this.#flat(path, o, caption, id);
    const samples = o.text('sample_prompts') === null ? null : this.#finder.find(o.text('sample_prompts') ?? '', path);
    const read = samples?.state === 'found' ? readNamedSamples(this.#platform, samples.path) : null;
    if (samples?.state === 'found') this.#used.add(samples.path);
    const batchOf = (n: number): number =>
      Math.max(1, dataset?.dataset.subsets.find((s) => s.dataset === n)?.settings.batch ?? o.numberOr('train_batch_size'));
    const models = modelFacts(this.#platform, this.#finder, path, o, familyOf(setup));
    const beside = {
      family: familyOf(setup) ?? textOf(models['training.baseFamily']) ?? textOf(models['training.baseNamed']),
      dataset: dataset?.dataset ?? null,
      startRank: Number(textOf(models['training.startRank'])) || null,
    };
    this.#facts[id] = {
      ...this.#facts[id],
      ...models,
      ...memoryFacts(setup, o, beside, this.#card),
      ...sampleFacts(samples?.state === 'found' ? samples.path : path, read),
      'training.sampleFile': known(samples === null ? 'not-stated' : samples.state === 'missing' ? 'missing' : 'found'),
      ...(o.sure(() => stepsFacts(o, found, batchOf)) ?? STEPS_OPEN),
    };
  }

  #reader(): DatasetReader {
    return new DatasetReader(
      this.#platform,
      this.#notes,
      (done, total, what) => this.#context.progress({ done, total, what }),
      this.#context.signal,
    );
  }

  async #parent(from: string, o: Options, caption: string, training: string): Promise<Dataset | null> {
    const written = o.text('train_data_dir');
    if (written === null) return null;
    const where = this.#finder.find(written, from);
    const other = where.state === 'found' ? null : (this.#atHome(written) ?? this.#onlyParent());
    if (where.state !== 'found' && other === null) {
      this.#addDataset(written, { 'dataset.path': known(written), 'dataset.state': known(where.state) }, training);
      return null;
    }
    const folder = other ?? (where as Extract<Whereabouts, { state: 'found' }>).path;
    const read = await this.#reader().readParent(folder, caption, planOf(o, null));
    this.#addDataset(
      folder,
      { ...read.facts, 'dataset.writtenFolder': other === null || where.state === 'tilde' ? na : known(written) },
      training,
    );
    return read;
  }

  /** What a `~` was meant to be; that nobody replaces it is told by itself. */
  #atHome(written: string): string | null {
    const rest = /^~[\\/](.*)$/.exec(written)?.[1];
    const path = rest === undefined ? null : `${this.#platform.home}/${rest}`;
    return path !== null && this.#platform.stat(path)?.kind === 'directory' ? path : null;
  }

  /** The command names a folder that is not here; among what was handed over there is one parent of numbered folders. */
  #onlyParent(): string | null {
    const parents: string[] = [];
    for (const folder of this.#folders) {
      for (const candidate of [folder, ...this.#below(folder, 2)]) {
        if (
          this.#list(candidate).some((name) => repeatsOf(name) !== null && this.#list(`${candidate}/${name}`).some(isReadPicture))
        )
          parents.push(candidate);
      }
    }
    return parents.length === 1 ? (parents[0] ?? null) : null;
  }

  #below(folder: string, depth: number): string[] {
    if (depth === 0) return [];
    const inner = this.#list(folder)
      .slice(0, 200)
      .map((name) => `${folder}/${name}`)
      .filter((path) => this.#platform.stat(path)?.kind === 'directory');
    return inner.flatMap((path) => [path, ...this.#below(path, depth - 1)]);
  }

  /** One folder of pictures, as the programs beside sd-scripts take it. */
  async #flat(from: string, o: Options, caption: string, training: string): Promise<Dataset | null> {
    const written = o.text('train_data_dir');
    const where = written === null ? null : this.#finder.find(written, from);
    if (written === null || where === null) return null;
    if (where.state !== 'found') {
      this.#addDataset(written, { 'dataset.path': known(written), 'dataset.state': known(where.state) }, training);
      return null;
    }
    const pictures = this.#list(where.path).some(isReadPicture);
    if (!pictures) return null;
    const subset: Subset = {
      folder: where.path,
      repeats: 1,
      captionExtension: caption,
      classTokens: null,
      dataset: 0,
      plan: null,
      isReg: false,
    };
    const read = await this.#reader().readSubsets(where.path, [subset], []);
    // A prompt for all pictures, or captions in a table, take the place of caption files.
    const captions = read.facts['dataset.captioned'];
    const none = captions?.state === 'known' && captions.value === 0;
    this.#addDataset(
      where.path,
      none ? { ...read.facts, 'dataset.uncaptioned': na, 'dataset.captioned': na } : read.facts,
      training,
    );
    return read;
  }

  async #subsets(path: string, config: DatasetConfig, caption: string, o: Options, training?: string): Promise<Dataset | null> {
    const subsets: Subset[] = [];
    const missing: string[] = [];
    for (const subset of config.subsets) {
      const where = this.#finder.find(subset.imageDir, path);
      if (where.state === 'missing') missing.push(subset.imageDir);
      if (where.state !== 'found') continue;
      const { repeats, classTokens, dataset, isReg } = subset;
      const plan = planOf(o, subset.settings);
      subsets.push({
        folder: where.path,
        repeats,
        classTokens,
        captionExtension: subset.captionExtension ?? caption,
        dataset,
        plan,
        isReg,
      });
    }
    if (subsets.length + missing.length === 0) return null;
    const read = await this.#reader().readSubsets(path, subsets, missing);
    this.#addDataset(path, read.facts, training);
    return read;
  }

  /** Nothing says how it is trained: a folder of pictures on its own, or the one parent below it, with whatever ending its captions have. */
  async #bareFolder(given: string): Promise<void> {
    const holds = (folder: string): boolean => this.#list(folder).some(isReadPicture);
    const holdsBelow = (folder: string): boolean => this.#list(folder).some((name) => holds(`${folder}/${name}`));
    const folder = holds(given) || holdsBelow(given) ? given : this.#below(given, 2).find(holdsBelow);
    if (folder === undefined) return;
    const texts = this.#list(folder).flatMap((name) => this.#list(`${folder}/${name}`));
    const ending =
      texts.some((name) => name.endsWith('.txt')) || !texts.some((name) => name.endsWith('.caption')) ? '.txt' : '.caption';
    const read = await this.#reader().readParent(folder, ending, null);
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

  #add(name: string, kind: string, facts: FactMap): string {
    const id = `training:${name}`;
    const path = name.replace(/#\d+$/, '');
    this.#subjects.push({ kind: 'training', id, path, label: basename(name) });
    this.#facts[id] = { ...facts, 'training.path': known(path), 'training.kind': known(kind) };
    return id;
  }

  #addDataset(path: string, facts: FactMap, training?: string): void {
    const id = `dataset:${path}`;
    if (this.#facts[id]) return;
    this.#subjects.push({ kind: 'dataset', id, path, label: basename(path), ...(training ? { links: { training } } : {}) });
    this.#facts[id] = { 'dataset.writtenFolder': na, ...facts };
  }
}
