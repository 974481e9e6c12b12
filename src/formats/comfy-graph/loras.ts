import { isRecord } from '../json';
import type { NameStyle } from '../prompt/resolve';
import type { GraphNode } from './graph';

/** One LoRA that a node names. */
export interface NodeLora {
  readonly name: string;
  readonly strength: number | null;
  readonly strengthTe: number | null;
  readonly active: boolean;
  /** How the node looks the name up. */
  readonly style: NameStyle;
}

const MODEL_FILE = /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|pkl)$/i;
/** Nodes that write, train or take LoRAs apart instead of applying them. */
const NOT_APPLYING = /save|train|extract|merge|resize|info|metadata|LoraModelLoader/i;
const FUZZY = /rgthree|loramanager|swarm/i;
const LIMIT = 200;

/** LoRAs named by a node, of the stock loaders, the well-known packs and any node built alike (A4). Empty for other nodes. */
export function lorasOf(node: GraphNode): NodeLora[] {
  if (NOT_APPLYING.test(node.type)) return [];
  const style: NameStyle = FUZZY.test(node.type) ? 'loose' : 'file';
  const found = [...objects(node), ...commaLists(node)];
  if (found.length > 0) return found.slice(0, LIMIT);
  return [...numbered(node, style), ...single(node, style)].slice(0, LIMIT);
}

const num = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && !/^none$/i.test(value.trim());

/** rgthree's Power Lora Loader `{on, lora, strength, strengthTwo}` and LoRA Manager's `{name, strength, clipStrength, active}`. */
function objects(node: GraphNode): NodeLora[] {
  const out: NodeLora[] = [];
  const entries = [...node.values.values()].flatMap((v): readonly unknown[] => (Array.isArray(v) ? v : [v]));
  for (const entry of entries.slice(0, LIMIT)) {
    if (!isRecord(entry)) continue;
    const name = isName(entry.lora) ? entry.lora : /lora/i.test(node.type) && isName(entry.name) ? entry.name : null;
    if (name === null) continue;
    const strength = num(entry.strength) ?? 1;
    const strengthTe = num(entry.strengthTwo) ?? num(entry.clipStrength) ?? strength;
    out.push({ name, strength, strengthTe, active: entry.on !== false && entry.active !== false, style: 'loose' });
  }
  return out;
}

/** SwarmUI's own node: `lora_names` and `lora_weights`, separated by commas. */
function commaLists(node: GraphNode): NodeLora[] {
  const names = node.values.get('lora_names');
  if (typeof names !== 'string') return [];
  const weights = String(node.values.get('lora_weights') ?? '').split(',');
  return names
    .split(',')
    .slice(0, LIMIT)
    .flatMap((name, i): NodeLora[] => {
      if (!isName(name)) return [];
      const strength = num(Number(weights[i]));
      return [{ name: name.trim(), strength, strengthTe: strength, active: true, style: 'loose' }];
    });
}

/** Stacks: `lora_name_1`, `lora_01` … with strengths of the same number. */
function numbered(node: GraphNode, style: NameStyle): NodeLora[] {
  const out: NodeLora[] = [];
  const count = num(node.values.get('lora_count')) ?? Number.POSITIVE_INFINITY;
  for (const [key, value] of node.values) {
    const match = /^lora(?:_name)?_?(\d{1,3})$/i.exec(key);
    if (!match || !isName(value)) continue;
    const n = match[1] ?? '';
    const at = (...names: string[]): number | null => {
      for (const name of names) {
        const v = num(node.values.get(`${name}_${n}`));
        if (v !== null) return v;
      }
      return null;
    };
    const both = at('strength', 'lora_wt', 'weight', 'lora_strength', 'lora_weight');
    const strength = at('model_str', 'model_weight', 'strength_model', 'model_strength') ?? both ?? 1;
    const strengthTe = at('clip_str', 'clip_weight', 'strength_clip', 'clip_strength') ?? both ?? strength;
    const off = /^off$/i.test(String(node.values.get(`switch_${n}`) ?? '')) || Number(n) > count;
    out.push({ name: value, strength, strengthTe, active: !off, style });
  }
  return out;
}

/** One LoRA: `lora_name`, or any input about a LoRA that holds a model file. */
function single(node: GraphNode, style: NameStyle): NodeLora[] {
  for (const [key, value] of node.values) {
    if (!isName(value) || /^lora(?:_name)?_?\d+$/i.test(key)) continue;
    const stated = key === 'lora_name' || (/lora/i.test(key) && MODEL_FILE.test(value));
    const unnamed = key.startsWith('#') && /lora/i.test(node.type) && MODEL_FILE.test(value);
    if (!stated && !unnamed) continue;
    const given = (...names: string[]): number | null =>
      names.map((n) => num(node.values.get(n))).find((v) => v !== null) ?? null;
    const numbers = unnamed
      ? [...node.values]
          .filter(([k]) => k.startsWith('#'))
          .map(([, v]) => num(v))
          .filter((v) => v !== null)
      : [];
    const strength =
      given('strength_model', 'model_strength', 'lora_strength', 'strength', 'weight', 'lora_weight') ?? numbers[0] ?? 1;
    const modelOnly = /modelonly/i.test(node.type);
    const strengthTe = modelOnly ? null : (given('strength_clip', 'clip_strength') ?? numbers[1] ?? strength);
    return [{ name: value, strength, strengthTe, active: true, style }];
  }
  return [];
}
