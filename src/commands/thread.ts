import { Worker, type WorkerOptions } from 'node:worker_threads';
import { findAsset } from '../platform/assets';

/** What a thread sends before its answer. */
export interface Progress {
  readonly kind: 'progress';
  /** Bytes. */
  readonly done: number;
  readonly total: number;
}

/** Bytes whose reading may take longer than Ctrl-C may wait: a thread reads them. */
export const LARGE = 32 * 1024 * 1024;

const PROGRESS_MS = 100;

/**
 * Starts a thread with an order and waits for its one answer; this thread stays free for Ctrl-C and progress. Null when it was
 * stopped meanwhile, or when its program is missing (an incomplete installation): all is then done on the main thread.
 * Rejects when the thread broke.
 *
 * @param program its file in `dist`
 */
export async function askThread<Answer extends { readonly kind: string }>(
  program: string,
  order: unknown,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
  options: Pick<WorkerOptions, 'resourceLimits'> = {},
): Promise<Answer | null> {
  const script = findAsset(program);
  if (script === null || signal.aborted) return null;
  const worker = new Worker(script, { ...options, workerData: order });
  let stop = (): void => {};
  try {
    return await new Promise<Answer | null>((resolve, reject) => {
      stop = () => resolve(null);
      signal.addEventListener('abort', stop, { once: true });
      worker.on('error', reject);
      worker.on('message', (message: Progress | Answer) => {
        if (isProgress(message)) progress(message.done, message.total);
        else resolve(message);
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

const isProgress = (message: { readonly kind: string }): message is Progress => message.kind === 'progress';

/** For the thread: hands progress on, at most ten times a second. */
export function paced(send: (progress: Progress) => void): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    send({ kind: 'progress', done, total });
  };
}
