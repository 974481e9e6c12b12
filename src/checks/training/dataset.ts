import { basename, join } from 'node:path';
import type { FactMap, Note } from '../../facts/snapshot';
import { known, na } from '../../facts/value';
import { type Platform, ReadError } from '../../platform/platform';
import { isReadPicture, isUnreadPicture, lookAtCaption, lookAtPicture } from './pictures';

/** A folder of pictures as the trainer takes it. */
export interface Subset {
  readonly folder: string;
  readonly repeats: number;
  readonly captionExtension: string;
  /** What stands for a missing caption. */
  readonly classTokens: string | null;
}

/** What was found of a data set. */
export interface Dataset {
  readonly facts: FactMap;
  readonly used: number;
  readonly repeated: number;
}

const PICTURES = 3000;
const FOLDERS = 500;
const SHOWN = 20;

interface Tally {
  used: number;
  repeated: number;
  loose: number;
  unread: number;
  captioned: number;
  uncaptioned: number;
  readonly lists: Record<
    'unnamed' | 'zero' | 'nested' | 'missing' | 'empty' | 'encoding' | 'marked' | 'no' | 'cut' | 'narrow',
    string[]
  >;
  readonly endings: Set<string>;
  readonly shapes: Set<string>;
}

const start = (): Tally => ({
  used: 0,
  repeated: 0,
  loose: 0,
  unread: 0,
  captioned: 0,
  uncaptioned: 0,
  lists: { unnamed: [], zero: [], nested: [], missing: [], empty: [], encoding: [], marked: [], no: [], cut: [], narrow: [] },
  endings: new Set(),
  shapes: new Set(),
});

/** Reads data sets of both kinds (kohya-training.md §3). */
export class DatasetReader {
  readonly #platform: Platform;
  readonly #notes: Note[];
  #left = PICTURES;

  constructor(platform: Platform, notes: Note[]) {
    this.#platform = platform;
    this.#notes = notes;
  }

