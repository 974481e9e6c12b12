import { createHash } from 'node:crypto';
import type { Hasher } from '../formats/hash/model-hashes';

/** SHA-256 of the system's library: the fastest there is. */
export function sha256(): Hasher {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    hex: () => hash.digest('hex'),
  };
}
