import type { Ui } from '../../facts/families';
import type { FactMap, FactStore, Gathered } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { known, na } from '../../facts/value';
import type { ScriptReading } from '../../formats/api/problem';
import { readScript } from '../../formats/api/script';
import { baseName } from '../../formats/file-name';
import { type PromptStyle, withStyles } from '../../formats/prompt/styles';
import { gatherText } from './check';

const KIND_LIMIT = 200;
/** What is said of each prompt in the script, not of the script. */
const NO_PROMPT: FactMap = Object.fromEntries(
  [
    'tagProblems',
    'problemKinds',
    'allOff',
    'wiring',
    'loraCount',
    'usedCount',
    'strengthSum',
    'maxStrength',
    'checkpointFound',
  ].map((name) => [`prompt.${name}`, na]),
);

/**
 * What a Python script asks for: one `prompt` subject for the script with its mistakes, and one for each prompt that is
 * written out in it (`<path>#<line>`), with the styles of the install that it names. A prompt that is put together when the
 * script runs is not judged.
 *
 * @param ui null: the program that the script itself is written for.
 */
export function gatherScript(
  facts: FactStore,
  install: Subject | null,
  ui: Ui | null,
  script: { readonly path: string; readonly text: string },
): Gathered {
  const guess: Ui = readScript(script.text, 'a1111').client === 'comfyui' ? 'comfyui' : 'a1111';
  const program = ui ?? guess;
  const reading = readScript(script.text, program);
  const id = `prompt:${script.path}`;
  const links = install ? { links: { install: install.id } } : {};
  const label = baseName(script.path);
  const subjects: Subject[] = [{ kind: 'prompt', id, path: script.path, label, ...links }];
  const out: Record<string, FactMap> = { [id]: scriptFactsOf(script.path, program, reading) };
  const told = install === null ? [] : (facts.value<readonly PromptStyle[]>(install.id, 'install.styleTags') ?? []);
  const stored = new Map(told.map((style) => [style.name, style]));
  for (const prompt of reading.prompts) {
    if (prompt.computed) continue;
    const styles = prompt.styles.flatMap((name) => stored.get(name) ?? []);
    const positive = withStyles(
      prompt.positive,
      styles.map((style) => style.prompt),
    );
    const negative = withStyles(
      prompt.negative,
      styles.map((style) => style.negative),
    );
    const text = negative === '' ? positive : `${positive}\nNegative prompt: ${negative}`;
    const one = gatherText(facts, install, program, text, `${script.path}#${prompt.line}`);
    subjects.push(...one.subjects);
    Object.assign(out, one.facts);
  }
  return { subjects, facts: out, notes: [] };
}

function scriptFactsOf(path: string, ui: Ui, reading: ScriptReading): FactMap {
  const { client, problems, unknown } = reading;
  return {
    'prompt.source': known('text'),
    'prompt.path': known(path),
    'prompt.ui': known(ui),
    'prompt.recent': known(true),
    'prompt.index': known(0),
    'prompt.finished': na,
    ...NO_PROMPT,
    'prompt.scriptClient': known(client),
    'prompt.scriptNeedsApi': known((client === 'webuiapi' || client === 'sdapi') && ui !== 'sdnext' && ui !== 'comfyui'),
    'prompt.scriptProblems': known(
      problems.slice(0, KIND_LIMIT).map(({ kind, line, name, near }) => ({ kind, line, name, near })),
    ),
    'prompt.scriptProblemKinds': known([...new Set(problems.map((p) => p.kind))]),
    'prompt.scriptUnknown': known(unknown.slice(0, KIND_LIMIT).map(({ line, name }) => ({ line, name }))),
  };
}
