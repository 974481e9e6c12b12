import { kindOfBad } from './arguments';
import { pythonFloat } from './python-number';
import type { Found } from './scan';
import type { LoraTag, ProblemKind, TagReading } from './tag';

function tagOf(f: Found, name: string, unet: number | null, te: number | null): LoraTag {
  return { text: f.text, keyword: f.keyword, name, unet, te, at: f.at };
}

/**
 * SD.Next: `<lora:name:w>` with named `te= unet= in= mid= out= dyn= module=`, flags `high`/`low`, and step lists `w@t,…`
 * (webui-comfyui-and-others.md B3). A step list counts with its largest weight.
 */
export function readSdnextTag(f: Found): TagReading {
  const pieces = f.body.split(':');
  const name = pieces[0] ?? '';
  const kinds: ProblemKind[] = [];
  let weight: number | null = 1;
  let te: number | null | undefined;
  let unet: number | null | undefined;
  const set = (text: string): number | null => {
    const value = stepList(text);
    if (value === null) kinds.push(kindOfBad(text));
    return value;
  };
  for (const [i, piece] of pieces.slice(1).entries()) {
    const [key = '', value] = piece.split('=');
    if (value !== undefined) {
      if (key === 'te') te = set(value);
      else if (key === 'unet') unet = set(value);
    } else if (i === 0 && !/^(?:high|low)$/i.test(piece)) weight = set(piece);
  }
  if (name.trim() === '') kinds.push('missing-name');
  else if (name !== name.trim()) kinds.push('space-in-tag');
  return { tag: tagOf(f, name, unet ?? weight, te ?? weight), kinds, off: false };
}

/** `0.8` or `0.2@0,0.9@0.5`: the largest weight; null when there is no number. */
function stepList(text: string): number | null {
  if (!text.includes('@')) return pythonFloat(text);
  const weights = text.split(',').map((step) => pythonFloat(step.split('@')[0] ?? ''));
  return weights.some((w) => w === null) ? null : Math.max(...weights.map((w) => w ?? 0));
}

/** Fooocus: the weight is mandatory and numeric, else the tag stays in the prompt as text (Part C). */
export function readFooocusTag(f: Found): TagReading {
  const colon = f.body.lastIndexOf(':');
  const name = colon < 0 ? f.body : f.body.slice(0, colon);
  if (colon < 0) return { tag: null, kinds: ['missing-weight'], off: false };
  const text = f.body.slice(colon + 1);
  const weight = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : null;
  if (weight === null) return { tag: null, kinds: [kindOfBad(text)], off: false };
  const kinds: ProblemKind[] = name.trim() === '' ? ['missing-name'] : [];
  if (/\.(?:safetensors|ckpt|bin|pth)$/i.test(name)) kinds.push('extension-in-name');
  if (/[\\/]/.test(name)) kinds.push('path-in-name');
  return { tag: tagOf(f, name, weight, weight), kinds, off: false };
}

/** SwarmUI: `<lora:name:weight[:te]>`; names are matched loosely, with or without folder and extension (Part E). */
export function readSwarmTag(f: Found): TagReading {
  const [name = '', first, second] = f.body.split(':');
  const weight = first === undefined ? 1 : pythonFloat(first);
  const te = second === undefined ? weight : pythonFloat(second);
  const kinds: ProblemKind[] = name.trim() === '' ? ['missing-name'] : [];
  if (weight === null) kinds.push(kindOfBad(first ?? ''));
  return { tag: tagOf(f, name.trim(), weight, te), kinds, off: false };
}

/**
 * Easy Diffusion: the page takes `<lora:name:weight:blocks>` out of the prompt while it is typed and sets its own LoRA field; 0.5
 * where no weight stands, and blocks are not used. In any case of letters (its lora-prompt-parser.plugin.js at 19c805e, there
 * since August 2023 and switched on by default).
 */
export function readEasyTag(f: Found): TagReading {
  const [name = '', first = '', ...rest] = f.body.split(':');
  // More pieces than it knows: the page sees no tag.
  if (rest.length > 1) return { tag: null, kinds: [kindOfBad(first)], off: false };
  const weight = first.trim() === '' ? 0.5 : Number.parseFloat(first);
  const kinds: ProblemKind[] = name.trim() === '' ? ['missing-name'] : [];
  if (/\.(?:safetensors|ckpt|pt|sft)$/i.test(name.trim())) kinds.push('extension-in-name');
  if (/[\\/]/.test(name)) kinds.push('path-in-name');
  if (Number.isNaN(weight)) kinds.push(kindOfBad(first));
  const value = Number.isNaN(weight) ? null : weight;
  return { tag: tagOf(f, name.trim(), value, value), kinds, off: false };
}
