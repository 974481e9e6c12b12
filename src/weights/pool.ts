import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Weighed, type WeighJob, weigh } from './weigh';

/** Threads at most: three look as fast as a disk reads, and each keeps some 30 MB. */
const MAX_THREADS = 3;
/** Files up to this size take a few milliseconds: the main thread lends a hand with them, and listens after each. */
const SMALL = 16 * 1024 * 1024;
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
  // One processor is left to this thread, for the screen and for small files.
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
  const { signal, done } = options;
  const workers = Array.from({ length: threads }, () => new Worker(script));
  const queue = new Queue(jobs);
  let left = jobs.length;
  const work = new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    const tell = (index: number, result: Weighed): void => {
      done(index, result);
      if (--left === 0) resolve();
    };
    for (const worker of workers) {
      const waiting: number[] = [];
      const give = (): void => {
        const index = queue.any();
        const job = index === undefined ? undefined : jobs[index];
        if (index === undefined || job === undefined) return;
        waiting.push(index);
        worker.postMessage(job);
      };
      worker.on('message', (result: Weighed) => {
        const index = waiting.shift();
        if (index === undefined || signal.aborted) return;
        give();
        tell(index, result);
      });
      worker.on('error', reject);
      for (let i = 0; i < AHEAD; i++) give();
    }
    // Threads take a while to start: there is something to do meanwhile.
    if (availableParallelism() > 1) lendAHand(jobs, queue, signal, tell).catch(reject);
  });
  return work.finally(() => Promise.all(workers.map((worker) => worker.terminate())));
}

async function lendAHand(
  jobs: readonly WeighJob[],
  queue: Queue,
  signal: AbortSignal,
  tell: (index: number, result: Weighed) => void,
): Promise<void> {
  for (let index = queue.small(); index !== undefined; index = signal.aborted ? undefined : queue.small()) {
    const job = jobs[index];
    if (job) tell(index, weigh(job));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Jobs that nobody has taken yet. */
class Queue {
  readonly #small: number[] = [];
  readonly #others: number[] = [];

  constructor(jobs: readonly WeighJob[]) {
    for (const [index, { size }] of [...jobs.entries()].reverse())
      (size !== undefined && size <= SMALL ? this.#small : this.#others).push(index);
  }

  small(): number | undefined {
    return this.#small.pop();
  }

  /** The others first: nobody else takes them. */
  any(): number | undefined {
    return this.#others.pop() ?? this.#small.pop();
  }
}
