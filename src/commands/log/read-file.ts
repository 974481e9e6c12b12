import { pieces } from '../../formats/bytes';
import { type ReadLog, readLog } from '../../formats/log/read';
import { type CompiledSignatures, compileSignatures } from '../../formats/log/signature';
import { unpackLog } from '../../formats/log/unpack';
import { withTrainingRun } from '../../formats/training/run-facts';
import { trainingRunIn } from '../../formats/training/run-log';
import { nodeGunzip } from '../../platform/inflate';
import type { Platform } from '../../platform/platform';
import { logKernels } from '../../platform/wasm';
import { readShipped } from '../shipped';
import type { Order } from './orders';

/** The wordings that ship with the program. */
export const shippedSignatures = (): CompiledSignatures => compileSignatures(readShipped().signatures, { wasm: logKernels });

/** Reads a whole log, packed or not. Throws ReadError. `progress` is told how many bytes were read, of how many. */
export function readLogFile(
  platform: Platform,
  { path, ui }: Order,
  signatures: CompiledSignatures,
  progress: (done: number, total: number) => void = () => {},
): ReadLog {
  return platform.withFile(path, (file) => {
    const { bytes, cut } = unpackLog(file, nodeGunzip);
    const plain = readLog(told(pieces(bytes), bytes.size, progress), { path, ui, signatures });
    const read = withTrainingRun(plain, () => trainingRunIn(bytes));
    if (!cut) return read;
    const note = { check: 'logs', code: 'log-packed-cut', path, counts: { bytes: bytes.size } };
    return { ...read, notes: [...read.notes, note] };
  });
}

function* told(
  chunks: Iterable<Uint8Array>,
  total: number,
  progress: (done: number, total: number) => void,
): Generator<Uint8Array> {
  let done = 0;
  for (const chunk of chunks) {
    yield chunk;
    done += chunk.length;
    progress(done, total);
  }
}
