import type { Ui } from '../../facts/families';
import { type Generation, NOTHING, type RequestedLora } from './generation';
import { parseHashes, parseInfotext } from './parse';

/** Infotext of the A1111 family, SD.Next and Fooocus' `a1111` scheme → one generation. */
export function readInfotext(text: string): Generation {
  const { positive, negative, settings } = parseInfotext(text);
  const get = (key: string): string | null => settings.get(key) ?? null;
  const size = /^(\d{1,6})\s*x\s*(\d{1,6})$/.exec(get('Size') ?? '');
  const hashes = get('Lora hashes') ?? get('LoRA hashes');
  const damaged = hashes !== null && (hashes.startsWith('"') || !/.*\bLo[rR][aA] hashes: *"/s.test(text));
  const schedule = get('Schedule type');
  const sampler = get('Sampler');
  const hires = [...settings.keys()].some((key) => key.startsWith('Hires '));
  return {
    ...NOTHING,
    ui: uiOf(settings),
    positive,
    negative,
    hiresPrompt: get('Hires prompt'),
    hires,
    checkpoint: get('Model'),
    checkpointHash: get('Model hash'),
    vae: get('VAE'),
    width: size ? Number(size[1]) : null,
    height: size ? Number(size[2]) : null,
    steps: number(get('Steps')),
    cfg: number(get('CFG scale')),
    sampler: sampler && schedule && schedule !== 'Automatic' ? `${sampler} ${schedule}` : sampler,
    seed: get('Seed'),
    clipSkip: number(get('Clip skip')) ?? (settings.size > 0 ? 1 : null),
    batch: number(get('Batch size')),
    version: get('Version'),
    loraHashes: hashes === null || damaged ? null : parseHashes(hashes),
    hashesDamaged: damaged,
    loras: fooocusWeights(get('Lora weights')),
  };
}

/** Which program wrote this? `Version:` tells (webui-a1111-family.md §1.2, §7.1; comfyui sheet B1, C). */
function uiOf(settings: ReadonlyMap<string, string>): Ui | null {
  const version = settings.get('Version') ?? '';
  const app = settings.get('App') ?? '';
  if (/^sd\.?next/i.test(app)) return 'sdnext';
  if (/^fooocus/i.test(version)) return 'fooocus';
  if (/^comfyui/i.test(version)) return 'comfyui';
  if (version === 'classic') return 'forge-classic';
  if (/^neo\b/.test(version)) return 'forge-neo';
  if (/^f1\.\d+\.\d+(?:v2)?-v1\.\d+/.test(version)) return 'reforge';
  if (/^f\d/.test(version)) return 'forge';
  if (/^v?1\.\d+/.test(version)) return 'a1111';
  return null;
}

/** Fooocus' own field: `name: weight, name2: weight2`. */
function fooocusWeights(value: string | null): RequestedLora[] {
  if (value === null) return [];
  return [...parseHashes(value)].map(([name, weight]) => {
    const strength = number(weight);
    return { name, strength, strengthTe: strength, active: true };
  });
}

export function number(value: string | null | undefined): number | null {
  if (value === null || value === undefined || !/^\s*-?\d{1,12}(?:\.\d{1,12})?\s*$/.test(value)) return null;
  return Number(value);
}
