import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { FactMap, Note } from '../../facts/snapshot';
import { looksTheSame } from '../../formats/picture/thumbnail';
import { type BucketPlan, Buckets } from '../../formats/training/buckets';
import { type Platform, ReadError } from '../../platform/platform';
import { Arena } from './arena';
import { isReadPicture, isUnreadPicture, lookAtCaption, lookAtPicture } from './pictures';
import { countCaption, datasetFactsOf, type Look, Tally } from './tally';

/** A folder of pictures as the trainer takes it. */
export interface Subset {
  readonly folder: string;
  readonly repeats: number;
  readonly captionExtension: string;
  /** What stands for a missing caption. */
  readonly classTokens: string | null;
  /** Number of the data set that it belongs to. */
  readonly dataset: number;
  /** Null: how pictures are cut is not known. */
  readonly plan: BucketPlan | null;
  readonly isReg: boolean;
}

/** What was found of a data set. */
export interface Dataset {
  readonly facts: FactMap;
  readonly used: number;
  readonly repeated: number;
  /** Pictures × repeats by `dataset width×height`; empty when sizes are not known. */
  readonly buckets: ReadonlyMap<string, number>;
}

/** Headers opened in all (40,000 take seconds), captions read, PNG files decoded, bytes read to compare files of equal size. */
const PICTURES = 60_000;
const CAPTIONS = 60_000;
const DECODED = 160;
const COMPARED = 512 << 20;
const FOLDERS = 500;

/** Pictures between two looks at the world: at Ctrl-C, and for the progress line. */
const STRIDE = 200;

export type Report = (done: number, total: number, folder: string) => void;

/** Reads data sets of both kinds (kohya-training.md §3). */
export class DatasetReader {
  readonly #platform: Platform;
  readonly #notes: Note[];
  readonly #report: Report;
  readonly #signal: AbortSignal;
  readonly #arena = new Arena();
  readonly #sizes = new Map<number, string[]>();
  readonly #copies = new Set<string>();
  #tally = new Tally();
  #left = PICTURES;
  #decoded = 0;

  constructor(platform: Platform, notes: Note[], report: Report, signal: AbortSignal) {
    this.#platform = platform;
    this.#notes = notes;
    this.#report = report;
    this.#signal = signal;
  }

