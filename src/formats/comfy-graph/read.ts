import { type Generation, NOTHING, type RequestedLora } from '../infotext/generation';
import { parseJson } from '../json';
import type { NameStyle } from '../prompt/resolve';
import { scanTags } from '../prompt/scan';
import { readApiGraph } from './api';
import type { Graph, GraphNode } from './graph';
import { lorasOf } from './loras';
import { baseAbove, baseOf, textAbove } from './trace';
import { readUiGraph } from './ui';
import { type Wired, type WiringProblem, wire, wiringOf } from './wiring';

export interface GraphLora extends RequestedLora {
  readonly node: string;
  readonly nodeType: string;
  readonly style: NameStyle;
  readonly wiring: readonly WiringProblem[];
  /** File name of the base model that feeds this node. */
  readonly base: string | null;
}

/** What a ComfyUI graph asks for. */
export interface GraphReading extends Generation {
  readonly format: 'api' | 'ui';
  readonly loras: readonly GraphLora[];
  readonly wiring: readonly WiringProblem[];
  /** Texts with `<lora:…>` in nodes that do not read tags. */
  readonly tagTexts: readonly string[];
  /** Type of the node that loads the base model. */
  readonly loader: string | null;
  /** What a ModelSamplingDiscrete node makes of the model's predictions: eps, v_prediction, lcm, x0. */
  readonly sampling: string | null;
}

/** Reads a graph from JSON text of either format. Null when it is none. */
export function readGraph(json: string): GraphReading | null {
  const value = parseJson(json);
  const graph = readUiGraph(value) ?? readApiGraph(value);
  return graph && graphReading(graph);
}

function graphReading(graph: Graph): GraphReading {
  const wired = wire(graph);
  const loras = [...graph.nodes.values()].flatMap((node) => lorasIn(wired, node));
  const sampler = mainSampler(wired);
  const tagTexts = textsWithTags(wired);
  const wiring = new Set(loras.flatMap((l) => l.wiring));
  if (tagTexts.length > 0) wiring.add('tag-in-text');
  const nodes = runningNodes(wired);
  const first = (key: string, type: RegExp): unknown =>
    nodes.find((n) => type.test(n.type) && n.values.has(key))?.values.get(key);
  const latent = nodes.find((n) => /latent/i.test(n.type) && typeof n.values.get('width') === 'number');
  const checkpoint = (sampler && baseAbove(graph, sampler)) ?? nodes.map(baseOf).find((b) => b !== null) ?? null;
  const skip = num(first('stop_at_clip_layer', /CLIPSetLastLayer/));
  return {
    ...NOTHING,
    format: graph.format,
    ui: 'comfyui',
    ...promptTexts(graph, sampler, nodes),
    checkpoint,
    vae: text(first('vae_name', /VAELoader/i)),
    width: num(latent?.values.get('width')),
    height: num(latent?.values.get('height')),
    batch: num(latent?.values.get('batch_size')),
    steps: num(sampler?.values.get('steps')) ?? num(first('steps', /scheduler|sampler/i)),
    cfg: num(sampler?.values.get('cfg')) ?? num(first('cfg', /guider/i)),
    sampler: text(sampler?.values.get('sampler_name')) ?? text(first('sampler_name', /sampler/i)),
    seed: seedOf(sampler) ?? seedText(first('noise_seed', /noise/i)),
    clipSkip: skip === null ? null : -skip,
    loras,
    wiring: [...wiring],
    tagTexts,
    loader: nodes.find((n) => checkpoint !== null && baseOf(n) === checkpoint)?.type ?? null,
    sampling: text(first('sampling', /^ModelSamplingDiscrete$/)),
  };
}

const num = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const seedText = (value: unknown): string | null => (typeof value === 'number' ? String(value) : null);

function runningNodes(wired: Wired): GraphNode[] {
  return [...wired.graph.nodes.values()].filter((n) => n.mode === 'on' && (!wired.executed || wired.executed.has(n.id)));
}

function lorasIn(wired: Wired, node: GraphNode): GraphLora[] {
  return lorasOf(node).map((lora) => ({
    ...lora,
    active: lora.active && node.mode === 'on',
    node: node.id,
    nodeType: node.type,
    wiring: wiringOf(wired, node, lora.strengthTe),
    base: baseAbove(wired.graph, node),
  }));
}

/** The sampler whose text and model count: the one with the most steps among those that run. */
function mainSampler(wired: Wired): GraphNode | null {
  const samplers = runningNodes(wired).filter(
    (n) =>
      (/sampler/i.test(n.type) && !/samplerselect/i.test(n.type) && n.links.size > 0) ||
      (n.links.has('positive') && n.links.has('model')),
  );
  const steps = (n: GraphNode): number => num(n.values.get('steps')) ?? 0;
  return samplers.reduce<GraphNode | null>((best, n) => (best && steps(best) >= steps(n) ? best : n), null);
}

function seedOf(sampler: GraphNode | null): string | null {
  return seedText(sampler?.values.get('seed') ?? sampler?.values.get('noise_seed'));
}

function promptTexts(
  graph: Graph,
  sampler: GraphNode | null,
  nodes: readonly GraphNode[],
): { positive: string; negative: string } {
  const guider = graph.nodes.get(sampler?.links.get('guider')?.node ?? '');
  const from = (side: 'positive' | 'negative'): string => {
    const link =
      sampler?.links.get(side) ??
      guider?.links.get(side) ??
      (side === 'positive' ? guider?.links.get('conditioning') : undefined);
    return link ? textAbove(graph, link.node, side) : '';
  };
  const positive = from('positive');
  if (positive !== '') return { positive, negative: from('negative') };
  const all = nodes.filter((n) => /textencode|prompt/i.test(n.type)).map((n) => textAbove(graph, n.id, 'positive'));
  return { positive: all.filter((t) => t !== '').join('\n'), negative: from('negative') };
}

/** Stock text encoders take `<lora:…>` for words (A4); their text may come from a plain text node. */
function textsWithTags(wired: Wired): string[] {
  const out = new Set<string>();
  for (const node of runningNodes(wired)) {
    if (!/^CLIPTextEncode(?:SDXL|SDXLRefiner|Flux|SD3|HunyuanDiT|Lumina2|PixArtAlpha)?$/.test(node.type)) continue;
    const sources = [node];
    for (const link of node.links.values()) {
      const source = wired.graph.nodes.get(link.node);
      if (source && /^(?:primitive|string|text|cr text|simple ?text)/i.test(source.type)) sources.push(source);
    }
    for (const value of sources.flatMap((s) => [...s.values.values()])) {
      if (typeof value === 'string' && scanTags(value).found.some((f) => /^(?:lora|lyco)$/i.test(f.keyword))) out.add(value);
    }
  }
  return [...out];
}
