import type { ScriptNotes } from './notes';
import type { Expr } from './python-tree';
import { CLIENT_ARGUMENTS, CLIENT_FIELDS, CLIENT_METHODS, MODULE_NAMES, RESULT_NAMES } from './webuiapi';

type Call = Extract<Expr, { kind: 'call' }>;
type Member = Extract<Expr, { kind: 'attribute' }>;

/** `client.x`, `result.x`, `webuiapi.x`: does it exist? */
export function checkMember(expr: Member, notes: ScriptNotes): void {
  const type = notes.values.typeOf(expr.of);
  const known =
    type === 'module'
      ? MODULE_NAMES
      : type === 'client' || type === 'class'
        ? new Set([...CLIENT_METHODS.keys(), ...CLIENT_FIELDS])
        : type === 'result'
          ? RESULT_NAMES
          : null;
  if (known === null || known.has(expr.name) || expr.name.startsWith('__')) return;
  notes.problem('no-such-attribute', expr.line, expr.name, known);
}

/** `WebUIApi(…)`. */
export function checkConstructor(expr: Call, notes: ScriptNotes): void {
  for (const { name, line } of expr.args) {
    if (name !== null && !CLIENT_ARGUMENTS.has(name)) notes.problem('no-such-argument', line, name, CLIENT_ARGUMENTS);
  }
}

/** `client.txt2img(…)` and the like; false when the call is none of the client's. */
export function checkClientCall(expr: Call, notes: ScriptNotes): boolean {
  const { callee } = expr;
  if (callee.kind !== 'attribute' || notes.values.typeOf(callee.of) !== 'client') return false;
  const takes = CLIENT_METHODS.get(callee.name);
  if (takes) {
    for (const { name, line } of expr.args) {
      if (name !== null && !takes.has(name)) notes.problem('no-such-argument', line, name, takes);
    }
  }
  if (callee.name === 'txt2img' || callee.name === 'img2img') takePrompt(expr, callee.name, notes);
  return true;
}

function takePrompt(expr: Call, method: string, notes: ScriptNotes): void {
  const first = expr.args[0];
  const positional = first?.name === null && notes.values.text(first.value) !== null;
  const argument = (name: string): Expr | undefined => expr.args.find((a) => a.name === name)?.value;
  const prompt = argument('prompt');
  // The first positional argument is enable_hr (txt2img) or images (img2img).
  if (positional && prompt === undefined) notes.problem('not-the-prompt', first.line, method);
  if (prompt === undefined) return;
  const positive = notes.values.text(prompt);
  const against = argument('negative_prompt');
  const negative =
    against === undefined ? { text: '', computed: false } : (notes.values.text(against) ?? { text: '', computed: true });
  const sampler = argument('sampler_name');
  notes.prompt({
    line: expr.line,
    positive: positive?.text ?? '',
    negative: negative.text,
    computed: positive === null || positive.computed || negative.computed,
    sampler: sampler === undefined ? null : (notes.values.text(sampler)?.text ?? null),
    styles: notes.values.texts(argument('styles')),
  });
}
