import type { Ui } from '../../facts/families';
import type { Inventory, LoraEntry } from './inventory';
import { nearestName } from './nearest';

export const RESOLUTIONS = [
  'found',
  'missing',
  'case-differs', // only upper and lower case differ: not found by this program
  'separator-differs', // `\` and `/`: not found on this system
  'elsewhere', // the file exists, in a folder that is not searched
  'hidden', // in a searched folder, but the program does not list it
  'ambiguous', // several files have this name; `entry` is the one that wins
  'by-alias', // found by the name of its training, not of its file
  'shared-alias', // several files were trained under this name: it may not be used
  'shadowed', // also the training name of another file, which may have been meant: the file of this name is used
] as const;
export type ResolutionKind = (typeof RESOLUTIONS)[number];

export interface Resolution {
  readonly kind: ResolutionKind;
  /** The file that is used, or the one that was meant. */
  readonly entry: LoraEntry | null;
  /** The closest name that would be found, when this one is not. */
  readonly nearest: string | null;
}

/** How the name stands in the source: in a prompt tag, in a list of relative file names, or as loose text of a fuzzy node. */
export type NameStyle = 'tag' | 'file' | 'loose';

export interface ResolveContext {
  readonly ui: Ui;
  readonly os: 'windows' | 'linux' | 'macos' | 'unknown';
  readonly style: NameStyle;
}

/** Does the program use a LoRA of this kind of resolution? */
export function isUsed(kind: ResolutionKind): boolean {
  return kind === 'found' || kind === 'ambiguous' || kind === 'by-alias' || kind === 'shadowed';
}

/** Finds the file that a program would take for a name, by its own rules, and says what is in the way when there is none. */
export function resolveName(name: string, inventory: Inventory, context: ResolveContext): Resolution {
  // Easy Diffusion compares the name in a tag with file names, in whatever folder.
  if (context.ui === 'easydiffusion' && context.style === 'tag')
    return byStem(name, inventory) ?? notFound(name, inventory, 'stem');
  if (context.style === 'loose' || context.ui === 'swarmui' || context.ui === 'invokeai' || context.ui === 'easydiffusion') {
    return loose(name, inventory);
  }
  if (context.style === 'file') return relativeFile(name, inventory, context.os);
  if (context.ui === 'sdnext') return sdnext(name, inventory);
  if (context.ui === 'fooocus') return byStem(name, inventory) ?? notFound(name, inventory, 'stem');
  return family(name, inventory);
}

const at = (kind: ResolutionKind, entry: LoraEntry | null, nearest: string | null = null): Resolution => ({
  kind,
  entry,
  nearest,
});

function byStem(name: string, inventory: Inventory): Resolution | null {
  const same = inventory.byStem.get(name);
  const winner = same?.at(-1);
  return same && winner ? at(same.length > 1 ? 'ambiguous' : 'found', winner) : null;
}

/** A1111 and its forks: forbidden names by stem only, all others by the alias table; case-sensitive everywhere (§2.4). */
function family(name: string, inventory: Inventory): Resolution {
  const own = byStem(name, inventory);
  if (inventory.forbidden.has(name.toLowerCase())) {
    if (own) return own;
    const aliased = inventory.aliases.get(name);
    return aliased ? at('shared-alias', aliased, aliased.stem) : notFound(name, inventory, 'stem');
  }
  const hit = inventory.aliases.get(name);
  if (!hit) return notFound(name, inventory, 'stem');
  if (!own) return at('by-alias', hit);
  const meant = inventory.scanned.find((e) => e.alias === name && e.stem !== name);
  return meant ? at('shadowed', own.entry, meant.stem) : own;
}

