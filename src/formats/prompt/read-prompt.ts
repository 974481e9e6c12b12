import type { Ui } from '../../facts/families';
import { readArguments } from './arguments';
import { type Dialect, dialectOf } from './dialect';
import { lookalikes } from './lookalike';
import { readEasyTag, readFooocusTag, readSdnextTag, readSwarmTag } from './other-grammars';
import { type Found, scanTags } from './scan';
import { excerpt, type LoraTag, type ProblemKind, type PromptReading, type TagProblem, type TagReading } from './tag';

export interface PromptTexts {
  readonly positive: string;
  readonly negative?: string;
  /** The hires pass has a prompt of its own (null or empty: it uses the main one). */
  readonly hires?: string | null;
}

export interface ReadOptions {
  /** Is this the name of a LoRA of the install? For `<name:0.8>` where the keyword was forgotten. */
  readonly knows?: (name: string) => boolean;
}

const MODEL_EXTENSION = /\.(?:safetensors|pt|ckpt|bin|pth|sft)$/i;

/** What a program will load for these prompts, and what is wrong with how it was asked. Linear in the length of the prompts. */
export function readPrompt(ui: Ui, texts: PromptTexts, options: ReadOptions = {}): PromptReading {
  const dialect = dialectOf(ui);
  const negative = texts.negative ?? '';
  const negativeTags = scanTags(negative).found.filter((f) => looksLikeLora(f.keyword));
  if (dialect.grammar === 'none') {
    const inText = scanTags(texts.positive).found.filter((f) => looksLikeLora(f.keyword));
    const all = ui === 'kohya' ? [] : [...inText, ...negativeTags];
    const problems = all.map((f) => ({ kind: 'tag-in-comfyui-text' as const, text: excerpt(f.text), at: f.at }));
    return { tags: [], problems, allOff: false, plain: texts.positive };
  }
  const { found, rest } = scanTags(texts.positive);
  const starts = openings(found);
  const read = readTags(found, dialect, options);
  const problems = [...read.problems, ...lookalikes(texts.positive, (at) => starts.has(at))];
  problems.push(...negativeTags.map((f) => ({ kind: 'in-negative-prompt' as const, text: excerpt(f.text), at: f.at })));
  const hires = texts.hires ?? '';
  if (hires.trim() !== '' && read.tags.length > 0 && !scanTags(hires).found.some((f) => dialect.keywords.has(f.keyword))) {
    problems.push({ kind: 'hires-without-tags', text: excerpt(hires), at: 0 });
  }
  return { tags: read.tags, problems, allOff: read.allOff, plain: rest };
}

/** Where a `<` belongs to a tag: its own, or one of a tag that it swallowed. */
function openings(found: readonly Found[]): Set<number> {
  const out = new Set<number>();
  for (const { text, at } of found) {
    for (let i = 0; i >= 0; i = text.indexOf('<', i + 1)) out.add(at + i);
  }
  return out;
}

function readTags(
  found: readonly Found[],
  dialect: Dialect,
  options: ReadOptions,
): { tags: LoraTag[]; problems: TagProblem[]; allOff: boolean } {
  const tags: LoraTag[] = [];
  const problems: TagProblem[] = [];
  const names = new Set<string>();
  let allOff = false;
  for (const f of found) {
    const note = (kind: ProblemKind): number => problems.push({ kind, text: excerpt(f.text), at: f.at });
    if (!dialect.keywords.has(dialect.grammar === 'easy' ? f.keyword.toLowerCase() : f.keyword)) {
      if (looksLikeLora(f.keyword)) note('unknown-keyword');
      else if (options.knows?.(f.keyword)) note('missing-keyword');
      continue;
    }
    const { tag, kinds, off } = readTag(f, dialect);
    for (const kind of kinds) note(kind);
    allOff ||= off;
    if (!tag) continue;
    if (names.has(tag.name)) note('repeated');
    names.add(tag.name);
    tags.push(tag);
  }
  return { tags, problems, allOff };
}

function readTag(f: Found, dialect: Dialect): TagReading {
  switch (dialect.grammar) {
    case 'sdnext':
      return readSdnextTag(f);
    case 'fooocus':
      return readFooocusTag(f);
    case 'easy':
      return readEasyTag(f);
    case 'swarm':
      return readSwarmTag(f);
    default:
      return readFamilyTag(f, dialect.dyn);
  }
}

/** The A1111 family: any bad number ends the activation of all LoRAs. */
function readFamilyTag(f: Found, dyn: boolean): TagReading {
  const args = readArguments(f.body, dyn);
  const kinds: ProblemKind[] = [];
  // The `>` of a later tag ended this one.
  if (f.body.includes('<')) return { tag: null, kinds: ['missing-close'], off: args.error !== null };
  if (args.error) kinds.push(args.error.kind);
  else if (args.equals) kinds.push('equals-in-name');
  else if (!Number.isFinite(args.unet) || !Number.isFinite(args.te)) kinds.push('not-finite');
  kinds.push(...nameProblems(args.name, args.equals));
  const tag = { text: f.text, keyword: f.keyword, name: args.name, unet: args.unet, te: args.te, at: f.at };
  return { tag, kinds, off: args.error !== null };
}

function nameProblems(name: string, equals: boolean): ProblemKind[] {
  if (name.trim() === '') return equals ? [] : ['missing-name'];
  if (name.includes('：')) return ['full-width-colon'];
  const kinds: ProblemKind[] = [];
  if (name !== name.trim()) kinds.push('space-in-tag');
  if (MODEL_EXTENSION.test(name.trim())) kinds.push('extension-in-name');
  if (/[\\/]/.test(name)) kinds.push('path-in-name');
  return kinds;
}

/** A keyword that somebody meant as `lora`: another case, a plural, an older extension's word, a slip of one letter. */
function looksLikeLora(keyword: string): boolean {
  const word = keyword.toLowerCase();
  return ['lora', 'loras', 'lyco', 'lycoris', 'locon', 'loha', 'lokr', 'lroa', 'loar', 'olra', 'lors', 'lorra', 'loraa'].includes(
    word,
  );
}
