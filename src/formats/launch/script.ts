/** `NAME=value` in a start script, after the shell's own expansion as far as it can be known. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** 1-based. */
  readonly line: number;
  /** The value has parts that only a running shell knows (`$(…)`, an unknown variable). */
  readonly dynamic: boolean;
  /** The assignment stands behind an `if` or in a block: it may not be executed. */
  readonly conditional: boolean;
}

/** A command line of a start script as words. */
export interface Command {
  readonly words: readonly string[];
  readonly line: number;
  readonly dynamic: boolean;
  readonly conditional: boolean;
}

/** What a start script sets and runs, in order. Read, never run (reliability.md CF-14…CF-16). */
export interface Script {
  readonly assignments: readonly Assignment[];
  readonly commands: readonly Command[];
}

/** Scripts longer than this are cut: real ones have a few dozen lines. */
export const SCRIPT_LINE_LIMIT = 5000;

/** The last assignment wins; the others are named so that a person can look at them. */
export function lastAssignment(
  script: Script,
  name: string,
  caseless: boolean,
): { last: Assignment; others: Assignment[] } | null {
  const wanted = caseless ? name.toLowerCase() : name;
  const all = script.assignments.filter((a) => (caseless ? a.name.toLowerCase() : a.name) === wanted);
  const last = all.at(-1);
  return last ? { last, others: all.slice(0, -1) } : null;
}
