import { isRecord, parseJson } from '../json';
import { rankOneFolder, type Tag, TagRanking } from './top-tags';

/** A word that the training captions hold, and how often. */
export interface TriggerWord {
  readonly word: string;
  /** Captions that hold it; 0 when only named (a folder or a phrase). */
  readonly count: number;
  readonly source: 'tags' | 'folder' | 'phrase';
}

export interface Triggers {
  /** Ranked, best first, at most 50 (or as many as were asked for). */
  readonly all: readonly TriggerWord[];
  /** Those that a user should put into the prompt, at most 8. */
  readonly likely: readonly string[];
  /** Pictures in the training set, repeats not counted; null when not stated. */
  readonly images: number | null;
}

/** Longer values are not parsed: a whole data set's captions may be megabytes. */
const MAX_JSON = 8_000_000;
const MAX_TAGS = 20_000;

/** Words of the quality and subject vocabulary that say nothing about one LoRA. Compared lower case, underscores as spaces. */
const GENERIC = new Set(
  (
    'masterpiece,best quality,high quality,amazing quality,great quality,very aesthetic,aesthetic,absurdres,highres,newest,recent,score 9,score 8 up,score 7 up,' +
    'score 8,score 7,score 6 up,score 5 up,score 4 up,source anime,rating safe,safe,general,sensitive,rating general,1girl,1boy,girl,boy,woman,man,person,solo,' +
    'no humans,2girls,multiple girls,simple background,white background,looking at viewer,realistic,photo,photorealistic,anime,monochrome,greyscale,upper body,' +
    'portrait,full body,cowboy shot,smile,open mouth,closed mouth,blush,long hair,short hair,breasts,shirt,indoors,outdoors,standing,sitting,style'
  ).split(','),
);

const MAX_KEPT = 50;

const isGeneric = (word: string): boolean => GENERIC.has(word.trim().toLowerCase().replaceAll('_', ' '));

/**
 * Trigger words from `ss_tag_frequency` (or `ss_datasets`), class tokens of dataset folders, and `modelspec.trigger_phrase` (lora-files.md §4).
 *
 * @param limit words listed, at least 8.
 */
export function triggerWords(metadata: ReadonlyMap<string, string>, limit = MAX_KEPT): Triggers {
  const datasets = json(metadata, 'ss_datasets');
  const { images, tokens } = foldersOf(metadata, datasets);
  const phrases = phrasesOf(metadata);
  const { top, most, count } = tagsOf(metadata, datasets, phrases.length > 0, limit);
  const named = new Set(top.map(({ word }) => word));
  const all = [
    ...phrases.map((word): TriggerWord => ({ word, count: count(word), source: 'phrase' })),
    ...top.map((tag): TriggerWord => ({ ...tag, source: 'tags' })),
    ...tokens.filter((word) => !named.has(word)).map((word): TriggerWord => ({ word, count: 0, source: 'folder' })),
  ].slice(0, limit);
  return { all, likely: likelyOf(phrases, top, most, tokens, images), images };
}

interface Tags {
  readonly top: readonly Tag[];
  readonly most: number;
  /** How often a word stands in the captions; good only when it was asked for. */
  readonly count: (word: string) => number;
}

/** The tags that count most. `counted`: counts of any word will be asked for. */
function tagsOf(metadata: ReadonlyMap<string, string>, datasets: unknown, counted: boolean, limit: number): Tags {
  const text = metadata.get('ss_tag_frequency') ?? '';
  const quick = counted || text.length > MAX_JSON ? null : rankOneFolder(text, new TagRanking(limit, isGeneric), MAX_TAGS);
  if (quick) return { ...quick, count: () => 0 };
  const tags = new Map<string, number>();
  collectTags(json(metadata, 'ss_tag_frequency'), tags);
  if (tags.size === 0 && Array.isArray(datasets))
    for (const set of datasets) if (isRecord(set)) collectTags(set.tag_frequency, tags);
  const ranking = new TagRanking(limit, isGeneric);
  for (const [word, count] of tags) {
    if (count < ranking.floor) ranking.pass(count);
    else ranking.add(word, count);
  }
  return { ...ranking.result(), count: (word) => tags.get(word) ?? 0 };
}

/**
 * A stated phrase wins; else tags that stand in at least 19 of 20 captions and are no general vocabulary; else the class tokens
 * of the dataset folders.
 */
function likelyOf(
  phrases: readonly string[],
  top: readonly Tag[],
  most: number,
  tokens: readonly string[],
  images: number | null,
): string[] {
  if (phrases.length > 0) return phrases.slice(0, 8);
  const captions = images !== null && images > 0 && images >= most ? images : most;
  const often = top.filter(({ word, count }) => count >= captions * 0.95 && count > 1 && word.length <= 60 && !isGeneric(word));
  if (often.length > 0) return often.slice(0, 8).map(({ word }) => word);
  return tokens.filter((word) => !isGeneric(word)).slice(0, 8);
}

function json(metadata: ReadonlyMap<string, string>, key: string): unknown {
  const text = metadata.get(key);
  return text === undefined || text.length > MAX_JSON || text === 'None' ? undefined : parseJson(text);
}

/** Adds up `{folder: {tag: count}}`. */
function collectTags(value: unknown, into: Map<string, number>): void {
  if (!isRecord(value)) return;
  for (const folder of Object.values(value)) {
    if (!isRecord(folder)) continue;
    for (const [tag, count] of Object.entries(folder)) {
      const word = tag.trim().slice(0, 200);
      if (word === '' || typeof count !== 'number' || !Number.isFinite(count)) continue;
      if (into.size >= MAX_TAGS && !into.has(word)) return;
      into.set(word, (into.get(word) ?? 0) + count);
    }
  }
}

/** Class tokens (`10_zvx girl` → `zvx girl`) and the number of pictures. */
function foldersOf(metadata: ReadonlyMap<string, string>, datasets: unknown): { tokens: string[]; images: number | null } {
  const tokens = new Set<string>();
  let images = 0;
  const dirs = json(metadata, 'ss_dataset_dirs');
  if (isRecord(dirs)) {
    for (const [folder, info] of Object.entries(dirs)) {
      const token = /^\d+_(.+)$/.exec(folder.slice(0, 200))?.[1]?.trim();
      if (token) tokens.add(token);
      if (isRecord(info) && typeof info.img_count === 'number') images += info.img_count;
    }
  }
  if (Array.isArray(datasets)) {
    for (const set of datasets) {
      const subsets = isRecord(set) && Array.isArray(set.subsets) ? set.subsets : [];
      for (const subset of subsets)
        if (isRecord(subset) && typeof subset.class_tokens === 'string') tokens.add(subset.class_tokens.slice(0, 200));
    }
  }
  return { tokens: [...tokens].slice(0, 20), images: images > 0 ? images : null };
}

function phrasesOf(metadata: ReadonlyMap<string, string>): string[] {
  const stated = metadata.get('modelspec.trigger_phrase') ?? metadata.get('ssmd_keywords') ?? metadata.get('trigger_word') ?? '';
  return stated
    .slice(0, 1000)
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== 'None')
    .slice(0, 8);
}
