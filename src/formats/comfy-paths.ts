import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { COMFY_PATH_PROBLEMS } from './comfy-path-problems';

/** Something wrong in an extra_model_paths.yaml. `line` is 1-based (0: the whole file). `near`: the key that was probably meant. */
export type ComfyPathProblem = {
  readonly kind: (typeof COMFY_PATH_PROBLEMS)[number];
  readonly line: number;
  readonly key: string;
  readonly value: string;
  readonly near: string;
};

/** One search folder that the file adds. */
export interface ComfyPathEntry {
  readonly section: string;
  /** Folder type after mapping of old names (`unet` → `diffusion_models`, `clip` → `text_encoders`). */
  readonly type: string;
  /** The section's base_path as written; null when it has none. */
  readonly base: string | null;
  readonly value: string;
  readonly isDefault: boolean;
  readonly line: number;
}

export interface ComfyPaths {
  readonly entries: readonly ComfyPathEntry[];
  readonly problems: readonly ComfyPathProblem[];
  /** ComfyUI does not start with this file. */
  readonly fatal: boolean;
}

/** Folder types of ComfyUI itself; others belong to custom nodes or to nobody. */
const KNOWN = new Set(
  `checkpoints configs loras vae text_encoders diffusion_models clip_vision style_models embeddings diffusers vae_approx controlnet
gligen upscale_models latent_upscale_models custom_nodes hypernetworks photomaker classifiers model_patches audio_encoders
background_removal frame_interpolation optical_flow detection geometry_estimation`.split(/\s+/),
);
const RENAMED: { readonly [old: string]: string } = {
  unet: 'diffusion_models',
  clip: 'text_encoders',
  t2i_adapter: 'controlnet',
};
/** Read by custom nodes or by launchers: no misspelling, whatever they look like. */
const FOREIGN =
  /^(?:ipadapter|ultralytics|sams?$|llm|animatediff|insightface|facerestore|reactor|onnx|download_model_base|mmdets|instantid|pulid|grounding|bert|clip_gguf|unet_gguf|prompt_expansion|tensorrt)/i;

/**
 * extra_model_paths.yaml as ComfyUI reads it (webui-comfyui-and-others.md A3). PyYAML's rules: YAML 1.1, the last of
 * duplicate keys wins, tabs and unknown escapes are errors.
 */
