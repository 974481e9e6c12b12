import { constants, gunzipSync, inflateSync } from 'node:zlib';
import type { Inflate } from '../formats/picture/types';

/** `Inflate` over node:zlib. */
export const nodeInflate: Inflate = (bytes, limit) => bounded(inflateSync, bytes, limit);

/** The same for gzip, of several members too. */
export const nodeGunzip: Inflate = (bytes, limit) => bounded(gunzipSync, bytes, limit);

/**
 * Output above the limit makes zlib throw without handing out what it had, so the input is halved until its output fits:
 * never more than `limit` bytes are in memory. A stream that was cut gives what it holds.
 */
function bounded(unpack: typeof inflateSync, bytes: Uint8Array, limit: number): ReturnType<Inflate> {
  const whole = attempt(unpack, bytes, limit, constants.Z_FINISH);
  if (whole instanceof Uint8Array) return { data: whole, complete: true };
  for (let take = whole === 'too-large' ? bytes.length >> 1 : bytes.length; take > 0; take >>= 1) {
    const part = attempt(unpack, bytes.subarray(0, take), limit, constants.Z_SYNC_FLUSH);
    if (part instanceof Uint8Array) return { data: part, complete: false };
    if (part === 'damaged') break;
  }
  return { data: new Uint8Array(0), complete: false };
}

function attempt(
  unpack: typeof inflateSync,
  bytes: Uint8Array,
  limit: number,
  finishFlush: number,
): Uint8Array | 'too-large' | 'damaged' {
  try {
    return unpack(bytes, { maxOutputLength: Math.max(limit, 1), finishFlush });
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'damaged';
  }
}