  /** `--train_data_dir`: the parent of folders named `N_words`. */
  async readParent(parent: string, captionExtension: string, plan: BucketPlan | null): Promise<Dataset> {
    this.#tally = new Tally();
    for (const name of this.#names(parent).slice(0, FOLDERS)) {
      const path = join(parent, name);
      if (isReadPicture(name)) this.#tally.loose++;
      if (this.#platform.stat(path)?.kind !== 'directory') continue;
      const repeats = repeatsOf(name);
      if (repeats === null || repeats <= 0) this.#unused(path, repeats);
      else {
        const classTokens = name.includes('_') ? name.slice(name.indexOf('_') + 1) : null;
        await this.#take({ folder: path, repeats, captionExtension, classTokens, dataset: 0, plan, isReg: false });
      }
    }
    return this.#finish('folders', parent, captionExtension);
  }

  /** The subsets of a data set file, or one folder that another program reads. */
  async readSubsets(path: string, subsets: readonly Subset[], missing: readonly string[]): Promise<Dataset> {
    this.#tally = new Tally();
    this.#tally.lists.missing.push(...missing);
    for (const subset of subsets) await this.#take(subset);
    return this.#finish('subsets', path, subsets[0]?.captionExtension ?? '.caption');
  }

  async #finish(mode: 'folders' | 'subsets', path: string, captionExtension: string): Promise<Dataset> {
    await this.#compare();
    this.#compareLooks();
    const { used, repeated, buckets } = this.#tally;
    return { facts: datasetFactsOf(this.#tally, mode, path, captionExtension), used, repeated, buckets };
  }

  #unused(path: string, repeats: number | null): void {
    const { lists } = this.#tally;
    const names = this.#names(path);
    if (names.some(isReadPicture)) (repeats === null ? lists.unnamed : lists.zero).push(basename(path));
    else if (repeats === null && this.#hasNamed(path, names)) lists.nested.push(basename(path));
  }

  /** A folder whose own sub-folders follow the grammar: the parent that was given lies one level too high. */
  #hasNamed(path: string, names: readonly string[]): boolean {
    return names.slice(0, 50).some((name) => (repeatsOf(name) ?? 0) > 0 && this.#names(join(path, name)).some(isReadPicture));
  }

  async #take(subset: Subset): Promise<void> {
    const tally = this.#tally;
    const names = this.#names(subset.folder);
    const pictures = names.filter(isReadPicture);
    tally.unread += names.filter(isUnreadPicture).length;
    if (pictures.length === 0) this.#deeper(subset.folder, names);
    const count = subset.repeats > 0 ? pictures.length : 0;
    if (subset.isReg) tally.regularisation += count;
    else {
      tally.used += count;
      tally.repeated += count * subset.repeats;
    }
    if (subset.repeats <= 0 && pictures.length > 0) tally.lists.zero.push(basename(subset.folder));
    if (subset.classTokens && pictures.length > 0 && tally.classes.size < 100) tally.classes.add(subset.classTokens);
    const all = new Set(names);
    const buckets = subset.plan && new Buckets(subset.plan);
    for (const [at, name] of pictures.entries()) {
      this.#caption(subset, name, all);
      if (this.#left-- > 0) this.#picture(subset, name, buckets);
      if (at % STRIDE !== STRIDE - 1) continue;
      this.#report(at + 1, pictures.length, subset.folder);
      if (!(await this.#goesOn())) return;
    }
    if (this.#left < 0) this.#tooMany(subset.folder);
  }

  /** Lets Ctrl-C and the screen in; false when it is to stop. */
  async #goesOn(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return !this.#signal.aborted;
  }

  #tooMany(path: string): void {
    this.#left = 0;
    if (this.#notes.some((note) => note.code === 'pictures-left-out')) return;
    this.#notes.push({ check: 'training', code: 'pictures-left-out', path, counts: { n: PICTURES } });
  }

  #deeper(folder: string, names: readonly string[]): void {
    const deep = names.slice(0, 50).some((name) => this.#names(join(folder, name)).some(isReadPicture));
    if (deep) this.#tally.lists.nested.push(basename(folder));
  }

  #caption({ folder, captionExtension, isReg }: Subset, name: string, all: ReadonlySet<string>): void {
    const tally = this.#tally;
    const stem = name.replace(/\.[^.]+$/, '');
    const short = stem.split('_').length >= 5 ? stem.split('_').slice(0, -4).join('_') : null;
    const caption = [stem, short].find((each) => each !== null && all.has(`${each}${captionExtension}`));
    if (caption === undefined || caption === null) {
      // Regularisation pictures are mostly trained with the class word alone.
      if (!isReg) tally.uncaptioned++;
      for (const ending of ['.txt', '.caption'])
        if (ending !== captionExtension && all.has(`${stem}${ending}`)) tally.endings.add(ending);
      return;
    }
    if (!isReg) tally.captioned++;
    const file = `${caption}${captionExtension}`;
    if (tally.captioned > CAPTIONS) return;
    const { state, line } = lookAtCaption(this.#platform, join(folder, file));
    if (state === 'empty') tally.lists.empty.push(file);
    if (state === 'not-utf8') tally.lists.encoding.push(file);
    if (state === 'marked') tally.lists.marked.push(file);
    if (!isReg) countCaption(tally, line);
  }

  #picture(subset: Subset, name: string, buckets: Buckets | null): void {
    const tally = this.#tally;
    const path = join(subset.folder, name);
    const decodes = /\.png$/i.test(name) && subset.repeats > 0 && this.#decoded < DECODED;
    if (decodes) this.#decoded++;
    const picture = lookAtPicture(this.#platform, path, decodes, this.#arena);
    const { state, width, height } = picture;
    tally.looked++;
    if (picture.plain !== null) tally.pixels++;
    if (state === 'cut') tally.lists.cut.push(name);
    if (state === 'no-picture') tally.lists.no.push(name);
    if (state === 'unread') this.#notes.push({ check: 'training', code: 'picture-unreadable', path });
    if (picture.plain === true) tally.lists.plain.push(name);
    if (picture.dark === true) tally.lists.dark.push(name);
    if (picture.cells) tally.looks.push({ path, cells: picture.cells, ratio: width / height });
    if (picture.alpha) tally.lists.alpha.push(name);
    if (picture.turned) tally.lists.turned.push(name);
    if (picture.bytes > 0) this.#ofSize(picture.bytes).push(path);
    if (width <= 0 || height <= 0) return;
    tally.shapes.add((width / height).toFixed(1));
    if (buckets && subset.plan) this.#bucket(subset, subset.plan, name, [width, height], buckets);
  }

  #ofSize(bytes: number): string[] {
    const paths = this.#sizes.get(bytes) ?? [];
    this.#sizes.set(bytes, paths);
    return paths;
  }

  #bucket(subset: Subset, plan: BucketPlan, name: string, [width, height]: readonly [number, number], buckets: Buckets): void {
    const tally = this.#tally;
    const [w, h] = buckets.of(width, height);
    if (w <= 0 || h <= 0) {
      tally.lists.narrow.push(name);
      return;
    }
    const key = `${subset.dataset} ${w}×${h}`;
    tally.buckets.set(key, (tally.buckets.get(key) ?? 0) + Math.max(0, subset.repeats));
    // Less than a quarter of the pixels: more than doubled on each side.
    if (!plan.noUpscale && width * height * 4 < w * h) tally.lists.tiny.push(`${name} (${width}×${height})`);
    const kept = Math.min(width / height, w / h) / Math.max(width / height, w / h);
    if (kept < 0.7) tally.lists.cropped.push(`${name} (${width}×${height} → ${w}×${h})`);
  }

  /** Files with the same bytes, named together. */
  async #compare(): Promise<void> {
    let budget = COMPARED;
    for (const [size, paths] of this.#sizes) {
      if (paths.length < 2 || budget <= 0) continue;
      if (!(await this.#goesOn())) return;
      const seen = new Map<string, string>();
      for (const path of paths) {
        budget -= size;
        if (budget < 0) break;
        const digest = this.#digest(path);
        if (digest === null) continue;
        const first = seen.get(digest);
        if (first === undefined) seen.set(digest, path);
        else {
          this.#tally.lists.twice.push(`${basename(path)} = ${basename(first)}`);
          this.#copies.add(path);
        }
      }
    }
  }

  /** Pictures that look alike without being the same bytes: saved anew, in another size or format, retouched a little. */
  #compareLooks(): void {
    const kept: Look[] = [];
    for (const look of this.#tally.looks) {
      if (this.#copies.has(look.path)) continue;
      const first = kept.find(({ cells, ratio }) => Math.abs(ratio / look.ratio - 1) < 0.03 && looksTheSame(cells, look.cells));
      if (first) this.#tally.lists.near.push(`${basename(look.path)} ~ ${basename(first.path)}`);
      else kept.push(look);
    }
  }

  #digest(path: string): string | null {
    try {
      return this.#platform.withFile(path, (bytes) => {
        const hash = createHash('sha256');
        for (const piece of this.#arena.pieces(bytes)) hash.update(piece);
        return hash.digest('hex');
      });
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      return null;
    }
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
