import { type Places, watchPlaces } from './places';
import type { WatchSession } from './session';
import type { ScanResult } from './session-types';
import { needsPolling, type WatchFiles } from './watcher';

/** Follows one growing text file from its present end; ends with `signal`. Told of bytes as they come, and of gaps. */
export type FollowLog = (
  path: string,
  options: { onChunk(bytes: Uint8Array): void; onLost(bytes: number, why: string): void; readonly signal: AbortSignal },
) => unknown;

export interface LiveOptions {
  readonly session: WatchSession;
  readonly watchFiles: WatchFiles;
  readonly followLog: FollowLog;
  now(): number;
  /** Told whenever other places are watched than before. */
  onPlaces?(places: Places): void;
  readonly signal: AbortSignal;
}

/** Progress bars (`45%|####  | 9/20 [00:04<…]`) fill a log while a picture is made; they are no news. */
const PROGRESS = /\d{1,3}%\|/;

/** True when a piece of a log holds nothing but progress bars and blanks. */
export function onlyProgress(text: string): boolean {
  return text.split(/[\r\n]/).every((line) => line.trim() === '' || PROGRESS.test(line));
}

/**
 * Ties a session to the disk: after each scan the places that it found are watched and its logs followed, and what happens
 * there goes into `session.apply`. Ends with `signal`.
 */
export function goLive(options: LiveOptions): void {
  const live = new Live(options);
  options.session.onScan((result) => live.follow(result));
  options.signal.addEventListener('abort', () => live.stop());
}

class Live {
  readonly #options: LiveOptions;
  readonly #logs = new Map<string, AbortController>();
  #watched: readonly string[] = [];
  #polling = false;
  #close: (() => Promise<void>) | null = null;
  #turn = 0;
  #isFirst = true;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  follow(result: ScanResult): void {
    const places = watchPlaces(result.snapshot);
    const sameFolders = places.folders.join('\n') === this.#watched.join('\n');
    const sameLogs = places.logs.length === this.#logs.size && places.logs.every((log) => this.#logs.has(log));
    if (!sameFolders) void this.#watch(places.folders);
    if (!sameLogs) this.#followLogs(places.logs);
    if (this.#isFirst || !sameFolders || !sameLogs) this.#options.onPlaces?.(places);
    this.#isFirst = false;
  }

  stop(): void {
    this.#turn++;
    void this.#close?.();
    this.#close = null;
    for (const log of this.#logs.values()) log.abort();
    this.#logs.clear();
  }

  /** Starts a watcher for other paths; the old one runs until the new one is ready, so that nothing falls between. */
  async #watch(paths: readonly string[]): Promise<void> {
    const { session, watchFiles, now, signal } = this.#options;
    if (signal.aborted) return;
    this.#watched = paths;
    const turn = ++this.#turn;
    const old = this.#close;
    const retire = () => void old?.();
    try {
      const watcher = await watchFiles({
        paths,
        polling: this.#polling,
        now,
        onChange: (change) => session.apply([change]),
        onReady: retire,
        onError: (error) => this.#failed(error, paths, turn),
      });
      if (turn !== this.#turn) return void watcher.close();
      this.#close = () => watcher.close();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      this.#failed({ code, message: error instanceof Error ? error.message : String(error) }, paths, turn);
    }
  }

  #failed(error: { readonly code: string; readonly message: string }, paths: readonly string[], turn: number): void {
    if (turn !== this.#turn) return;
    const changedAt = this.#options.now();
    const poll = needsPolling(error.code) && !this.#polling;
    this.#options.session.tell({
      event: 'error',
      code: poll ? 'watch-polling' : 'watch-failed',
      message: poll ? error.code : error.message,
      changedAt,
    });
    if (!poll) return;
    this.#polling = true;
    void this.#watch(paths);
  }

  #followLogs(paths: readonly string[]): void {
    for (const [path, log] of this.#logs) {
      if (paths.includes(path)) continue;
      log.abort();
      this.#logs.delete(path);
    }
    for (const path of paths) if (!this.#logs.has(path)) this.#followLog(path);
  }

  #followLog(path: string): void {
    const { session, followLog, now } = this.#options;
    const controller = new AbortController();
    this.#logs.set(path, controller);
    const decoder = new TextDecoder();
    followLog(path, {
      signal: controller.signal,
      onChunk: (bytes) => {
        if (!onlyProgress(decoder.decode(bytes, { stream: true }))) session.apply([{ kind: 'log', path, at: now() }]);
      },
      onLost: (bytes, why) => session.tell({ event: 'lost', path, bytes, why, changedAt: now() }),
    });
  }
}
