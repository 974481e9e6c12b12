import type { Ui } from '../../facts/families';
import type { PROMPT_SOURCES } from '../../facts/registry/prompt';
import type { GraphLora, GraphReading } from '../../formats/comfy-graph/read';
import type { WiringProblem } from '../../formats/comfy-graph/wiring';
import { baseName } from '../../formats/file-name';
import type { Generation, RequestedLora } from '../../formats/infotext/generation';
import { readPrompt } from '../../formats/prompt/read-prompt';
import type { NameStyle } from '../../formats/prompt/resolve';
import type { PromptReading } from '../../formats/prompt/tag';

export type PromptSource = (typeof PROMPT_SOURCES)[number];

/** One LoRA asked for, whether by a tag, a node or a list. */
export interface AskedLora {
  readonly name: string;
  readonly unet: number | null;
  readonly te: number | null;
  readonly active: boolean;
  readonly style: NameStyle;
  readonly wiring: readonly WiringProblem[] | null;
  readonly nodeType: string | null;
  /** Base model that feeds this LoRA; null: the one of the generation. */
  readonly base: string | null;
}

/** One generation as found in a file. */
export interface Asked {
  readonly id: string;
  readonly path: string;
  readonly source: PromptSource;
  readonly ui: Ui;
  readonly mtimeMs: number;
  readonly generation: Generation;
  readonly graph: GraphReading | null;
  readonly reading: PromptReading;
  readonly loras: readonly AskedLora[];
  /** Subject id of the picture, and the fingerprint of its pixels. */
  readonly image: string | null;
  readonly digest: string | null;
  /** How many pictures have the same request. */
  readonly count: number;
}

const LORA_LIMIT = 100;

export interface RawRequest {
  readonly path: string;
  readonly source: PromptSource;
  readonly ui: Ui;
  readonly mtimeMs: number;
  readonly generation: Generation;
  readonly graph: GraphReading | null;
  readonly image?: string;
  readonly digest?: string | undefined;
  /** The user typed it as a prompt, so tags count even where no program of that kind reads them. */
  readonly typed?: boolean;
  readonly knows: (name: string) => boolean;
}

/** Reads the tags of a request and joins them with the LoRAs that its metadata lists. */
export function askedFrom(raw: RawRequest): Asked {
  const { generation, graph, ui } = raw;
  const reading = readingOf(raw);
  const loras: AskedLora[] = graph ? graph.loras.map(fromNode) : generation.loras.map((l) => fromList(l, ui));
  const listed = new Set(loras.map((l) => stemOf(l.name)));
  for (const tag of reading.tags) {
    if (listed.has(stemOf(tag.name))) continue;
    loras.push({
      name: tag.name,
      unet: tag.unet,
      te: tag.te,
      active: true,
      style: 'tag',
      wiring: null,
      nodeType: null,
      base: null,
    });
  }
  return {
    id: `prompt:${raw.path}`,
    path: raw.path,
    source: raw.source,
    ui,
    mtimeMs: raw.mtimeMs,
    generation,
    graph,
    reading,
    loras: loras.slice(0, LORA_LIMIT),
    image: raw.image ?? null,
    digest: raw.digest ?? null,
    count: 1,
  };
}

/** In ComfyUI only the texts of nodes that do not read tags count; an infotext written there by a custom node has tags of its own making. */
function readingOf(raw: RawRequest): PromptReading {
  const { generation, graph, ui } = raw;
  if (graph || (ui === 'comfyui' && !raw.typed)) {
    const texts = (graph?.tagTexts ?? []).map((positive) => readPrompt('comfyui', { positive }));
    return { tags: [], problems: texts.flatMap((t) => t.problems), allOff: false, plain: generation.positive };
  }
  return readPrompt(
    ui,
    { positive: generation.positive, negative: generation.negative, hires: generation.hiresPrompt },
    { knows: raw.knows },
  );
}

function fromNode(lora: GraphLora): AskedLora {
  const { name, strength, strengthTe, active, style, wiring, nodeType, base } = lora;
  return { name, unet: strength, te: strengthTe, active, style, wiring, nodeType, base };
}

function fromList(lora: RequestedLora, ui: Ui): AskedLora {
  const { name, strength, strengthTe, active } = lora;
  const style = ui === 'fooocus' && /\.[a-z]+$/i.test(name) ? 'file' : ui === 'fooocus' ? 'tag' : 'loose';
  return { name, unet: strength, te: strengthTe, active, style, wiring: null, nodeType: null, base: null };
}

function stemOf(name: string): string {
  return baseName(name).replace(/\.(?:safetensors|ckpt|pt|bin|pth|sft)$/i, '');
}

/** Everything of a request but its seed: equal ones are told once. */
export function signatureOf(asked: Asked): string {
  const { generation: g } = asked;
  const loras = asked.loras.map((l) => [l.name, l.unet, l.te, l.active, l.wiring]);
  return JSON.stringify([g.positive, g.negative, g.checkpoint, g.vae, loras, asked.reading.problems.map((p) => p.kind)]);
}
