import { ReadAhead } from '../formats/read-ahead';
import { readSafetensors } from '../formats/safetensors';
import { TableMemo } from '../formats/safetensors-memo';
import { withFile } from '../platform/file';
import { ReadError } from '../platform/platform';
import { sameBytes } from '../platform/same-bytes';
import { installedMaths } from './installed';
import { lookAtWeights, type WeightsLook, type WeightsOptions } from './look';

/** A file to look at; all of it can be sent to another thread. */
export interface WeighJob {
  readonly path: string;
  /** Bytes, where they are known. */
  readonly size?: number;
  readonly options: Omit<WeightsOptions, 'maths' | 'stop'>;
}

/** What was seen (`modules` is left empty: hundreds of them would be copied between threads), or why not: a code of ReadError, or `damaged`. */
export type Weighed = { readonly look: WeightsLook } | { readonly error: ReadError['code'] | 'damaged' };

/** What the files that a thread looks at share. */
const AHEAD = new ReadAhead();
const MEMO = new TableMemo(sameBytes);

/** Looks at the weights of one file. */
export function weigh({ path, options }: WeighJob, stop?: () => boolean): Weighed {
  try {
    return withFile(path, (bytes) => {
      const read = readSafetensors(AHEAD.over(bytes), MEMO);
      if (!read.ok) return { error: 'damaged' };
      const look = lookAtWeights(bytes, read.header, { ...options, maths: installedMaths(), ...(stop ? { stop } : {}) });
      return { look: { ...look, modules: [] } };
    });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { error: error.code };
  }
}