/** SD.Next: the stem with `_` for `.`, the stem itself, or the relative path without extension; never the training name (B2). */
function sdnext(name: string, inventory: Inventory): Resolution {
  const stemOf = (e: LoraEntry): string => e.stem.replaceAll('.', '_');
  const hits = inventory.scanned.filter((e) => e.stem === name || stemOf(e) === name);
  const hit = hits.at(-1);
  if (hit) return at(hits.length > 1 ? 'ambiguous' : 'found', hit);
  const byPath = inventory.scanned.find((e) => withoutExtension(e.file) === name);
  if (byPath) return at('found', byPath);
  const dotted = inventory.scanned.find((e) => squash(e.stem) === squash(name));
  return dotted ? at('missing', dotted, stemOf(dotted)) : notFound(name, inventory, 'stem');
}

const squash = (text: string): string => text.toLowerCase().replace(/[._\s-]+/g, '_');

/** ComfyUI and Fooocus lists: the relative path with extension and the system's separator, compared exactly (A3). */
function relativeFile(name: string, inventory: Inventory, os: ResolveContext['os']): Resolution {
  const slashed = name.replaceAll('\\', '/');
  const hit = inventory.byFile.get(name) ?? inventory.byFile.get(slashed);
  if (!hit) return notFound(name, inventory, 'file');
  const foreign = os === 'windows' ? name.includes('/') : os !== 'unknown' && name.includes('\\');
  return foreign && hit.file.includes('/')
    ? at('separator-differs', hit, os === 'windows' ? slashed.replaceAll('/', '\\') : slashed)
    : at(inventory.scanned.some((e) => e !== hit && e.file === hit.file) ? 'ambiguous' : 'found', hit);
}

/** Fuzzy lookup (SwarmUI, rgthree, LoRA Manager): case, folder and extension do not matter. */
function loose(name: string, inventory: Inventory): Resolution {
  const wanted = withoutExtension(name.replaceAll('\\', '/')).toLowerCase();
  const base = wanted.slice(wanted.lastIndexOf('/') + 1);
  const hit =
    inventory.scanned.find((e) => withoutExtension(e.file).toLowerCase() === wanted) ??
    inventory.scanned.find((e) => e.stem.toLowerCase() === base);
  return hit ? at('found', hit) : notFound(name, inventory, 'file');
}

const EXTENSION = /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|pkl|gguf)$/i;

export function withoutExtension(file: string): string {
  return file.replace(EXTENSION, '');
}

/** Is there a model-file extension on this name? */
export function hasExtension(name: string): boolean {
  return EXTENSION.test(name);
}

function baseStem(name: string): string {
  const slashed = name.replaceAll('\\', '/').trim();
  return withoutExtension(slashed.slice(slashed.lastIndexOf('/') + 1));
}

/** Not in the lists: another case, a file outside of them, or nothing but a similar name. */
function notFound(name: string, inventory: Inventory, by: 'stem' | 'file'): Resolution {
  const shown = (e: LoraEntry): string => (by === 'stem' ? e.stem : e.file);
  const wanted = by === 'stem' ? name.toLowerCase() : name.replaceAll('\\', '/').toLowerCase();
  const cased = inventory.scanned.find((e) => shown(e).toLowerCase() === wanted);
  if (cased) return at('case-differs', cased, shown(cased));
  const stem = baseStem(name);
  // The right file under a name with folder, extension or blanks too many (or too few).
  const meant =
    inventory.scanned.find((e) => e.stem === stem) ?? inventory.scanned.find((e) => e.stem.toLowerCase() === stem.toLowerCase());
  if (meant) return at('missing', meant, shown(meant));
  const outside =
    inventory.others.find((e) => e.stem === stem) ?? inventory.others.find((e) => e.stem.toLowerCase() === stem.toLowerCase());
  if (outside) return at(outside.place === 'hidden' ? 'hidden' : 'elsewhere', outside, null);
  const near = nearestName(
    stem,
    inventory.scanned.map((e) => e.stem),
  );
  const entry = near === null ? null : (inventory.byStem.get(near)?.at(-1) ?? null);
  return at('missing', null, entry ? shown(entry) : null);
}
