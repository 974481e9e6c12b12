import { parentPort, workerData } from 'node:worker_threads';
import { nodePlatform } from '../../platform/node';
import { ReadError } from '../../platform/platform';
import { readShipped } from '../shipped';
import { sumsOf } from './doubles';
import { FileJudge } from './findings';
import { Examiner } from './one';
import type { Answer, Order } from './orders';
import { readValues } from './values';

/** A thread of its own (`dist/inspect-worker.js`): reads a large file while the main thread listens, or takes its share of a long list. */
const send = (answer: Answer): void => parentPort?.postMessage(answer);

/** Files in one message. */
const BATCH = 64;
const PROGRESS_MS = 100;

function values({ path, wanted }: Order & { kind: 'values' }): void {
  let told = 0;
  const progress = (done: number, total: number): void => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    send({ kind: 'progress', done, total });
  };
  try {
    send({ kind: 'values', values: readValues(nodePlatform(), path, wanted, progress) });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    send({ kind: 'failed' });
  }
}

function list({ files, next, lang, depth }: Order & { kind: 'list' }): void {
  const judge = new FileJudge(readShipped().base, lang === 'zh' ? 'zh-CN' : 'en');
  const examiner = new Examiner(nodePlatform(), judge, lang, () => false);
  let batch: (Answer & { kind: 'looked' })['files'][number][] = [];
  const flush = (): void => {
    send({ kind: 'looked', files: batch });
    batch = [];
  };
  for (let index = Atomics.add(next, 0, 1); index < files.length; index = Atomics.add(next, 0, 1)) {
    const file = files[index];
    if (!file) continue;
    const { brief, bytes } = examiner.examine(file, depth);
    batch.push({ index, brief, bytes });
    if (batch.length >= BATCH) flush();
  }
  flush();
}

const order = workerData as Order;
if (order.kind === 'values') values(order);
else if (order.kind === 'sums') send({ kind: 'sums', sums: sumsOf(order.place, nodePlatform()) });
else list(order);
