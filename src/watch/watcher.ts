import type { FileChange } from './events';

/** Watches folders and files on disk; tells what changed. Injected, so that tests need no disk. */
export type WatchFiles = (options: WatchFilesOptions) => Promise<{ close(): Promise<void> }>;

export interface WatchFilesOptions {
  readonly paths: readonly string[];
  readonly polling: boolean;
  now(): number;
  onChange(change: FileChange): void;
  /** Once ready nothing that happens later is missed. */
  onReady(): void;
  onError(error: { readonly code: string; readonly message: string }): void;
}

/** Folders deeper than this below a watched one are not entered. Picture folders have one level a day, LoRA folders a few. */
const DEPTH = 6;
const POLL_MS = 1500;

/** Unfinished downloads change often under their own names; what counts is the file they become. */
const IGNORED = /\.(?:tmp|part|partial|crdownload|lock|swp)$|(?:^|[\\/])(?:\.git|__pycache__|node_modules)(?:[\\/]|$)/i;

const KINDS: { readonly [event: string]: FileChange['kind'] } = {
  add: 'added',
  change: 'changed',
  unlink: 'removed',
  unlinkDir: 'removed',
};

/** The real watcher: chokidar, loaded only here. Multi-gigabyte files are not waited for: a header states the size to come. */
export const watchFiles: WatchFiles = async (options) => {
  const { watch } = await import('chokidar');
  const watcher = watch([...options.paths], {
    ignoreInitial: true,
    ignored: (path) => IGNORED.test(path),
    depth: DEPTH,
    usePolling: options.polling,
    interval: POLL_MS,
    ignorePermissionErrors: true,
  });
  watcher.on('all', (event, path) => {
    const kind = KINDS[event];
    if (kind) options.onChange({ kind, path, at: options.now() });
  });
  watcher.on('ready', () => options.onReady());
  watcher.on('error', (error) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    options.onError({ code, message: error instanceof Error ? error.message : String(error) });
  });
  return { close: () => watcher.close() };
};

/** Errors that mean "no more handles": watching at intervals still works. */
export const needsPolling = (code: string): boolean => code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE';
