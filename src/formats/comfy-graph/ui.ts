import { isRecord } from '../json';
import { type Graph, type GraphLink, type GraphNode, NODE_LIMIT } from './graph';
import { nameWidgets } from './widgets';

interface RawLink {
  readonly from: string;
  readonly slot: number;
  readonly type: string;
}

type Obj = { readonly [key: string]: unknown };

/** One level of a workflow: the top, or the inside of a subgraph instance. */
interface Level {
  readonly prefix: string;
  readonly raw: Obj;
  readonly links: ReadonlyMap<string, RawLink>;
  /** What feeds the boundary inputs (slot → link of the level above). */
  readonly feeds: ReadonlyMap<number, GraphLink>;
}

const INPUT_BOUNDARY = '-10';
const OUTPUT_BOUNDARY = '-20';

/**
 * UI format (what the front end saves): nodes with positions, links by number, widget values by position. Subgraphs are
 * unfolded (`outer:inner` ids), reroutes, bypassed nodes and muted nodes resolved as the front end does on queueing.
 * Null when the value is no such workflow.
 */
export function readUiGraph(value: unknown): Graph | null {
  if (!isRecord(value) || !Array.isArray(value.nodes)) return null;
  const definitions =
    isRecord(value.definitions) && Array.isArray(value.definitions.subgraphs) ? value.definitions.subgraphs : [];
  const subgraphs = new Map<string, Obj>();
  for (const sub of definitions) if (isRecord(sub) && typeof sub.id === 'string') subgraphs.set(sub.id, sub);
  const nodes = new Map<string, GraphNode>();
  const exits = new Map<string, ReadonlyMap<number, GraphLink>>();
  unfold({ prefix: '', raw: value, links: readLinks(value.links), feeds: new Map() }, subgraphs, nodes, exits, 0);
  if (nodes.size === 0) return null;
  return { format: 'ui', nodes: reconnect(nodes, exits) };
}

function unfold(
  level: Level,
  subgraphs: ReadonlyMap<string, Obj>,
  nodes: Map<string, GraphNode>,
  exits: Map<string, ReadonlyMap<number, GraphLink>>,
  depth: number,
): void {
  for (const raw of Array.isArray(level.raw.nodes) ? level.raw.nodes : []) {
    if (!isRecord(raw) || typeof raw.type !== 'string' || nodes.size >= NODE_LIMIT) continue;
    const node = readNode(raw, raw.type, level);
    const inner = subgraphs.get(raw.type);
    if (!inner || depth >= 8 || node.mode !== 'on') {
      nodes.set(node.id, node);
      continue;
    }
    const links = readLinks(inner.links);
    const prefix = `${node.id}:`;
    const feeds = new Map<number, GraphLink>();
    for (const [i, input] of (Array.isArray(raw.inputs) ? raw.inputs : []).entries()) {
      const link = isRecord(input) ? node.links.get(String(input.name)) : undefined;
      if (link) feeds.set(i, link);
    }
    unfold({ prefix, raw: inner, links, feeds }, subgraphs, nodes, exits, depth + 1);
    exits.set(node.id, exitsOf(inner, links, prefix));
    promote(raw, node, prefix, nodes);
  }
}

/** Output slot of a subgraph instance → the inner node that feeds it. */
function exitsOf(inner: Obj, links: ReadonlyMap<string, RawLink>, prefix: string): Map<number, GraphLink> {
  const out = new Map<number, GraphLink>();
  for (const raw of Array.isArray(inner.links) ? inner.links : []) {
    if (!isRecord(raw) || String(raw.target_id) !== OUTPUT_BOUNDARY) continue;
    const link = links.get(String(raw.id));
    if (link && typeof raw.target_slot === 'number') out.set(raw.target_slot, { node: prefix + link.from, slot: link.slot });
  }
  return out;
}

/** Values shown on a subgraph instance override the inner node's (`proxyWidgets`). */
function promote(raw: Obj, instance: GraphNode, prefix: string, nodes: Map<string, GraphNode>): void {
  const properties = isRecord(raw.properties) ? raw.properties : {};
  const proxies = Array.isArray(properties.proxyWidgets) ? properties.proxyWidgets : [];
  const shown = Array.isArray(raw.widgets_values) ? raw.widgets_values : [...instance.values.values()];
  for (const [i, proxy] of proxies.entries()) {
    if (!Array.isArray(proxy) || shown[i] === undefined || shown[i] === null) continue;
    const inner = nodes.get(prefix + String(proxy[0]));
    if (inner) nodes.set(inner.id, { ...inner, values: new Map([...inner.values, [String(proxy[1]), shown[i]]]) });
  }
}

