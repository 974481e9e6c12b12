import type { Ui } from '../../facts/families';
import { nearestName } from '../prompt/nearest';
import type { Client, ScriptProblem, ScriptProblemKind, ScriptPrompt } from './problem';
import { Values } from './values';

const LIMIT = 200;

/** What the parts of the reader write their findings into. */
export class ScriptNotes {
  readonly problems: ScriptProblem[] = [];
  readonly prompts: ScriptPrompt[] = [];
  readonly unknown: { line: number; name: string }[] = [];
  readonly clients = new Set<Client>();
  readonly values = new Values();
  readonly ui: Ui;

  constructor(ui: Ui) {
    this.ui = ui;
  }

  problem(kind: ScriptProblemKind, line: number, name: string, known: ReadonlySet<string> | null = null): void {
    const near = known === null ? null : nearestName(name, [...known]);
    const same = this.problems.some((p) => p.kind === kind && p.line === line && p.name === name);
    if (!same && this.problems.length < LIMIT) this.problems.push({ kind, line, name: name.slice(0, 200), near: near ?? '' });
  }

  vague(line: number, name: string): void {
    if (this.unknown.length < LIMIT) this.unknown.push({ line, name: name.slice(0, 200) });
  }

  prompt(prompt: ScriptPrompt): void {
    if (this.prompts.length < LIMIT) this.prompts.push(prompt);
  }
}
