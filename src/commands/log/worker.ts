import { parentPort, workerData } from 'node:worker_threads';
import { nodePlatform } from '../../platform/node';
import { ReadError } from '../../platform/platform';
import { type Progress, paced } from '../thread';
import type { Answer, Order } from './orders';
import { readLogFile, shippedSignatures } from './read-file';

/** A thread of its own (`dist/log-worker.js`): reads a large log while the main thread listens and loads what judges it. */
const send = (answer: Answer | Progress): void => parentPort?.postMessage(answer);

try {
  send({ kind: 'read', read: readLogFile(nodePlatform(), workerData as Order, shippedSignatures(), paced(send)) });
} catch (error) {
  if (!(error instanceof ReadError)) throw error;
  send({ kind: 'failed', code: error.code, detail: error.message });
}