  /** `--train_data_dir`: the parent of folders named `N_words`. */
  readParent(parent: string, captionExtension: string, bucketStep: number): Dataset {
    const tally = start();
    for (const name of this.#names(parent).slice(0, FOLDERS)) {
      const path = join(parent, name);
      if (isReadPicture(name)) tally.loose++;
      if (this.#platform.stat(path)?.kind !== 'directory') continue;
      const repeats = repeatsOf(name);
      if (repeats === null || repeats <= 0) this.#unused(tally, path, repeats);
      else {
        const classTokens = name.slice(name.indexOf('_') + 1);
        const folder = { folder: path, repeats, captionExtension, classTokens: name.includes('_') ? classTokens : null };
        this.#take(tally, folder, bucketStep);
      }
    }
    return finish(tally, 'folders', parent, captionExtension);
  }

  /** The subsets of a data set file. */
  readSubsets(path: string, subsets: readonly Subset[], missing: readonly string[], bucketStep: number): Dataset {
    const tally = start();
    tally.lists.missing.push(...missing);
    for (const subset of subsets) this.#take(tally, subset, bucketStep);
    return finish(tally, 'subsets', path, subsets[0]?.captionExtension ?? '.caption');
  }

  #unused(tally: Tally, path: string, repeats: number | null): void {
    const names = this.#names(path);
    if (names.some(isReadPicture)) (repeats === null ? tally.lists.unnamed : tally.lists.zero).push(basename(path));
    else if (repeats === null && this.#hasNamed(path, names)) tally.lists.nested.push(basename(path));
  }

  /** A folder whose own sub-folders follow the grammar: the parent that was given lies one level too high. */
  #hasNamed(path: string, names: readonly string[]): boolean {
    return names.slice(0, 50).some((name) => (repeatsOf(name) ?? 0) > 0 && this.#names(join(path, name)).some(isReadPicture));
  }

  #take(tally: Tally, subset: Subset, bucketStep: number): void {
    const names = this.#names(subset.folder);
    const pictures = names.filter(isReadPicture);
    tally.unread += names.filter(isUnreadPicture).length;
    if (pictures.length === 0) this.#deeper(tally, subset.folder, names);
    tally.used += subset.repeats > 0 ? pictures.length : 0;
    tally.repeated += pictures.length * Math.max(0, subset.repeats);
    if (subset.repeats <= 0 && pictures.length > 0) tally.lists.zero.push(basename(subset.folder));
    const all = new Set(names);
    for (const name of pictures) {
      this.#caption(tally, subset, name, all);
      if (this.#left-- > 0) this.#picture(tally, join(subset.folder, name), bucketStep);
    }
    if (this.#left < 0) this.#tooMany(subset.folder);
  }

  #tooMany(path: string): void {
    this.#left = 0;
    if (this.#notes.some((note) => note.code === 'pictures-left-out')) return;
    this.#notes.push({ check: 'training', code: 'pictures-left-out', path, detail: `only ${PICTURES} pictures were opened` });
  }

  #deeper(tally: Tally, folder: string, names: readonly string[]): void {
    const deep = names.slice(0, 50).some((name) => this.#names(join(folder, name)).some(isReadPicture));
    if (deep) tally.lists.nested.push(basename(folder));
  }

  #caption(tally: Tally, { folder, captionExtension }: Subset, name: string, all: ReadonlySet<string>): void {
    const stem = name.replace(/\.[^.]+$/, '');
    const short = stem.split('_').length >= 5 ? stem.split('_').slice(0, -4).join('_') : null;
    const caption = [stem, short].find((each) => each !== null && all.has(`${each}${captionExtension}`));
    if (caption === undefined || caption === null) {
      tally.uncaptioned++;
      for (const ending of ['.txt', '.caption'])
        if (ending !== captionExtension && all.has(`${stem}${ending}`)) tally.endings.add(ending);
      return;
    }
    tally.captioned++;
    const file = `${caption}${captionExtension}`;
    const state = this.#left > 0 ? lookAtCaption(this.#platform, join(folder, file)) : 'sound';
    if (state === 'empty') tally.lists.empty.push(file);
    if (state === 'not-utf8') tally.lists.encoding.push(file);
    if (state === 'marked') tally.lists.marked.push(file);
  }

  #picture(tally: Tally, path: string, bucketStep: number): void {
    const { state, width, height } = lookAtPicture(this.#platform, path);
    if (state === 'cut') tally.lists.cut.push(basename(path));
    if (state === 'no-picture') tally.lists.no.push(basename(path));
    if (state === 'unread') this.#notes.push({ check: 'training', code: 'picture-unreadable', path });
    if (width <= 0 || height <= 0) return;
    tally.shapes.add((width / height).toFixed(1));
    if (Math.min(width, height) < bucketStep) tally.lists.narrow.push(basename(path));
  }

  #names(folder: string): readonly string[] {
    try {
      return this.#platform.list(folder);
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      return [];
    }
  }
}

/** The integer before the first `_`, as Python's `int` reads it; null: none. */
export function repeatsOf(name: string): number | null {
  const head = name.split('_')[0] ?? '';
  return /^\s*[+-]?\d{1,9}\s*$/.test(head) ? Number(head) : null;
}

function finish(tally: Tally, mode: 'folders' | 'subsets', path: string, captionExtension: string): Dataset {
  const { lists } = tally;
  const some = (list: readonly string[]): ReturnType<typeof known> => known(list.slice(0, SHOWN), { path });
  const facts: FactMap = {
    'dataset.path': known(path),
    'dataset.mode': known(mode),
    'dataset.state': known('found'),
    'dataset.used': known(tally.used),
    'dataset.repeated': known(tally.repeated),
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
    'dataset.mixedShapes': known(tally.shapes.size > 1),
  };
  return { facts, used: tally.used, repeated: tally.repeated };
}
