import { basename } from 'node:path';
import type { Note } from '../../facts/snapshot';
import { isRecord, parseJson } from '../../formats/json';
import { decodeText } from '../../formats/launch/decode';
import { type DatasetConfig, isDatasetConfig, readDatasetConfig } from '../../formats/training/dataset-config';
import { readScript, SCRIPT_LIMIT, shellOf } from '../../formats/training/lex';
import { readCommand, readConfigToml, readGuiConfig, type Setup } from '../../formats/training/setup';
import { readToml } from '../../formats/training/toml';
import type { Shell } from '../../formats/training/types';
import { type Platform, ReadError } from '../../platform/platform';

/** Standard input, already read. */
export interface Piped {
  readonly name: '-';
  readonly bytes: Uint8Array;
}

/** One file that describes a training. */
export type TrainingInput =
  | { readonly kind: 'command'; readonly path: string; readonly shell: Shell; readonly setup: Setup }
  | { readonly kind: 'config' | 'gui-config'; readonly path: string; readonly setup: Setup }
  | { readonly kind: 'dataset-config'; readonly path: string; readonly dataset: DatasetConfig };

export interface Inputs {
  readonly inputs: readonly TrainingInput[];
  /** Console logs: by name or by what they hold. */
  readonly logs: readonly string[];
  /** Folders to look for data in. */
  readonly folders: readonly string[];
  readonly notes: readonly Note[];
}

const TEXT_FILE = /\.(?:sh|bash|zsh|bat|cmd|ps1|toml|json|txt|log|md)$/i;
const PROMISING = /\.(?:sh|bash|zsh|bat|cmd|ps1|toml|log)$/i;
/** What only a console prints. */
const LOG_MARK =
  /(?:^|\n)(?:\S* ?\S* *(?:INFO|WARNING|ERROR) {2,}|Traceback \(most recent call last\)|steps: +\d+%|.{0,80}CalledProcessError|.{0,80}error: unrecognized arguments|running training|\[Dataset 0\]|num train images|loading model for process)/;
const FILES = 60;

/** Reads what the targets hold: files as they are, folders two levels deep. What cannot be read becomes a note. */
export function findInputs(platform: Platform, targets: readonly string[], piped: Piped | null): Inputs {
  const found = { inputs: [] as TrainingInput[], logs: [] as string[], folders: [] as string[], notes: [] as Note[] };
  if (piped) take(found, piped.name, piped.bytes);
  for (const target of targets) {
    if (target === '-') continue;
    const info = platform.stat(target);
    if (info?.kind !== 'directory') {
      readOne(platform, target, found);
      continue;
    }
    found.folders.push(target);
    for (const file of filesOf(platform, target, found.notes)) readOne(platform, file, found);
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
    notes.push({
      check: 'training',
      code: 'files-left-out',
      path: folder,
      detail: `only the first ${FILES} text files were read`,
    });
    break;
  }
  return out;
}

function readOne(platform: Platform, path: string, found: Parameters<typeof take>[0]): void {
  try {
    take(
      found,
      path,
      platform.withFile(path, (bytes) => bytes.read(0, Math.min(bytes.size, SCRIPT_LIMIT))),
    );
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    found.notes.push({ check: 'training', code: `unreadable-${error.code}`, path, detail: error.message });
  }
}

function take(found: { inputs: TrainingInput[]; logs: string[]; notes: Note[] }, path: string, bytes: Uint8Array): void {
  const { text } = decodeText(bytes);
  const name = basename(path);
  if (/\.log$/i.test(name)) found.logs.push(path);
  else if (/\.toml$/i.test(name)) found.inputs.push(tomlInput(path, text));
  else if (/\.json$/i.test(name)) found.inputs.push(...jsonInput(path, text));
  else if (LOG_MARK.test(text) && !/\.(?:sh|bash|bat|cmd|ps1)$/i.test(name)) found.logs.push(path);
  else found.inputs.push(...commandInput(path, text, found.logs));
}

function commandInput(path: string, text: string, logs: string[]): TrainingInput[] {
  const shell = shellOf(basename(path), text);
  const setup = readCommand(readScript(text, shell));
  if (setup) return [{ kind: 'command', path, shell, setup }];
  if (path === '-') {
    if (/^\s*(?:\[[\w. ]+\]|\w+\s*=)/.test(text)) return [tomlInput(path, text)];
    logs.push(path);
  }
  return [];
}

/** A TOML file: of a data set when it has `[[datasets]]`, else of a training. */
function tomlInput(path: string, text: string): TrainingInput {
  const file = readToml(text);
  return isDatasetConfig(file)
    ? { kind: 'dataset-config', path, dataset: readDatasetConfig(file) }
    : { kind: 'config', path, setup: readConfigToml(file) };
}

function jsonInput(path: string, text: string): TrainingInput[] {
  const json = parseJson(text);
  const setup = isRecord(json) ? readGuiConfig(json) : null;
  return setup ? [{ kind: 'gui-config', path, setup }] : [];
}

/** A file that another one names; null when it is not there or no text. */
export function readNamed(platform: Platform, path: string, notes: Note[]): TrainingInput | null {
  try {
    return tomlInput(path, decodeText(platform.readFile(path, SCRIPT_LIMIT)).text);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    notes.push({ check: 'training', code: `unreadable-${error.code}`, path, detail: error.message });
    return null;
  }
}
