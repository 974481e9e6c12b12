import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Weighed, type WeighJob, weigh } from './weigh';

/** Threads at most: three look as fast as a disk reads, and each keeps some 30 MB. */
const MAX_THREADS = 3;
/** Below this many bytes in all, looking takes less time than starting threads. */
const WORTH_THREADS = 64 * 1024 * 1024;
/** Jobs that lie ready with a thread, so that it never waits for us. */
const AHEAD = 2;

export interface WeighOptions {
  /** `dist/weights-worker.js`, or null where it is not shipped: then all is done here, file by file. */
  readonly script: string | null;
  /** Bytes of all files together. */
  readonly bytes: number;
  /** Ends the threads at once, and the look here at its next piece of 256 KiB. */
  readonly signal: AbortSignal;
  /** Told of each file when it is done, in any order. */
  readonly done: (index: number, result: Weighed) => void;
}

/** Looks at the weights of many files, in threads where that pays. Resolves when all are done or the signal came; rejects when a thread broke. */
export async function weighAll(jobs: readonly WeighJob[], options: WeighOptions): Promise<void> {
  // One processor stays free for the screen; a single thread beside it still keeps the screen and Ctrl-C quick.
  const threads = Math.max(1, Math.min(availableParallelism() - 1, MAX_THREADS, jobs.length));
  if (options.signal.aborted || jobs.length === 0) return;
  if (options.script === null || options.bytes < WORTH_THREADS) await weighHere(jobs, options);
  else await weighInThreads(jobs, options, options.script, threads);
}

async function weighHere(jobs: readonly WeighJob[], { signal, done }: WeighOptions): Promise<void> {
  for (const [index, job] of jobs.entries()) {
    if (signal.aborted) return;
    done(
      index,
      weigh(job, () => signal.aborted),
    );
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
}

function weighInThreads(jobs: readonly WeighJob[], options: WeighOptions, script: string, threads: number): Promise<void> {
  const workers = Array.from({ length: threads }, () => new Worker(script));
  let next = 0;
  let left = jobs.length;
  const work = new Promise<void>((resolve, reject) => {
    options.signal.addEventListener('abort', () => resolve(), { once: true });
    for (const worker of workers) {
      const waiting: number[] = [];
      const give = (): void => {
        const job = jobs[next];
        if (job === undefined) return;
        waiting.push(next++);
        worker.postMessage(job);
      };
      worker.on('message', (result: Weighed) => {
        const index = waiting.shift();
        if (index === undefined || options.signal.aborted) return;
        give();
        options.done(index, result);
        if (--left === 0) resolve();
      });
      worker.on('error', reject);
      for (let i = 0; i < AHEAD; i++) give();
    }
  });
  return work.finally(() => Promise.all(workers.map((worker) => worker.terminate())));
}
