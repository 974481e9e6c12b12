import { type Consumer, consumersOf, type Graph, type GraphNode } from './graph';

/** Faults in how a LoRA node is connected. */
export const WIRING_PROBLEMS = [
  'model-output-unused', // the patched model reaches no sampler
  'clip-not-connected', // the patched text encoder reaches no prompt
  'loader-unconnected', // neither of its outputs is used
  'model-input-missing', // no model goes in
  'bypassed',
  'muted',
  'tag-in-text', // `<lora:…>` in a text node that does not read tags
] as const;
export type WiringProblem = (typeof WIRING_PROBLEMS)[number];

/** A graph with what is needed to follow it. */
export interface Wired {
  readonly graph: Graph;
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  /** Nodes that an output node needs; null when the graph has no output node. */
  readonly executed: ReadonlySet<string> | null;
}

export function wire(graph: Graph): Wired {
  const consumers = consumersOf(graph);
  return { graph, consumers, executed: executedNodes(graph, consumers) };
}

function executedNodes(graph: Graph, consumers: ReadonlyMap<string, readonly Consumer[]>): Set<string> | null {
  const ends = [...graph.nodes.values()].filter(
    (n) =>
      n.mode === 'on' &&
      !consumers.has(n.id) &&
      n.links.size > 0 &&
      /save|preview|output|combine|display|show|send|export|compare/i.test(n.type),
  );
  if (ends.length === 0) return null;
  const seen = new Set<string>();
  const queue = ends.map((n) => n.id);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const link of graph.nodes.get(id)?.links.values() ?? []) queue.push(link.node);
  }
  return seen;
}

type LinkKind = 'MODEL' | 'CLIP' | 'other' | 'any';

const BY_SLOT: readonly (readonly [RegExp, readonly LinkKind[]])[] = [
  [/^(?:LoraLoader|LoraLoaderBypass)$/, ['MODEL', 'CLIP']],
  [/^(?:CheckpointLoader|CheckpointLoaderSimple|unCLIPCheckpointLoader)$/, ['MODEL', 'CLIP', 'other']],
];

/** What travels on a link: by the type in the file, by the kind of node it leaves, else by the name of the input it enters. */
function linkKind(from: GraphNode, consumer: Consumer): LinkKind {
  const stated = consumer.node.inputTypes.get(consumer.input) ?? from.outputs[consumer.slot];
  if (stated && stated !== '*') return stated === 'MODEL' || stated === 'CLIP' ? stated : /pipe/i.test(stated) ? 'any' : 'other';
  for (const [type, kinds] of BY_SLOT) if (type.test(from.type)) return kinds[consumer.slot] ?? 'other';
  const input = consumer.input.toLowerCase();
  if (/clip(?!_vision|vision)/.test(input)) return 'CLIP';
  if (/model|unet/.test(input)) return 'MODEL';
  if (/pipe|^any|^value|^input/.test(input)) return 'any';
  return 'other';
}

/** Follows one kind of link forward until `arrives` says that it is used. */
function reaches(
  wired: Wired,
  start: GraphNode,
  kind: 'MODEL' | 'CLIP',
  arrives: (consumer: Consumer, goesOn: boolean) => boolean,
): boolean {
  const seen = new Set<string>([start.id]);
  const queue = [start];
  for (let node = queue.pop(); node; node = queue.pop()) {
    for (const consumer of wired.consumers.get(node.id) ?? []) {
      const travels = linkKind(node, consumer);
      if (travels !== kind && travels !== 'any') continue;
      if (wired.executed && !wired.executed.has(consumer.node.id)) continue;
      if (consumer.node.mode !== 'on') continue;
      const onward = (wired.consumers.get(consumer.node.id) ?? []).some((c) => {
        const k = linkKind(consumer.node, c);
        return k === kind || k === 'any';
      });
      if (arrives(consumer, onward)) return true;
      if (!seen.has(consumer.node.id)) {
        seen.add(consumer.node.id);
        queue.push(consumer.node);
      }
    }
  }
  return false;
}

/** Does the model that leaves this node get to a sampler (or a guider, or a node that saves models)? */
function modelIsUsed(wired: Wired, node: GraphNode): boolean {
  return reaches(wired, node, 'MODEL', (consumer, onward) => {
    const { type, links } = consumer.node;
    // A scheduler takes the model to compute noise levels only.
    if (/scheduler/i.test(type) && !/sampler/i.test(type)) return false;
    if (/sampler|guider|save/i.test(type)) return true;
    if (links.has('positive') || links.has('conditioning') || links.has('noise')) return true;
    return !onward && !passesOn(type);
  });
}

/** Does the text encoder that leaves this node get to a prompt? */
function clipIsUsed(wired: Wired, node: GraphNode): boolean {
  return reaches(
    wired,
    node,
    'CLIP',
    (consumer, onward) => /encode|save/i.test(consumer.node.type) || (!onward && !passesOn(consumer.node.type)),
  );
}

/** Nodes that only hand the model or text encoder on: a dead end there is a dead end. */
function passesOn(type: string): boolean {
  return /lora|modelsampling|clipsetlastlayer|freeu|rescalecfg|ipadapter|perturbed|skiplayer|torchcompile|reroute/i.test(type);
}

/** What is wrong with the connections of one LoRA node. */
export function wiringOf(wired: Wired, node: GraphNode, strengthTe: number | null): WiringProblem[] {
  if (node.mode !== 'on') return [node.mode];
  const consumers = wired.consumers.get(node.id) ?? [];
  const used = consumers.some((c) => !wired.executed || wired.executed.has(c.node.id));
  if (!used) return ['loader-unconnected'];
  // Stacks and hooks hand a list on, not a model.
  const hasModel = node.links.has('model') || consumers.some((c) => linkKind(node, c) === 'MODEL');
  if (!hasModel && !/^LoraLoader/.test(node.type)) return [];
  const out: WiringProblem[] = [];
  if (!node.links.has('model') && /^LoraLoader/.test(node.type)) out.push('model-input-missing');
  const model = modelIsUsed(wired, node);
  const clip = clipIsUsed(wired, node);
  if (!model && !clip) return [...out, 'loader-unconnected'];
  if (!model) out.push('model-output-unused');
  const encodes = node.links.has('clip') && strengthTe !== null && strengthTe !== 0;
  if (!clip && encodes) out.push('clip-not-connected');
  return out;
}
