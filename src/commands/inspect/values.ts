import type { ByteSource } from '../../formats/bytes';
import { type ModelHashes, modelHashes } from '../../formats/hash/model-hashes';
import { groupModules, isAdapter } from '../../formats/model/modules';
import { type OpenedModel, openModel } from '../../formats/model/open';
import type { Platform } from '../../platform/platform';
import { sha256 } from '../../platform/sha256';
import { installedMaths } from '../../weights/installed';
import { lookAtWeights, type WeightsLook } from '../../weights/look';

/** What is asked of a file's values. */
export interface ValuesWanted {
  readonly weights: boolean;
  readonly hash: boolean;
}

/** What reading a file to its end told; plain data, so that a thread can send it. */
export interface Values {
  /** The contract's `weights`; null for what is no LoRA or is not whole. */
  readonly weights: WeightsLook | null;
  readonly hashes: ModelHashes | null;
}

/** Reads all of an opened file that the answer needs: first its values, then every byte for the hashes. */
export function valuesOf(
  { header, container }: OpenedModel,
  bytes: ByteSource,
  wanted: ValuesWanted,
  stop: () => boolean,
): Values {
  const whole = header && container.ok ? header : null;
  const adapter = wanted.weights && whole !== null && isAdapter(groupModules(whole));
  const weights = adapter ? lookAtWeights(bytes, whole, { stop, maths: installedMaths() }) : null;
  const hashes = wanted.hash ? modelHashes(bytes, whole?.dataStart ?? null, whole?.metadata ?? new Map(), sha256, stop) : null;
  return { weights, hashes };
}

/**
 * The same of a file by its path. Throws ReadError.
 *
 * @param progress told how many bytes were read so far, of how many at most; weights and hashes are a pass each.
 */
export function readValues(
  platform: Platform,
  path: string,
  wanted: ValuesWanted,
  progress: (done: number, total: number) => void,
): Values {
  return platform.withFile(path, (source) => {
    const opened = openModel(source);
    const adapter = wanted.weights && opened.header !== null && isAdapter(groupModules(opened.header));
    const total = (adapter ? source.size : 0) + (wanted.hash ? source.size : 0);
    let done = 0;
    const count = <T extends number | Uint8Array>(read: T): T => {
      done += typeof read === 'number' ? read : read.length;
      progress(Math.min(done, total), total);
      return read;
    };
    const { readInto } = source;
    const counted: ByteSource = {
      size: source.size,
      read: (offset, length) => count(source.read(offset, length)),
      ...(readInto ? { readInto: (target: Uint8Array, offset: number) => count(readInto(target, offset)) } : {}),
    };
    return valuesOf(opened, counted, wanted, () => false);
  });
}
