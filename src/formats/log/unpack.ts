import { type ByteSource, bytesOf } from '../bytes';
import type { Inflate } from '../picture/types';

/** Most bytes of a packed log that are read, and most text that comes out of it. */
const MOST = 64 * 1024 * 1024;

export interface UnpackedLog {
  readonly bytes: ByteSource;
  /** More than the limit, cut off or damaged: only the beginning is there. */
  readonly cut: boolean;
}

/** The text of a log that a rotation has packed (gzip, told by its first bytes); any other log as it is. */
export function unpackLog(bytes: ByteSource, gunzip: Inflate): UnpackedLog {
  const [one, two, three] = bytes.read(0, 3);
  if (one !== 0x1f || two !== 0x8b || three !== 8) return { bytes, cut: false };
  const { data, complete } = gunzip(bytes.read(0, MOST), MOST);
  return { bytes: bytesOf(data), cut: !complete || bytes.size > MOST };
}
