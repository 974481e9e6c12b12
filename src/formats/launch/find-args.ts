import { baseName } from '../file-name';
import { readBatch } from './batch';
import { lastAssignment, type Script } from './script';
import { readShell } from './shell';
import { shlexSplit } from './shlex';

/** The arguments a start script gives to the program. */
export interface FoundArguments {
  readonly words: readonly string[];
  /** 1-based line that sets them; 0 when the file has no lines of its own (launch_args.txt). */
  readonly line: number;
  /** Parts of them, or whether they are used at all, are known to a running shell only. */
  readonly uncertain: boolean;
  /** Lines of earlier assignments that this one overrides. */
  readonly overridden: readonly number[];
  /** The value cannot be split: the program ends with ValueError. 0-based column in the value. */
  readonly broken?: { readonly message: string; readonly column: number };
}

export type ScriptKind = 'batch' | 'shell';

/** `.bat`/`.cmd` are batch files, everything else is a shell script. */
export function scriptKind(name: string): ScriptKind {
  return /\.(?:bat|cmd)$/i.test(name) ? 'batch' : 'shell';
}

export function readScript(text: string, kind: ScriptKind, folder = ''): Script {
  return kind === 'batch' ? readBatch(text, folder) : readShell(text);
}

/**
 * COMMANDLINE_ARGS of `webui-user.bat`/`.sh` plus words handed to `webui.bat`/`webui.sh` directly, split as Python's shlex does
 * (webui-a1111-family.md §2.3). Null when the file sets nothing.
 */
export function commandlineArgs(script: Script, kind: ScriptKind): FoundArguments | null {
  const found = lastAssignment(script, 'COMMANDLINE_ARGS', kind === 'batch');
  const direct = script.commands.map((command) => ({
    command,
    at: command.words.findIndex((w) => /(?:^|[\\/])webui\.(?:bat|sh)$/i.test(w)),
  }));
  const call = direct.findLast(({ command, at }) => at >= 0 && command.words.length > at + 1);
  const extra = call ? call.command.words.slice(call.at + 1).filter((w) => !/^\$|^%/.test(w)) : [];
  if (!found && extra.length === 0) return null;
  const value = found?.last.value.trim() ?? '';
  const split = shlexSplit(value);
  const broken = 'error' in split ? split.error : null;
  return {
    words: ['words' in split ? split.words : [], extra].flat(),
    line: found?.last.line ?? call?.command.line ?? 0,
    uncertain: (found?.last.dynamic ?? false) || (found?.last.conditional ?? false),
    overridden: found?.others.filter((a) => a.value.trim() !== '').map((a) => a.line) ?? [],
    ...(broken ? { broken } : {}),
  };
}

/** `python … main.py ARGS` (or another entry file) in a start script: the last such line. */
export function entryArguments(script: Script, entries: readonly string[]): FoundArguments | null {
  const wanted = new Set(entries.map((entry) => entry.toLowerCase()));
  let found: FoundArguments | null = null;
  for (const command of script.commands) {
    const at = command.words.findIndex((word) => wanted.has(baseName(word).toLowerCase()));
    if (
      at < 0 ||
      !command.words.slice(0, at).some((word) => /python|^py(?:\.exe)?$|accelerate|%PYTHON%/i.test(baseName(word)) || word === '')
    )
      continue;
    const overridden: number[] = found ? [...found.overridden, found.line] : [];
    const words = command.words.slice(at + 1).filter((word) => !/^(?:\d?>>?|<|2>&1)/.test(word));
    found = { words, line: command.line, uncertain: command.dynamic || command.conditional, overridden };
  }
  return found;
}

/** `launch_args.txt` of the sd-webui-all-in-one installer: one line (webui-a1111-family.md §1.3). */
export function launchArgsFile(text: string): FoundArguments {
  const line = text.split(/\r?\n/).findIndex((candidate) => candidate.trim() !== '');
  const value = text.split(/\r?\n/)[Math.max(0, line)]?.trim() ?? '';
  const split = shlexSplit(value);
  const base = { line: line + 1, uncertain: false, overridden: [] };
  return 'words' in split ? { ...base, words: split.words } : { ...base, words: [], broken: split.error };
}
