import type { ByteSource } from '../bytes';
import { type GraphReading, readGraph } from '../comfy-graph/read';
import { readInfotext } from '../infotext/a1111';
import { type Generation, NOTHING } from '../infotext/generation';
import { readJsonParameters } from '../infotext/json';
import { isRecord, parseJson } from '../json';
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
  const easy = easyDiffusion(textsOf(parseJson(comment)));
  if (easy) return easy;
  const graph = comment.trimStart().startsWith('{') ? readGraph(comment) : null;
  if (graph) return { source: 'graph', text: comment, generation: graph };
  return /Steps: \d/.test(comment) ? { source: 'image', text: comment, generation: readInfotext(comment) } : null;
}

/**
 * Easy Diffusion writes one text chunk a setting, a list as Python prints it; into JPEG and WebP all of them as JSON. With `txt` among
 * the forms of its metadata the names are those of its text files (its save_utils.py and sdkit's file_utils.py).
 */
function easyDiffusion(named: (keyword: string) => string | null): PictureGeneration | null {
  const either = (key: string, word: string): string | null => named(key) ?? named(word);
  const model = either('use_stable_diffusion_model', 'Stable Diffusion model');
  const prompt = either('prompt', 'Prompt');
  if (model === null || prompt === null) return null;
  const names = pythonList(either('use_lora_model', 'LoRA model'));
  const alphas = pythonList(either('lora_alpha', 'LoRA Strength')).map(Number);
  const loras = names.map((name, i) => {
    const strength = Number.isFinite(alphas[i]) ? (alphas[i] ?? null) : null;
    return { name, strength, strengthTe: strength, active: true };
  });
  const generation = {
    ...NOTHING,
    ui: 'easydiffusion' as const,
    positive: prompt,
    negative: either('negative_prompt', 'Negative Prompt') ?? '',
    checkpoint: model,
    loras,
  };
  return { source: 'image', text: prompt, generation };
}

/** `['a', "b's"]`, `[0.5, 1]`, `a, b`, `a`; nothing of `None`. */
function pythonList(text: string | null): string[] {
  if (text === null || text.trim() === '' || text === 'None') return [];
  const inner = /^\[(.*)\]$/s.exec(text.trim())?.[1];
  if (inner === undefined) return text.split(', ');
  return [...inner.matchAll(/'((?:[^'\\]|\\.){0,500})'|"((?:[^"\\]|\\.){0,500})"|([^\s,'"]{1,40})/g)]
    .slice(0, 100)
    .map((match) => (match[1] ?? match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'));
}

/** The values of a JSON object as texts, lists as Python would print them. */
function textsOf(root: unknown): (key: string) => string | null {
  return (key) => {
    const value = isRecord(root) && Object.hasOwn(root, key) ? root[key] : null;
    if (Array.isArray(value)) return JSON.stringify(value.filter((item) => typeof item === 'string' || typeof item === 'number'));
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
  };
}