/** Links of both schemas: arrays `[id, from, slot, to, slot, type]` and objects. */
function readLinks(raw: unknown): Map<string, RawLink> {
  const out = new Map<string, RawLink>();
  for (const link of Array.isArray(raw) ? raw.slice(0, 4 * NODE_LIMIT) : []) {
    if (Array.isArray(link))
      out.set(String(link[0]), { from: String(link[1]), slot: Number(link[2]) || 0, type: String(link[5] ?? '*') });
    else if (isRecord(link)) {
      out.set(String(link.id), {
        from: String(link.origin_id),
        slot: Number(link.origin_slot) || 0,
        type: String(link.type ?? '*'),
      });
    }
  }
  return out;
}

function readNode(raw: Obj, type: string, level: Level): GraphNode {
  const links = new Map<string, GraphLink>();
  const inputTypes = new Map<string, string>();
  const widgetInputs: string[] = [];
  for (const input of Array.isArray(raw.inputs) ? raw.inputs : []) {
    if (!isRecord(input) || typeof input.name !== 'string') continue;
    if (isRecord(input.widget)) widgetInputs.push(String(input.widget.name ?? input.name));
    if (input.link === null || input.link === undefined) continue;
    const link = level.links.get(String(input.link));
    const source =
      link && (link.from === INPUT_BOUNDARY ? level.feeds.get(link.slot) : { node: level.prefix + link.from, slot: link.slot });
    if (source) {
      links.set(input.name, source);
      inputTypes.set(input.name, link.type);
    }
  }
  const values = nameWidgets(type, raw.widgets_values, widgetInputs);
  // A widget turned into an input keeps a stale value: the link wins.
  for (const name of links.keys()) values.delete(name);
  const mode = raw.mode === 2 ? 'muted' : raw.mode === 4 ? 'bypassed' : 'on';
  const outputs = (Array.isArray(raw.outputs) ? raw.outputs : []).map((o) => (isRecord(o) ? String(o.type ?? '*') : '*'));
  return { id: level.prefix + String(raw.id), type, mode, links, values, outputs, inputTypes };
}

/** Points every link at the node that really feeds it: through subgraph instances, reroutes and bypassed nodes. */
function reconnect(
  nodes: ReadonlyMap<string, GraphNode>,
  exits: ReadonlyMap<string, ReadonlyMap<number, GraphLink>>,
): Map<string, GraphNode> {
  const out = new Map<string, GraphNode>();
  for (const node of nodes.values()) {
    const links = new Map<string, GraphLink>();
    for (const [name, link] of node.links) {
      const real = follow(nodes, exits, link);
      if (real) links.set(name, real);
    }
    out.set(node.id, { ...node, links });
  }
  return out;
}

function follow(
  nodes: ReadonlyMap<string, GraphNode>,
  exits: ReadonlyMap<string, ReadonlyMap<number, GraphLink>>,
  start: GraphLink,
): GraphLink | null {
  let link: GraphLink | undefined = start;
  for (let hops = 0; link && hops < 100; hops++) {
    const exit = exits.get(link.node);
    const node = nodes.get(link.node);
    if (exit) link = exit.get(link.slot);
    else if (!node || node.mode === 'muted') return null;
    else if (node.mode === 'bypassed') link = passThrough(node, link.slot);
    else if (/^reroute\b/i.test(node.type)) link = [...node.links.values()][0];
    else return link;
  }
  return null;
}

/** A bypassed node hands on the first input of the same type as the output. */
function passThrough(node: GraphNode, slot: number): GraphLink | undefined {
  const type = node.outputs[slot];
  const candidates = [...node.links].filter(([name]) => node.inputTypes.get(name) === type);
  const same = candidates[0] ?? [...node.links].find(([name]) => name.toLowerCase() === type?.toLowerCase());
  return same?.[1];
}
