import { nearestName } from '../prompt/nearest';
import type { ScriptNotes } from './notes';
import type { DictEntry, Expr } from './python-tree';
import { methodsOf, SDAPI } from './routes';
import { BODY_FIELDS } from './webuiapi';

type Call = Extract<Expr, { kind: 'call' }>;

const ROUTE = /\/sdapi\/v1\/([A-Za-z0-9_-]{1,60}(?:\/[A-Za-z0-9_-]{1,60})?)/;
const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'request']);
/** Routes that ComfyUI alone has (webui-comfyui-and-others.md A9), on this machine or at an address that is put in later. */
const COMFY = /\/(?:api\/)?(?:prompt|object_info)(?:$|[/?{])|\/ws\?clientId/;
const HERE = /^(?:(?:https?|wss?):\/\/(?:localhost|127\.|0\.0\.0\.0|\[|\d{1,3}\.\d|\{)|\{|\/)/;
const WITHOUT_SDAPI = new Set(['comfyui', 'invokeai', 'swarmui']);

const isComfy = (address: string): boolean => HERE.test(address) && COMFY.test(address);

/** A text that is an address: do its routes exist on this program? */
export function routesIn(expr: Extract<Expr, { kind: 'string' }>, notes: ScriptNotes): void {
  const route = ROUTE.exec(expr.text)?.[1];
  if (route !== undefined) {
    notes.clients.add('sdapi');
    if (WITHOUT_SDAPI.has(notes.ui)) notes.problem('wrong-program', expr.line, `/sdapi/v1/${route}`);
    else if (methodsOf(route, notes.ui) === null) {
      // An extension may add routes: only a name close to a known one, or one that this fork took out, is called wrong.
      if (SDAPI.has(route)) notes.problem('no-such-route', expr.line, route);
      else if (nearestName(route, [...SDAPI.keys()]) !== null)
        notes.problem('no-such-route', expr.line, route, new Set(SDAPI.keys()));
      else notes.vague(expr.line, `/sdapi/v1/${route}`);
    }
  } else if (!expr.text.startsWith('/') && isComfy(expr.text)) takeComfy(expr.text, expr.line, notes);
}

function takeComfy(address: string, line: number, notes: ScriptNotes): void {
  notes.clients.add('comfyui');
  if (notes.ui !== 'comfyui') notes.problem('wrong-program', line, COMFY.exec(address)?.[0] ?? '');
}

/** `requests.post(url, json=…)` and its relatives. */
export function checkRequest(expr: Call, notes: ScriptNotes): void {
  const { callee } = expr;
  const verb = callee.kind === 'attribute' ? callee.name.toLowerCase() : callee.kind === 'name' ? callee.name.toLowerCase() : '';
  if (!VERBS.has(verb)) return;
  const positional = expr.args.filter((a) => a.name === null);
  const url = expr.args.find((a) => a.name === 'url')?.value ?? positional[verb === 'request' ? 1 : 0]?.value;
  const address = url === undefined ? null : notes.values.text(url);
  if (address === null) return;
  const route = ROUTE.exec(address.text)?.[1];
  const method = verb === 'request' ? methodWord(expr, notes) : verb.toUpperCase();
  const body = bodyOf(expr, positional, notes);
  if (route !== undefined) {
    const takes = methodsOf(route, notes.ui);
    if (takes && method !== null && !takes.includes(method as 'GET' | 'POST'))
      notes.problem('wrong-method', expr.line, `${method} ${route}`);
    if (body && /^(?:txt|img)2img$/.test(route)) checkBody(body, expr.line, notes);
  } else if (isComfy(address.text)) {
    takeComfy(address.text, expr.line, notes);
    if (!body || method !== 'POST' || !/\/prompt(?:$|[/?])/.test(address.text)) return;
    const whole = body.every((e) => e.key !== null);
    if (whole && !body.some((e) => e.key === 'prompt')) notes.problem('missing-field', expr.line, 'prompt');
  }
}

function methodWord(expr: Call, notes: ScriptNotes): string | null {
  const given = expr.args.find((a) => a.name === 'method')?.value ?? expr.args[0]?.value;
  return given === undefined ? null : (notes.values.text(given)?.text.toUpperCase() ?? null);
}

/** The dictionary that is sent: `json=x`, `data=json.dumps(x)`, or the second argument. */
function bodyOf(expr: Call, positional: Call['args'], notes: ScriptNotes): readonly DictEntry[] | null {
  const given = expr.args.find((a) => a.name === 'json' || a.name === 'data')?.value ?? positional[1]?.value;
  if (given === undefined) return null;
  let value = notes.values.resolve(given);
  for (let i = 0; i < 3 && value.kind === 'call'; i++) {
    const callee = value.callee;
    const inner = callee.kind === 'attribute' && callee.name === 'encode' ? callee.of : value.args[0]?.value;
    if (inner === undefined) return null;
    value = notes.values.resolve(inner);
  }
  return value.kind === 'dict' ? value.entries : null;
}

function checkBody(entries: readonly DictEntry[], line: number, notes: ScriptNotes): void {
  for (const { key, value, line: at } of entries) {
    if (key === null) continue;
    if (key === 'disable_extra_networks' && value.kind === 'literal' && value.text === 'True')
      notes.problem('loras-switched-off', at, key);
    if (BODY_FIELDS.has(key)) continue;
    if (nearestName(key, [...BODY_FIELDS]) !== null) notes.problem('misspelt-field', at, key, BODY_FIELDS);
    else notes.vague(at, key);
  }
  const field = (name: string): ReturnType<typeof notes.values.text> | undefined => {
    const entry = entries.findLast((e) => e.key === name);
    return entry === undefined ? undefined : notes.values.text(entry.value);
  };
  const positive = field('prompt');
  if (positive === undefined) return;
  const negative = field('negative_prompt');
  notes.prompt({
    line,
    positive: positive?.text ?? '',
    negative: negative?.text ?? '',
    computed: positive === null || positive.computed || negative === null || negative?.computed === true,
    sampler: field('sampler_name')?.text ?? null,
    styles: notes.values.texts(entries.findLast((e) => e.key === 'styles')?.value),
  });
}
