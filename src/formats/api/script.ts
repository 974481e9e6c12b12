import type { Ui } from '../../facts/families';
import { checkClientCall, checkConstructor, checkMember } from './client-calls';
import { ScriptNotes } from './notes';
import type { Client, ScriptReading } from './problem';
import { type Expr, pythonStatements, type Statement } from './python-tree';
import { checkRequest, routesIn } from './requests';
import { dottedName, type Type } from './values';
import { MODULE_NAMES } from './webuiapi';

/** Does a text without a file name look like Python that talks to a WebUI? */
export function looksLikeScript(text: string): boolean {
  return (
    /^\s{0,8}(?:import|from)\s+[A-Za-z_]/m.test(text) && /\b(?:webuiapi|requests|httpx|aiohttp|urllib|websocket)\b/.test(text)
  );
}

/**
 * Reads a Python script that asks a WebUI for pictures, through the client `webuiapi` or by its own requests, without running
 * it: which names do not exist, and which prompts it sends. What cannot be told from the text is left out or listed as unknown.
 *
 * @param ui the program that it is meant for.
 */
export function readScript(source: string, ui: Ui): ScriptReading {
  const notes = new ScriptNotes(ui);
  for (const statement of pythonStatements(source)) readStatement(statement, notes);
  const client: Client = notes.clients.has('webuiapi')
    ? 'webuiapi'
    : notes.clients.has('sdapi')
      ? 'sdapi'
      : notes.clients.has('comfyui')
        ? 'comfyui'
        : 'none';
  const { problems, prompts, unknown } = notes;
  return { client, problems: [...problems].sort((a, b) => a.line - b.line), prompts, unknown };
}

function readStatement(statement: Statement, notes: ScriptNotes): void {
  if (statement.kind === 'import') readImport(statement, notes);
  else if (statement.kind === 'expression') visit(statement.value, notes);
  else {
    const { target, value } = statement;
    visit(value, notes);
    if (target.kind === 'item') {
      const name = dottedName(target.of);
      const key = target.index.kind === 'string' ? target.index.text : null;
      if (name !== null) notes.values.addEntry(name, { key, value, line: statement.line });
      return;
    }
    const name = dottedName(target);
    if (name === null) return;
    notes.values.setType(name, notes.values.typeOf(value));
    if (target.kind === 'name') notes.values.setValue(name, value);
  }
}

function readImport(statement: Extract<Statement, { kind: 'import' }>, notes: ScriptNotes): void {
  const { module, name, as, line } = statement;
  if (module !== 'webuiapi' && module !== 'webuiapi.webuiapi') {
    notes.values.setType(as, null);
    return;
  }
  notes.clients.add('webuiapi');
  if (notes.ui === 'comfyui') notes.problem('wrong-program', line, 'webuiapi');
  let type: Type | null = name === null || name === 'webuiapi' ? 'module' : null;
  if (name === 'WebUIApi') type = 'class';
  if (name !== null && name !== '*' && !MODULE_NAMES.has(name)) notes.problem('no-such-import', line, name, MODULE_NAMES);
  if (name === '*') notes.values.setType('WebUIApi', 'class');
  notes.values.setType(as, type);
}

/** Goes through an expression, inner calls first. */
function visit(expr: Expr, notes: ScriptNotes): void {
  switch (expr.kind) {
    case 'string':
      routesIn(expr, notes);
      return;
    case 'dict':
      for (const entry of expr.entries) visit(entry.value, notes);
      return;
    case 'attribute':
      visit(expr.of, notes);
      checkMember(expr, notes);
      return;
    case 'item':
      visit(expr.of, notes);
      visit(expr.index, notes);
      return;
    case 'call':
      visit(expr.callee, notes);
      for (const argument of expr.args) visit(argument.value, notes);
      if (notes.values.typeOf(expr.callee) === 'class') checkConstructor(expr, notes);
      else if (!checkClientCall(expr, notes)) checkRequest(expr, notes);
      return;
    case 'other':
      for (const part of expr.parts) visit(part, notes);
      return;
    default:
  }
}
