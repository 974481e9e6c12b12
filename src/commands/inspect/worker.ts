import { parentPort, workerData } from 'node:worker_threads';
import { nodePlatform } from '../../platform/node';
import { ReadError } from '../../platform/platform';
import { readShipped } from '../shipped';
import { type Progress, paced } from '../thread';
import { sumsOf } from './doubles';
import { FileJudge } from './findings';
import { Examiner } from './one';
import type { Answer, Order } from './orders';
import { readValues } from './values';

/** A thread of its own (`dist/inspect-worker.js`): reads a large file while the main thread listens, or takes its share of a long list. */
const send = (answer: Answer | Progress): void => parentPort?.postMessage(answer);

/** Files in one message. */
const BATCH = 64;

function values({ path, wanted }: Order & { kind: 'values' }): void {
  try {
    send({ kind: 'values', values: readValues(nodePlatform(), path, wanted, paced(send)) });
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
