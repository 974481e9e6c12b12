import { trainingFacts } from '../../facts/registry/training';
import type { FactMap } from '../../facts/snapshot';
import { type Fact, known, na, type Source } from '../../facts/value';
import type { DatasetConfig } from '../../formats/training/dataset-config';
import type { Given, Setup, SetupProblem } from '../../formats/training/given';
import type { SamplePrompts } from '../../formats/training/sample-prompts';

/** Values of options such as `--wandb_api_key` never leave the command. */
function masked(text: string): string {
  return text.replace(/(\w{0,40}(?:token|api_key|secret|password)\w{0,20}["']?\s{0,4}[= ]\s{0,4})\S+/gi, '$1***');
}

/** The facts of a file that says only these: what it does not speak of does not apply to it. */
export function nothingElse(facts: FactMap): FactMap {
  return { ...Object.fromEntries(trainingFacts.map((spec) => [spec.id, na])), ...facts };
}

/** Facts of a file of sample prompts; null: there is none, or it is of another kind. */
export function sampleFacts(path: string, samples: SamplePrompts | null): FactMap {
  if (!samples) return { 'training.sampleFaults': known([]), 'training.sampleFaultKinds': known([]) };
  const first = samples.faults[0];
  const source = first && { path, line: first.line, text: masked(first.text) };
  return {
    'training.sampleFaults': known(
      samples.faults.slice(0, 20).map((fault) => `${fault.line}: ${fault.text}`),
      source,
    ),
    'training.sampleFaultKinds': known([...new Set(samples.faults.map((fault) => fault.kind))]),
  };
}

/** What stands where: the line, and the name that was probably meant. */
function told(problem: { line: number; text: string; nearest: string | null }, dashed: boolean): string {
  const near = problem.nearest === null ? '' : ` → ${dashed ? '--' : ''}${problem.nearest}`;
  return `${problem.line}: ${masked(problem.text)}${near}`;
}

function listed(path: string, problems: readonly SetupProblem[], ...kinds: readonly SetupProblem['kind'][]): Fact {
  const own = problems.filter((problem) => kinds.includes(problem.kind));
  const first = own[0];
  const source: Source | undefined = first && { path, line: first.line, text: masked(first.text) };
  return known(
    own.slice(0, 20).map((problem) => told(problem, problem.kind === 'unknown-option' || problem.kind === 'dash-option')),
    source,
  );
}

/** Facts of how a command or configuration is written. */
export function writingFacts(path: string, setup: Setup): { readonly [id: string]: Fact } {
  const all = setup.problems;
  return {
    'training.trainer': known(setup.trainer),
    'training.piped': known(path === '-'),
    'training.cuts': listed(path, all, 'line-cut'),
    'training.endsEarly': listed(path, all, 'ends-early'),
    'training.secondCommands': listed(path, all, 'second-command'),
    'training.promptSigns': listed(path, all, 'prompt-sign'),
    'training.oddCharacters': listed(path, all, 'odd-character'),
    'training.dashes': listed(path, all, 'dash-option'),
    'training.unknownOptions': listed(path, all, 'unknown-option'),
    'training.badValues': listed(path, all, 'missing-value', 'bad-value'),
    'training.strayWords': listed(path, all, 'stray-word'),
    'training.tomlEscapes': listed(path, all, 'toml-escape'),
    'training.configFaults': listed(path, all, 'toml-fault'),
    'training.ignoredKeys': listed(path, all, 'unknown-key'),
    'training.tildePaths': tildes(path, setup.options),
  };
}

/** Options whose value is a path. */
const PATHS = [
  'pretrained_model_name_or_path',
  'train_data_dir',
  'reg_data_dir',
  'output_dir',
  'logging_dir',
  'network_weights',
  'base_weights',
  'vae',
  'resume',
  'sample_prompts',
  'dataset_config',
  'config_file',
  'clip_l',
  't5xxl',
  'ae',
];

/** Nobody replaces a `~` in quotes, behind `--name=` or in a file (kohya-training.md §3, §7 row 2). */
function tildes(path: string, options: ReadonlyMap<string, Given>): Fact {
  const own = [...options.values()].filter(
    (given) => PATHS.includes(given.name) && (given.quoted || given.joined) && /^~(?:[\\/]|$)/.test(given.values[0] ?? ''),
  );
  const first = own[0];
  const source = first && { path, line: first.line, text: `--${first.name} ${first.values[0]}` };
  return known(
    own.map((given) => `${given.line}: --${given.name} ${given.values[0]}`),
    source,
  );
}

/** Paths with signs beyond ASCII, where the system reads the script in another encoding than it is written in. */
export function nonAsciiPaths(path: string, options: ReadonlyMap<string, Given>): Fact {
  const own = [...options.values()].filter(({ name, values }) => PATHS.includes(name) && /[^\x00-\x7f]/.test(values[0] ?? ''));
  const first = own[0];
  return known(
    own.map((given) => `${given.line}: --${given.name} ${given.values[0]}`),
    first && { path, line: first.line, text: `--${first.name} ${first.values[0]}` },
  );
}

/** The same facts for a file that describes a data set. */
export function datasetWritingFacts(path: string, dataset: DatasetConfig): FactMap {
  const pick = (escapes: boolean): Fact => {
    const own = dataset.faults.filter((fault) => (fault.kind === 'toml-escape') === escapes);
    const first = own[0];
    return known(
      own.slice(0, 20).map((fault) => told(fault, false)),
      first && { path, line: first.line, text: masked(first.text) },
    );
  };
  const tilde = dataset.subsets.filter((subset) => subset.imageDir.startsWith('~'));
  return nothingElse({
    'training.tomlEscapes': pick(true),
    'training.configFaults': pick(false),
    'training.tildePaths': known(tilde.map((subset) => `${subset.line}: image_dir ${subset.imageDir}`)),
  });
}
