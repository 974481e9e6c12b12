import type { FactMap } from '../../facts/snapshot';
import { type Fact, known, na, unknown } from '../../facts/value';

const SHOWN = 20;
const BUCKETS = 60;
const LISTS = [
  'unnamed',
  'zero',
  'nested',
  'missing',
  'empty',
  'encoding',
  'marked',
  'no',
  'cut',
  'narrow',
  'tiny',
  'alpha',
  'turned',
  'plain',
  'dark',
  'near',
  'twice',
  'cropped',
] as const;

/** A decoded picture, to find others that look the same. */
export interface Look {
  readonly path: string;
  readonly cells: Float32Array;
  /** Width ÷ height. */
  readonly ratio: number;
}

/** What is counted while a data set is read. */
export class Tally {
  used = 0;
  repeated = 0;
  regularisation = 0;
  loose = 0;
  unread = 0;
  captioned = 0;
  uncaptioned = 0;
  looked = 0;
  pixels = 0;
  readonly lists = Object.fromEntries(LISTS.map((name) => [name, []])) as unknown as Record<(typeof LISTS)[number], string[]>;
  readonly looks: Look[] = [];
  readonly endings = new Set<string>();
  readonly shapes = new Set<string>();
  /** Pictures × repeats by `dataset width×height`. */
  readonly buckets = new Map<string, number>();
  /** How many captions hold a tag, and how many are the same text. */
  readonly tags = new Map<string, number>();
  readonly captions = new Map<string, number>();
  readonly classes = new Set<string>();
}

/** Tags of one caption, as the trainer parts them. */
export function countCaption(tally: Tally, line: string): void {
  if (line === '') return;
  tally.captions.set(line, (tally.captions.get(line) ?? 0) + 1);
  for (const tag of new Set(line.split(',').map((each) => each.trim().toLowerCase())))
    if (tag !== '' && (tally.tags.size < 50_000 || tally.tags.has(tag))) tally.tags.set(tag, (tally.tags.get(tag) ?? 0) + 1);
}

/** Batches of one epoch: each bucket is filled up on its own (kohya-training.md §1.5). */
export function batchesOf(buckets: ReadonlyMap<string, number>, batchOf: (dataset: number) => number): number {
  let batches = 0;
  for (const [key, count] of buckets) batches += Math.ceil(count / Math.max(1, batchOf(Number(key.split(' ')[0]))));
  return batches;
}

export function datasetFactsOf(tally: Tally, mode: 'folders' | 'subsets', path: string, captionExtension: string): FactMap {
  const { lists } = tally;
  const some = (list: readonly string[]): Fact => known(list.slice(0, SHOWN), { path });
  const captions = [...tally.captions.values()].reduce((sum, n) => sum + n, 0);
  const everywhere = [...tally.tags].filter(([, count]) => count === captions).map(([tag]) => tag);
  const merged = new Map<string, number>();
  for (const [key, count] of tally.buckets) {
    const size = key.split(' ')[1] ?? '';
    merged.set(size, (merged.get(size) ?? 0) + count);
  }
  const ordered = [...merged].sort((a, b) => b[1] - a[1]);
  return {
    'dataset.path': known(path),
    'dataset.mode': known(mode),
    'dataset.state': known('found'),
    'dataset.used': known(tally.used),
    'dataset.repeated': known(tally.repeated),
    'dataset.regularisation': known(tally.regularisation),
    'dataset.loose': mode === 'folders' ? known(tally.loose) : na,
    'dataset.unnamed': some(lists.unnamed),
    'dataset.zeroRepeats': some(lists.zero),
    'dataset.nested': some(lists.nested),
    'dataset.missingFolders': some(lists.missing),
    'dataset.unreadFormats': known(tally.unread),
    'dataset.captionExtension': known(captionExtension),
    'dataset.captioned': known(tally.captioned),
    'dataset.uncaptioned': known(tally.uncaptioned),
    'dataset.otherCaptions': known([...tally.endings]),
    'dataset.emptyCaptions': some(lists.empty),
    'dataset.badEncoding': some(lists.encoding),
    'dataset.marked': some(lists.marked),
    'dataset.notPictures': some(lists.no),
    'dataset.cutPictures': some(lists.cut),
    'dataset.narrow': some(lists.narrow),
    'dataset.tiny': some(lists.tiny),
    'dataset.alpha': some(lists.alpha),
    'dataset.turned': some(lists.turned),
    'dataset.plain': tally.pixels > 0 ? some(lists.plain) : na,
    'dataset.dark': tally.pixels > 0 ? some(lists.dark) : na,
    'dataset.duplicates': some(lists.twice),
    'dataset.nearDuplicates':
      tally.looked === 0 || tally.pixels > 0
        ? some(lists.near)
        : unknown('unsupported', 'only the pixels of PNG files are decoded'),
    'dataset.cropped': some(lists.cropped),
    'dataset.mixedShapes': known(tally.shapes.size > 1),
    'dataset.looked': known(tally.looked),
    'dataset.decoded': known(tally.pixels),
    'dataset.classTokens': known([...tally.classes].slice(0, SHOWN)),
    'dataset.sameCaption': captions > 3 ? known(tally.captions.size === 1) : na,
    'dataset.tagsEverywhere': captions > 3 ? known(everywhere.slice(0, SHOWN)) : na,
    'dataset.buckets': known(ordered.slice(0, BUCKETS).map(([size, count]) => `${size} ${count}`)),
    'dataset.bucketCount': known(ordered.length),
  };
}
