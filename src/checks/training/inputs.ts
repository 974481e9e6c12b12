import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import type { Note } from '../../facts/snapshot';
import { parseJson } from '../../formats/json';
import { decodeText } from '../../formats/launch/decode';
import { placeAt } from '../../formats/text-place';
import { type AccelerateConfig, readAccelerateConfig } from '../../formats/training/accelerate-config';
import { readCommands } from '../../formats/training/command';
import { readConfigToml, readGuiConfig } from '../../formats/training/config-files';
import { type DatasetConfig, isDatasetConfig, isMusubiDataset, readDatasetConfig } from '../../formats/training/dataset-config';
import type { Setup } from '../../formats/training/given';
import { readInstallSteps } from '../../formats/training/install-steps';
import { readScript, SCRIPT_LIMIT, shellOf } from '../../formats/training/lex';
import { readMusubiDataset } from '../../formats/training/musubi-dataset';
import { readAiToolkit, readOneTrainer, readSimpleTuner, readSimpleTunerEnv } from '../../formats/training/other-trainers';
import { readSampleFile } from '../../formats/training/sample-files';
import { looksLikeSamplePrompts, readSamplePrompts, type SamplePrompts } from '../../formats/training/sample-prompts';
import { readToml } from '../../formats/training/toml';
import type { Shell } from '../../formats/training/types';
import type { InstallFault, Trainer } from '../../formats/training/vocabulary';
import { type Platform, ReadError } from '../../platform/platform';

/** Standard input, already read. */
export interface Piped {
  readonly name: '-';
  readonly bytes: Uint8Array;
}

/** One file that describes a training. */
export type TrainingInput =
  | {
      readonly kind: 'command';
      readonly path: string;
      readonly shell: Shell;
      readonly setups: readonly Setup[];
      readonly install: readonly InstallFault[] | null;
      /** A script that Windows reads in its own code page although it is written in UTF-8. */
      readonly otherCodePage: boolean;
    }
  | { readonly kind: 'config' | 'gui-config' | 'other-config'; readonly path: string; readonly setup: Setup }
  | { readonly kind: 'dataset-config'; readonly path: string; readonly dataset: DatasetConfig }
  | { readonly kind: 'accelerate-config'; readonly path: string; readonly accelerate: AccelerateConfig }
  | { readonly kind: 'sample-prompts'; readonly path: string; readonly samples: SamplePrompts };

export interface Inputs {
  readonly inputs: readonly TrainingInput[];
  /** Console logs: by name or by what they hold. */
  readonly logs: readonly string[];
  /** Folders to look for data in. */
  readonly folders: readonly string[];
  readonly notes: readonly Note[];
}

const TEXT_FILE = /\.(?:sh|bash|zsh|bat|cmd|ps1|toml|json|ya?ml|env|txt|log|md)$/i;
const PROMISING = /\.(?:sh|bash|zsh|bat|cmd|ps1|toml|ya?ml|env|log)$/i;
const SHELL_FILE = /\.(?:sh|bash|zsh|bat|cmd|ps1)$/i;
/** What only a console prints. */
const LOG_MARK =
  /(?:^|\n)(?:\S* ?\S* *(?:INFO|WARNING|ERROR) {2,}|Traceback \(most recent call last\)|steps: +\d+%|.{0,80}CalledProcessError|.{0,80}error: unrecognized arguments|running training|\[Dataset 0\]|num train images|loading model for process)/;
const FILES = 60;

/** Reads what the targets hold: files as they are, folders two levels deep. What cannot be read becomes a note. */
export function findInputs(platform: Platform, targets: readonly string[], piped: Piped | null): Inputs {
  const found = { inputs: [] as TrainingInput[], logs: [] as string[], folders: [] as string[], notes: [] as Note[] };
  if (piped) take(found, piped.name, piped.bytes, true);
  for (const target of targets) {
    if (target === '-') continue;
    const info = platform.stat(target);
    if (info?.kind !== 'directory') {
      readOne(platform, target, found, true);
      continue;
    }
    found.folders.push(target);
    for (const file of filesOf(platform, target, found.notes)) readOne(platform, file, found, false);
  }
  return found;
}

function filesOf(platform: Platform, folder: string, notes: Note[]): string[] {
  const out: string[] = [];
  const options = {
    maxDepth: 2,
    maxEntries: 5000,
    file: (name: string) => TEXT_FILE.test(name),
    enter: (_relative: string, name: string) => !/^-?\d+_|^\.|^(?:venv|node_modules|__pycache__|site-packages)$/.test(name),
  };
  for (const entry of platform.walk(folder, options)) {
    const top = !entry.relative.includes('/');
    if (PROMISING.test(entry.name) || (top && /\.(?:txt|json|md)$/i.test(entry.name))) out.push(entry.path);
    if (out.length < FILES) continue;
    notes.push({ check: 'training', code: 'files-left-out', path: folder, counts: { n: FILES } });
    break;
  }
  return out;
}

type Found = { inputs: TrainingInput[]; logs: string[]; notes: Note[] };

function readOne(platform: Platform, path: string, found: Found, named: boolean): void {
  try {
    const bytes = platform.withFile(path, (file) => file.read(0, Math.min(file.size, SCRIPT_LIMIT)));
    take(found, path, bytes, named);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    found.notes.push({ check: 'training', code: `unreadable-${error.code}`, path, detail: error.message });
  }
}

