/** A ComfyUI graph, whichever of its two formats it came in (webui-comfyui-and-others.md A4). */
export interface GraphLink {
  readonly node: string;
  readonly slot: number;
}

export interface GraphNode {
  readonly id: string;
  /** `class_type`, e.g. `LoraLoader`. */
  readonly type: string;
  readonly mode: 'on' | 'muted' | 'bypassed';
  readonly links: ReadonlyMap<string, GraphLink>;
  /** Values set on the node itself, by input name (`#0`, `#1` … where the name is not known). */
  readonly values: ReadonlyMap<string, unknown>;
  /** Types of its outputs by slot, where the format tells. */
  readonly outputs: readonly string[];
  /** Types of its linked inputs by name, where the format tells. */
  readonly inputTypes: ReadonlyMap<string, string>;
}

export interface Graph {
  readonly format: 'api' | 'ui';
  readonly nodes: ReadonlyMap<string, GraphNode>;
}

/** Nodes read of one graph; the largest shared workflows have about a thousand. */
export const NODE_LIMIT = 5000;

/** Inputs that take the output of a node. */
export interface Consumer {
  readonly node: GraphNode;
  readonly input: string;
  readonly slot: number;
}

export function consumersOf(graph: Graph): ReadonlyMap<string, readonly Consumer[]> {
  const out = new Map<string, Consumer[]>();
  for (const node of graph.nodes.values()) {
    for (const [input, link] of node.links) {
      const list = out.get(link.node);
      if (list) list.push({ node, input, slot: link.slot });
      else out.set(link.node, [{ node, input, slot: link.slot }]);
    }
  }
  return out;
}
