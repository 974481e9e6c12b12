import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Sums } from '../../inspect/duplicates';
import { findAsset } from '../../platform/assets';
import { askThread } from '../thread';
import type { Answer, DataPlace, Order } from './orders';
import { InspectedFile } from './types';
import type { Values } from './values';

/** The thread's program. */
const PROGRAM = 'inspect-worker.js';

/**
 * Values and hashes of a large file, read by a thread: this one stays free for Ctrl-C and progress. Null when it was stopped, or when the
 * file cannot be read. Rejects when the thread broke.
 */
export async function valuesAway(
  order: Order & { kind: 'values' },
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<Values | null> {
  const answer = await askThread<Answer>(PROGRAM, order, signal, progress);
  return answer?.kind === 'values' ? answer.values : null;
}

/** Hashes of a large file, in the same way. */
export async function sumsAway(place: DataPlace, signal: AbortSignal): Promise<Sums | null> {
  const answer = await askThread<Answer>(PROGRAM, { kind: 'sums', place }, signal, () => {});
  return answer?.kind === 'sums' ? answer.sums : null;
}

/** A second pair of hands for a list; what it looked at goes to `done`. */
export class Helper {
  readonly #worker: Worker;
  readonly #ended: Promise<unknown>;

  private constructor(worker: Worker, done: (index: number, file: InspectedFile) => void) {
    this.#worker = worker;
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'looked')
        for (const { index, brief, bytes } of answer.files) done(index, InspectedFile.remembered(brief, bytes));
    });
    // What it did not get to, the main thread does itself.
    worker.on('error', () => {});
    this.#ended = once(worker, 'exit').catch(() => {});
  }

  /** Null when the program's file is missing. */
  static start(order: Order & { kind: 'list' }, done: (index: number, file: InspectedFile) => void): Helper | null {
    const program = findAsset(PROGRAM);
    return program === null ? null : new Helper(new Worker(program, { workerData: order }), done);
  }

  /** Resolves when it has no more to do. */
  async finish(): Promise<void> {
    await this.#ended;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
