import { isRecord } from '../json';
import { type Graph, type GraphLink, type GraphNode, NODE_LIMIT } from './graph';

const NONE: ReadonlyMap<string, string> = new Map();

/** API format: node id → `{class_type, inputs}`. Null when the value is no such graph. */
export function readApiGraph(value: unknown): Graph | null {
  if (!isRecord(value)) return null;
  const nodes = new Map<string, GraphNode>();
  for (const [id, raw] of Object.entries(value).slice(0, NODE_LIMIT)) {
    if (!isRecord(raw) || typeof raw.class_type !== 'string') continue;
    const links = new Map<string, GraphLink>();
    const values = new Map<string, unknown>();
    for (const [name, input] of Object.entries(isRecord(raw.inputs) ? raw.inputs : {})) {
      const link = linkOf(input);
      if (link) links.set(name, link);
      else values.set(name, isRecord(input) && Array.isArray(input.__value__) ? input.__value__ : input);
    }
    nodes.set(id, { id, type: raw.class_type, mode: 'on', links, values, outputs: [], inputTypes: NONE });
  }
  return nodes.size === 0 ? null : { format: 'api', nodes };
}

/** A link is `[node id, slot]`; real lists are wrapped in `__value__`. */
function linkOf(value: unknown): GraphLink | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [node, slot] = value;
  return (typeof node === 'string' || typeof node === 'number') && typeof slot === 'number' ? { node: String(node), slot } : null;
}
