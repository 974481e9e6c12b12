import { availableParallelism } from 'node:os';
import { leadingUint64 } from '../../formats/bytes';
import { type Platform, ReadError } from '../../platform/platform';
import { LARGE } from '../thread';
import type { Examiner } from './one';
import type { Depth, Found } from './orders';
import type { Remembered } from './remembered';
import { Helper, valuesAway } from './threads';
import type { InspectedFile, TextLanguage } from './types';

export interface Looking {
  readonly lang: TextLanguage;
  /** Who opens files. Asked for when the first one has to be: all that knows of file formats is loaded then. */
  readonly examiner: () => Promise<Examiner>;
  readonly remembered: Remembered | null;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  /** May threads help? They judge by the shipped rules. */
  readonly threads: boolean;
  /** Only the printed entries are wanted: fields are not kept. */
  readonly packed: boolean;
  /** Told of a large file how many bytes were read, of how many. */
  readonly progress: (path: string, done: number, total: number) => void;
}

const LONG_HEADER = 16 * 1024 * 1024;
const HUGE = 512 * 1024 * 1024;
/** Files for which starting a thread pays. */
const MANY = 300;
/** The main thread listens this often. */
const LISTEN_MS = 40;

/**
 * Looks at files, from memory where that is as good. What it did not get to when stopped is undefined.
 *
 * @param depth of each file; whether values are wanted is the same for all.
 */
export async function lookAll(
  found: readonly Found[],
  depth: (file: Found) => Depth,
  looking: Looking,
): Promise<(InspectedFile | undefined)[]> {
  const closely = found.some((file) => isClose(depth(file)));
  const remembered = closely ? null : looking.remembered;
  const out: (InspectedFile | undefined)[] = found.map((file) => remembered?.get(file));
  const missing = found.map((_, i) => i).filter((i) => out[i] === undefined);
  const files = missing.length === 0 ? [] : markAlike(found).filter((_, i) => out[i] === undefined);
  const keep = (at: number, file: InspectedFile): void => {
    const index = missing[at];
    if (index !== undefined) out[index] = file;
    if (looking.packed) file.pack();
  };
  const started = looking.platform.now();
  if (files.length > 0) await (closely ? lookClosely(files, depth, looking, keep) : lookAtHeaders(files, depth, looking, keep));
  // In their order, in which they are printed next time.
  for (const index of missing) {
    const [where, file] = [found[index], out[index]];
    if (where && file && file.brief.state !== 'unreadable') remembered?.set(where, file, started);
  }
  return out;
}

/** Doubles have data of one length and headers of nearly one. */
const HEADERS_DIFFER = 256 * 1024;

function markAlike(found: readonly Found[]): Found[] {
  const sizes = found.map(({ info }) => info.size).sort((a, b) => a - b);
  const alike = new Set(
    sizes.filter(
      (size, i) => size - (sizes[i - 1] ?? -Infinity) <= HEADERS_DIFFER || (sizes[i + 1] ?? Infinity) - size <= HEADERS_DIFFER,
    ),
  );
  return found.map((file) => (alike.has(file.info.size) ? { ...file, alike: true } : file));
}

const isClose = (depth: Depth): boolean => depth.weights || depth.hash || depth.detail;

type Keep = (at: number, file: InspectedFile) => void;

/** Many headers: a thread takes its share. Both take the next file that is left, so that neither waits for the other. */
async function lookAtHeaders(
  files: readonly Found[],
  depth: (file: Found) => Depth,
  looking: Looking,
  keep: Keep,
): Promise<void> {
  const { lang, signal } = looking;
  const next = new Int32Array(new SharedArrayBuffer(4));
  const done = new Set<number>();
  const take: Keep = (at, file) => {
    done.add(at);
    keep(at, file);
  };
  const helps = looking.threads && files.length >= MANY && availableParallelism() > 1;
  const [first] = files;
  const helper = helps && first ? Helper.start({ kind: 'list', files, next, lang, depth: depth(first) }, take) : null;
  const examiner = await looking.examiner();
  const pause = pauses();
  for (let at = Atomics.add(next, 0, 1); at < files.length && !signal.aborted; at = Atomics.add(next, 0, 1)) {
    const file = files[at];
    if (file) take(at, examiner.examine(file, depth(file)));
    await pause();
  }
  if (!signal.aborted) await helper?.finish();
  await helper?.stop();
  for (const [at, file] of files.entries()) {
    if (signal.aborted) return;
    if (!done.has(at)) take(at, examiner.examine(file, depth(file)));
  }
}

/** Few files, or all values of many. Large ones are read by a thread. */
async function lookClosely(files: readonly Found[], depth: (file: Found) => Depth, looking: Looking, keep: Keep): Promise<void> {
  const { signal } = looking;
  const examiner = await looking.examiner();
  const pause = pauses();
  for (const [at, file] of files.entries()) {
    if (signal.aborted) return;
    const { path } = file;
    const wanted = depth(file);
    const large = (wanted.weights || wanted.hash) && isLong(file, looking.platform);
    const progress = (done: number, total: number): void => looking.progress(path, done, total);
    const values = large
      ? await valuesAway({ kind: 'values', path, wanted: { weights: wanted.weights, hash: wanted.hash } }, signal, progress)
      : null;
    if (signal.aborted) return;
    keep(at, examiner.examine(file, wanted, values));
    await pause();
  }
}

/** A header of many megabytes is read here: a thread beside would hold a second one, and of a file this small the rest is soon read. */
function isLong({ path, info }: Found, platform: Platform): boolean {
  if (info.kind !== 'file' || info.size <= LARGE) return false;
  try {
    const length = platform.withFile(path, (bytes) => leadingUint64(bytes.read(0, 8)));
    return length < LONG_HEADER || length > info.size || info.size > HUGE;
  } catch (error) {
    if (error instanceof ReadError) return false;
    throw error;
  }
}

/** Lets the event loop run every now and then: a timer for each of thousands of files would cost more than the files. */
function pauses(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < LISTEN_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    last = performance.now();
  };
}