/** `named`: the user gave this very file, so that a text of sample prompts is one whatever its name. */
function take(found: Found, path: string, bytes: Uint8Array, named: boolean): void {
  const { text, encoding } = decodeText(bytes);
  const name = basename(path);
  if (/\.log$/i.test(name)) found.logs.push(path);
  else if (/\.toml$/i.test(name)) found.inputs.push(tomlInput(path, text));
  else if (/\.json$/i.test(name)) found.inputs.push(...jsonInput(path, text));
  else if (/\.ya?ml$/i.test(name)) found.inputs.push(...yamlInput(path, text));
  else if (/\.env$/i.test(name)) found.inputs.push(...otherInput(path, readSimpleTunerEnv(text)));
  else if (LOG_MARK.test(text) && !SHELL_FILE.test(name)) found.logs.push(path);
  else found.inputs.push(...textInput(path, text, found.logs, named, encoding));
}

/** cmd reads a batch file in the console's code page, Windows PowerShell a script without mark in the system's: on Chinese Windows 936. */
function readsOtherwise(path: string, text: string, encoding: string): boolean {
  if (/\.ps1$/i.test(path)) return encoding === 'utf-8';
  return /\.(?:bat|cmd)$/i.test(path) && /^utf-8/.test(encoding) && !/^[ \t@]*chcp(?:\.com)?[ \t]+65001\b/im.test(text);
}

function textInput(path: string, text: string, logs: string[], named: boolean, encoding: string): TrainingInput[] {
  const shell = shellOf(basename(path), text);
  const script = readScript(text, shell);
  const setups = readCommands(script);
  const install = readInstallSteps(script);
  if (setups.length > 0 || install) {
    const otherCodePage = readsOtherwise(path, text, encoding);
    return [{ kind: 'command', path, shell, setups, install, otherCodePage }];
  }
  if ((named || /prompt|sample/i.test(basename(path))) && looksLikeSamplePrompts(text))
    return [{ kind: 'sample-prompts', path, samples: readSamplePrompts(text) }];
  return named && !SHELL_FILE.test(path) ? unnamedInput(path, text, logs) : [];
}

/** Nothing but the text tells what came through a pipe, or in a file without a telling name. Whether it is a log, its reader says. */
function unnamedInput(path: string, text: string, logs: string[]): TrainingInput[] {
  if (/^\s*\{/.test(text)) {
    const found = jsonInput(path, text);
    if (found.length > 0) return found;
  }
  const yaml = /^(?:job|compute_environment|distributed_type|---|config):?/m.test(text) ? yamlInput(path, text) : [];
  if (yaml.length > 0) return yaml;
  if (/^\s*(?:\[[\w. ]+\]|\[\[\w+\]\]|\w+\s*=)/m.test(text) && !LOG_MARK.test(text)) {
    const toml = tomlInput(path, text);
    // A shell script sets names in the same way.
    const ours = toml.kind === 'config' && (toml.setup.trainer !== 'other' || Boolean(toml.setup.program));
    if (toml.kind === 'dataset-config' || ours) return [toml];
  }
  logs.push(path);
  return [];
}

/** A TOML file: of a data set when it has `[[datasets]]`, else of a training. `trainer`: whose command names it. */
function tomlInput(path: string, text: string, trainer?: Trainer): TrainingInput {
  const file = readToml(text);
  if (isMusubiDataset(file)) return { kind: 'dataset-config', path, dataset: readMusubiDataset(file) };
  return isDatasetConfig(file)
    ? { kind: 'dataset-config', path, dataset: readDatasetConfig(file) }
    : { kind: 'config', path, setup: readConfigToml(file, trainer) };
}

function jsonInput(path: string, text: string): TrainingInput[] {
  const json = parseJson(text);
  const gui = readGuiConfig(json);
  if (gui) return [{ kind: 'gui-config', path, setup: gui }];
  return otherInput(path, readOneTrainer(json) ?? readSimpleTuner(json));
}

function yamlInput(path: string, text: string): TrainingInput[] {
  const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
  const value: unknown = document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 100 });
  const accelerate = readAccelerateConfig(value);
  if (accelerate) return [{ kind: 'accelerate-config', path, accelerate }];
  const job = readAiToolkit(value);
  if (job) return otherInput(path, job);
  const [fault] = document.errors;
  if (!fault || !/^\s*(?:job|compute_environment|distributed_type|config)\s*:/m.test(text)) return [];
  const place = fault.linePos?.[0] ?? { line: 1, col: 1 };
  const line = (text.split('\n')[place.line - 1] ?? '').trim().slice(0, 80);
  const problem = { kind: 'toml-fault' as const, line: place.line, column: place.col, text: line, nearest: null };
  return otherInput(path, { trainer: 'ai-toolkit', script: null, options: new Map(), problems: [problem] });
}

const otherInput = (path: string, setup: Setup | null): TrainingInput[] => (setup ? [{ kind: 'other-config', path, setup }] : []);

/** A file that a command of `trainer` names; null when it is not there or no text. */
export function readNamed(platform: Platform, path: string, trainer: Trainer, notes: Note[]): TrainingInput | null {
  try {
    const { text } = decodeText(platform.readFile(path, SCRIPT_LIMIT));
    return /\.json$/i.test(path) ? (jsonInput(path, text)[0] ?? null) : tomlInput(path, text, trainer);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    notes.push({ check: 'training', code: `unreadable-${error.code}`, path, detail: error.message });
    return null;
  }
}

/** A file that `--sample_prompts` names, which is read as UTF-8; null when it cannot be read. */
export function readNamedSamples(platform: Platform, path: string): SamplePrompts | null {
  try {
    const { text, encoding } = decodeText(platform.readFile(path, SCRIPT_LIMIT));
    const read = readSampleFile(basename(path), text);
    if (/^utf-8/.test(encoding)) return read;
    const { line } = placeAt(text, text.search(/[^\x00-\x7f]|$/));
    return { ...read, faults: [{ kind: 'not-utf8', line, column: 1, text: encoding }, ...read.faults] };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return null;
  }
}
