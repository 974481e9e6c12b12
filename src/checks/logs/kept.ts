import type { ByteSource } from '../../formats/bytes';
import { pieces } from '../../formats/bytes';
import { type LogReading, type ReadLog, type ReadLogOptions, startLog } from '../../formats/log/read';
import { lastBreak } from '../../formats/log/splitter';
import type { TrainingRun } from '../../formats/training/run-log';
import type { FileInfo } from '../../platform/platform';

/** Bytes before the place reached that are remembered, to notice that a log was written anew. */
const FINGERPRINT = 256;
/** A line that grows beyond this is not waited for. */
const LONGEST_REST = 1 << 20;

interface Kept {
  readonly file: Pick<FileInfo, 'dev' | 'ino'>;
  readonly ui: ReadLogOptions['ui'];
  readonly reading: LogReading;
  /** All before it was fed; a line begins here. */
  at: number;
  before: Uint8Array;
  run: { readonly size: number; readonly run: TrainingRun | null } | null;
}

/**
 * Logs that are read again and again (`watch`, the screen): of a log that has grown since only what is new is read. The answer
 * is the one of reading it whole: the reader is forked at the last line break, and the fork ends with what follows.
 */
export class KeptLogs {
  readonly #kept = new Map<string, Kept>();
  readonly #whole = new Map<string, { readonly key: string; readonly read: ReadLog }>();
  /** Asked for by the last look and by this one. */
  #before = new Set<string>();
  #asked = new Set<string>();

  /** To be called before each look at all logs. Those that the last look did not ask for are forgotten. */
  begin(): void {
    this.#before = this.#asked;
    this.#asked = new Set();
    for (const path of [...this.#kept.keys(), ...this.#whole.keys()]) if (!this.#before.has(path)) this.#drop(path);
  }

  /** What `readLog` gives of the whole file; null when it has to be read whole. */
  read(bytes: ByteSource, info: FileInfo, options: ReadLogOptions): ReadLog | null {
    const { path, ui } = options;
    this.#asked.add(path);
    // Who looks once has no use for it.
    if (!this.#before.has(path)) return null;
    let kept = this.#kept.get(path);
    if (kept && !fits(kept, bytes, info, ui)) {
      this.#drop(path);
      kept = undefined;
    }
    if (!kept) {
      const { dev, ino } = info;
      kept = { file: { dev, ino }, ui, reading: startLog(options), at: 0, before: new Uint8Array(0), run: null };
      this.#kept.set(path, kept);
    }
    const rest = feed(kept, bytes);
    const read = rest === null ? null : kept.reading.soFar(rest, options);
    if (read === null) this.#drop(path);
    return read;
  }

  /** The same for a log of which only a part is read, or that is packed: again only when `key` is another. */
  unchanged(key: string, path: string, read: () => ReadLog): ReadLog {
    this.#asked.add(path);
    const known = this.#whole.get(path);
    if (known?.key === key) return known.read;
    const fresh = read();
    this.#whole.set(path, { key, read: fresh });
    return fresh;
  }

  /** The training run in a log of this size, looked for once. */
  run(path: string, size: number, look: () => TrainingRun | null): TrainingRun | null {
    const kept = this.#kept.get(path);
    if (!kept) return look();
    if (kept.run?.size !== size) kept.run = { size, run: look() };
    return kept.run.run;
  }

  #drop(path: string): void {
    this.#kept.get(path)?.reading.end();
    this.#kept.delete(path);
    this.#whole.delete(path);
  }
}

function fits(kept: Kept, bytes: ByteSource, { dev, ino }: FileInfo, ui: ReadLogOptions['ui']): boolean {
  if (kept.file.dev !== dev || kept.file.ino !== ino || kept.ui !== ui || bytes.size < kept.at) return false;
  const now = bytes.read(kept.at - kept.before.length, kept.before.length);
  return now.length === kept.before.length && now.every((byte, i) => byte === kept.before[i]);
}

/** Feeds the whole lines that are new; gives what follows the last of them. Null when that is too much to hold. */
function feed(kept: Kept, bytes: ByteSource): Uint8Array | null {
  let rest: Uint8Array = new Uint8Array(0);
  for (const piece of pieces(bytes, kept.at)) {
    const end = lastBreak(piece, 0, piece.length) + 1;
    if (end > 0) {
      const lines = joined(rest, piece.subarray(0, end));
      kept.reading.feed(lines);
      kept.at += lines.length;
      kept.before = joined(kept.before, lines).slice(-FINGERPRINT);
      rest = new Uint8Array(0);
    }
    rest = joined(rest, piece.subarray(end));
    if (rest.length > LONGEST_REST) return null;
  }
  return rest;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
