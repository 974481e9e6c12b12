import type { Graph, GraphNode } from './graph';

const BASE_KEYS = ['ckpt_name', 'unet_name', 'model_name', 'gguf_name', 'base_ckpt_name', 'model_path'] as const;
const HOPS = 300;

/** The file that a loader node names as base model, if it is one. */
export function baseOf(node: GraphNode): string | null {
  if (/upscale|controlnet|lora|clipvision|style|ipadapter/i.test(node.type)) return null;
  for (const key of BASE_KEYS) {
    const value = node.values.get(key);
    if (typeof value === 'string' && value !== '' && value !== 'None') return value;
  }
  return null;
}

/** Goes up the model inputs of a node to the loader that feeds it. */
export function baseAbove(graph: Graph, start: GraphNode): string | null {
  let node: GraphNode | undefined = start;
  for (let hops = 0; node && hops < HOPS; hops++) {
    const base = baseOf(node);
    if (base !== null) return base;
    const names: string[] = [...node.links.keys()];
    const input: string | undefined =
      names.find((n) => n === 'model') ?? names.find((n) => /model|unet|guider|pipe/i.test(n)) ?? names.find((n) => n === 'clip');
    node = input === undefined ? undefined : graph.nodes.get(node.links.get(input)?.node ?? '');
  }
  return null;
}

const TEXT_KEY =
  /^(?:text|text_[gl]|clip_[lg]|t5xxl|prompt|positive|negative|string|value|wildcard_text|populated_text|text\d?|string_[ab]|#0)$/;
const NOT_TEXT =
  /^(?:clip|model|vae|image|images|mask|latent|latent_image|samples|control_net|style_model|clip_vision.*|pixels)$/;

/** Gathers the prompt text that feeds an input: through conditioning nodes to the text nodes. */
export function textAbove(graph: Graph, start: string, side: 'positive' | 'negative'): string {
  const seen = new Set<string>();
  const queue = [start];
  const out: string[] = [];
  for (let id = queue.shift(); id !== undefined && seen.size < HOPS; id = queue.shift()) {
    const node = seen.has(id) ? undefined : graph.nodes.get(id);
    seen.add(id);
    if (!node) continue;
    // A zeroed conditioning holds no text.
    if (/zeroout/i.test(node.type)) continue;
    const both = node.links.has('positive') && node.links.has('negative');
    for (const [key, value] of node.values) {
      const other = side === 'positive' ? 'negative' : 'positive';
      if (typeof value === 'string' && TEXT_KEY.test(key) && key !== other) out.push(value);
    }
    for (const [input, link] of node.links) if (both ? input === side : !NOT_TEXT.test(input)) queue.push(link.node);
  }
  return [...new Set(out)].filter((t) => t.trim() !== '').join('\n');
}