export function readComfyPaths(text: string): ComfyPaths {
  const lines = new LineCounter();
  const doc = parseDocument(text, {
    lineCounter: lines,
    version: '1.1',
    uniqueKeys: false,
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const lineAt = (offset: number | undefined): number => (offset === undefined ? 0 : lines.linePos(offset).line);
  // safe_load refuses every tag that is none of YAML's own (`!!python/object`).
  const error = doc.errors[0] ?? doc.warnings.find((warning) => warning.code === 'TAG_RESOLVE_FAILED');
  if (error) {
    const line = lineAt(error.pos[0]);
    const raw = text.split('\n')[line - 1] ?? '';
    const kind = error.code === 'TAB_AS_INDENT' || /^\s*\t/.test(raw) ? 'tab' : 'syntax';
    return stopped({ kind, line, key: '', value: raw.trim().slice(0, 200), near: '' });
  }
  const root = doc.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return stopped({ kind: 'empty-file', line: 0, key: '', value: '', near: '' });
  }
  if (!isMap(root)) return stopped({ kind: 'syntax', line: lineAt(root.range?.[0]), key: '', value: '', near: '' });
  const reader = new Reader(lineAt, targetsOf(doc));
  for (const pair of reader.effective(root).values()) reader.section(pair);
  return { entries: reader.entries, problems: reader.problems, fatal: reader.fatal };
}

function stopped(problem: ComfyPathProblem): ComfyPaths {
  return { entries: [], problems: [problem], fatal: true };
}

type Targets = ReadonlyMap<Alias, Node>;

/** Maps taken over by `<<` in one file; real files have a handful. */
const MERGE_LIMIT = 1000;

class Reader {
  readonly entries: ComfyPathEntry[] = [];
  readonly problems: ComfyPathProblem[] = [];
  fatal = false;
  private readonly lineAt: (offset: number | undefined) => number;

  private readonly targets: Targets;
  private merges = 0;

  constructor(lineAt: (offset: number | undefined) => number, targets: Targets) {
    this.lineAt = lineAt;
    this.targets = targets;
  }

  section(pair: Pair): void {
    const name = keyOf(pair);
    const node = this.resolved(pair.value);
    if (node === null || (isScalar(node) && node.value === null)) return;
    if (!isMap(node)) {
      this.crash('syntax', pair, name, isScalar(node) ? String(node.value) : '');
      return;
    }
    const pairs = this.effective(node);
    const base = this.basePath(pairs.get('base_path'));
    const isDefault = truthy(this.resolved(pairs.get('is_default')?.value));
    for (const [key, item] of pairs) {
      if (key !== 'base_path' && key !== 'is_default') this.folders(name, key, item, base, isDefault);
    }
  }

  /** Pairs by key; of equal keys only the last (Python's dict), and those of `<<` where the map itself has none. */
  effective(map: YAMLMap): Map<string, Pair> {
    const own = new Map<string, Pair>();
    const merged = new Map<string, Pair>();
    for (const pair of map.items) {
      if (!isMerge(pair)) own.set(keyOf(pair), pair);
      else for (const [key, value] of this.mergedPairs(pair)) merged.set(key, value);
    }
    for (const [key, pair] of merged) if (!own.has(key)) own.set(key, pair);
    return own;
  }

  /** Of several maps the first that has a key counts. Nested merges multiply: they end at MERGE_LIMIT. */
  private mergedPairs(pair: Pair): Map<string, Pair> {
    const found = new Map<string, Pair>();
    const value = this.resolved(pair.value);
    for (const node of isSeq(value) ? value.items : [value]) {
      const map = this.resolved(node);
      if (!isMap(map) || ++this.merges > MERGE_LIMIT) {
        this.crash('syntax', pair, '<<', '');
        return found;
      }
      for (const [key, item] of this.effective(map)) if (!found.has(key)) found.set(key, item);
    }
    return found;
  }

  /** What an alias stands for; an alias of nothing stays itself, and is refused by whoever needs its value. */
  private resolved(node: unknown): unknown {
    return isAlias(node) ? (this.targets.get(node) ?? node) : node;
  }

  private basePath(pair: Pair | undefined): string | null {
    if (!pair) return null;
    const node = this.resolved(pair.value);
    if (isScalar(node) && typeof node.value === 'string') return node.value;
    this.crash(isSeq(node) ? 'list-value' : 'null-value', pair, 'base_path', '');
    return null;
  }

  private folders(section: string, key: string, pair: Pair, base: string | null, isDefault: boolean): void {
    const node = this.resolved(pair.value);
    const text = textOf(node);
    if (text === null || !isScalar(node)) {
      const empty = node === null || (isScalar(node) && node.value === null);
      this.crash(empty ? 'null-value' : 'list-value', pair, key, isScalar(node) ? String(node.value ?? '') : '');
      return;
    }
    const type = RENAMED[key] ?? key;
    if (!KNOWN.has(type) && !FOREIGN.test(type)) {
      this.problems.push({
        kind: 'unknown-key',
        line: this.line(pair),
        key,
        value: text.slice(0, 400),
        near: nearest(key),
      });
    }
    const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    let line = this.line(pair) + (block ? 1 : 0);
    for (const value of text.split('\n')) {
      if (value.length > 0) this.entries.push({ section, type, base, value, isDefault, line });
      if (block) line++;
    }
  }

  private crash(kind: ComfyPathProblem['kind'], pair: Pair, key: string, value: string): void {
    this.fatal = true;
    this.problems.push({ kind, line: this.line(pair), key, value: value.slice(0, 400), near: '' });
  }

  private line(pair: Pair): number {
    return isScalar(pair.key) ? this.lineAt(pair.key.range?.[0]) : 0;
  }
}

/** A string scalar. PyYAML, unlike YAML 1.1, reads a bare `y` or `n` as text. */
function textOf(node: unknown): string | null {
  if (!isScalar(node)) return null;
  if (typeof node.value === 'string') return node.value;
  return /^[yYnN]$/.test(node.source ?? '') ? (node.source ?? null) : null;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === 'PLAIN';
}

/** Each alias with the node it stands for: the last one above it that carries its name. One pass over the document. */
function targetsOf(doc: Document): Targets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(doc, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** Python's truth: any non-empty string, so also `'false'`. */
function truthy(node: unknown): boolean {
  return isScalar(node) ? Boolean(node.value) : isMap(node) || isSeq(node);
}

/** What a misspelt key was meant to be, or an empty string. */
function nearest(key: string): string {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (/^(?:loras?|lorafolders?|lorapaths?|lycoris|locon|lyco)$/.test(plain)) return 'loras';
  if (/^(?:checkpoints?|ckpts?|ckptfolders?|stablediffusion|models?)$/.test(plain)) return 'checkpoints';
  for (const known of KNOWN) {
    const other = known.replace(/[^a-z0-9]/g, '');
    if (plain === other || `${plain}s` === other || plain === `${other}s` || distanceOne(plain, other)) return known;
  }
  return '';
}

/** True when one insertion, deletion, replacement or swap of neighbours makes `a` into `b`. Only for words of five letters and more. */
function distanceOne(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 4 || Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const restA = a.slice(i);
  const restB = b.slice(i);
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}
