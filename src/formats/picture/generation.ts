import type { ByteSource } from '../bytes';
import { type GraphReading, readGraph } from '../comfy-graph/read';
import { readInfotext } from '../infotext/a1111';
import { type Generation, NOTHING } from '../infotext/generation';
import { readJsonParameters } from '../infotext/json';
import type { PngReading } from './png';
import { hiddenTexts, type Unpack } from './stealth';
import type { PictureInfo, PictureText } from './types';

/** The request behind a picture, and in which form it was written. */
export type PictureGeneration =
  | { readonly source: 'image'; readonly text: string; readonly generation: Generation }
  | { readonly source: 'graph'; readonly text: string; readonly generation: GraphReading };

/**
 * Finds the generation parameters among a picture's texts: ComfyUI graphs, SwarmUI / Fooocus / InvokeAI JSON, A1111
 * infotext in PNG chunks or EXIF (webui-a1111-family.md §7.3, webui-comfyui-and-others.md A4, C, D, E). Null when there
 * are none.
 */
export function generationOf(texts: readonly PictureText[]): PictureGeneration | null {
  const named = (keyword: string): string | null => texts.findLast((t) => t.keyword === keyword)?.text ?? null;
  const parameters = named('parameters') ?? named('invokeai_metadata');
  const json = parameters === null ? null : readJsonParameters(parameters);
  if (parameters !== null && json) return { source: 'image', text: parameters, generation: json };
  const graph = graphOf(named('prompt') ?? prefixed(texts, 'prompt:'), named('workflow') ?? prefixed(texts, 'workflow:'));
  if (graph) return graph;
  if (parameters !== null) return { source: 'image', text: parameters, generation: readInfotext(parameters) };
  return easyDiffusion(named) ?? fromComment(named('UserComment') ?? named('comment'));
}

/** The request behind a picture that was read: from its texts, else from what is hidden in its pixels. */
export function generationIn(source: ByteSource, info: PictureInfo | PngReading, unpack: Unpack): PictureGeneration | null {
  const stated = generationOf(info.texts);
  if (stated || info.broken || !('layout' in info) || !info.layout) return stated;
  return generationOf(hiddenTexts(source, info.layout, unpack));
}

/** WebP of ComfyUI: the keyword stands in front of the value. */
function prefixed(texts: readonly PictureText[], prefix: string): string | null {
  const hit = texts.find((t) => t.where === 'exif' && t.text.toLowerCase().startsWith(prefix));
  return hit ? hit.text.slice(prefix.length) : null;
}

/** The API graph counts; the workflow adds what was switched off in it. */
function graphOf(api: string | null, workflow: string | null): PictureGeneration | null {
  const main = api === null ? null : readGraph(api);
  const drawn = workflow === null ? null : readGraph(workflow);
  if (!main) return drawn && workflow !== null ? { source: 'graph', text: workflow, generation: drawn } : null;
  const off = (drawn?.loras ?? []).filter((l) => !l.active && l.wiring.length > 0);
  const wiring = [...new Set([...main.wiring, ...off.flatMap((l) => l.wiring)])];
  return { source: 'graph', text: api ?? '', generation: { ...main, loras: [...main.loras, ...off], wiring } };
}

/** JPEG and WebP: an infotext, JSON, or a graph that a converter put into the comment. */
function fromComment(comment: string | null): PictureGeneration | null {
  if (comment === null) return null;
  const json = readJsonParameters(comment);
  if (json) return { source: 'image', text: comment, generation: json };
  const graph = comment.trimStart().startsWith('{') ? readGraph(comment) : null;
  if (graph) return { source: 'graph', text: comment, generation: graph };
  return /Steps: \d/.test(comment) ? { source: 'image', text: comment, generation: readInfotext(comment) } : null;
}

/** Easy Diffusion writes one text chunk a setting. */
function easyDiffusion(named: (keyword: string) => string | null): PictureGeneration | null {
  const model = named('use_stable_diffusion_model');
  const prompt = named('prompt');
  if (model === null || prompt === null) return null;
  const lora = named('use_lora_model');
  const alpha = Number(named('lora_alpha') ?? 1);
  const loras = lora && lora !== 'None' ? [{ name: lora, strength: alpha, strengthTe: alpha, active: true }] : [];
  const generation = {
    ...NOTHING,
    ui: 'easydiffusion' as const,
    positive: prompt,
    negative: named('negative_prompt') ?? '',
    checkpoint: model,
    loras,
  };
  return { source: 'image', text: prompt, generation };
}
