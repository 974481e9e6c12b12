import { parentPort } from 'node:worker_threads';
import { type WeighJob, weigh } from './weigh';

/** A thread of its own (`dist/weights-worker.js`): it is sent jobs and answers each, in their order. */
const port = parentPort;
port?.on('message', (job: WeighJob) => port.postMessage(weigh(job)));
