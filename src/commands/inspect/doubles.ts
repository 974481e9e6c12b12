import type { ByteSource } from '../../formats/bytes';
import { dataHash, sampleHash } from '../../formats/hash/model-hashes';
import { type Duplicates, findDuplicates, type Sums } from '../../inspect/duplicates';
import { type Platform, ReadError } from '../../platform/platform';
import { sha256 } from '../../platform/sha256';
import { LARGE, type Looking } from './look-all';
import { sumsAway } from './threads';
import type { FileBrief, InspectedFile } from './types';

/** Files that hold the same. What had to be read for it is remembered; large files are read by a thread. */
export function doublesAmong(
  files: readonly InspectedFile[],
  { remembered, platform, signal }: Pick<Looking, 'remembered' | 'platform' | 'signal'>,
): Promise<Duplicates[]> {
  const byPath = new Map(files.map((file) => [file.brief.path, file]));
  const learn = (path: string, what: Pick<FileBrief, 'sample'> | Pick<FileBrief, 'whole'>): void => {
    const file = byPath.get(path);
    if (!file) return;
    file.brief = { ...file.brief, ...what };
    remembered?.amend(file.brief);
  };
  const sample = (path: string): string | null => {
    const known = byPath.get(path)?.brief.sample;
    if (known !== undefined) return known;
    const found = overData(path, platform, (bytes, dataStart) => sampleHash(bytes, dataStart, sha256));
    learn(path, { sample: found });
    return found;
  };
  const whole = async (path: string): Promise<Sums | null> => {
    const brief = byPath.get(path)?.brief;
    if (brief?.whole !== undefined) return brief.whole;
    if (signal.aborted) return null;
    const large = (brief?.size ?? 0) > LARGE;
    const found = large ? await sumsAway(path, signal) : sumsOf(path, platform);
    if (!signal.aborted) learn(path, { whole: found });
    await new Promise<void>((resolve) => setImmediate(resolve));
    return found;
  };
  return findDuplicates(
    files.map(({ brief }) => brief),
    sample,
    whole,
  );
}

/** Hashes of a file as a whole and of its data. Null for what has no header or cannot be read (any more). */
export function sumsOf(path: string, platform: Platform): Sums | null {
  return overData(path, platform, (bytes, dataStart) => ({
    file: dataHash(bytes, 0, sha256),
    data: dataHash(bytes, dataStart, sha256),
  }));
}

function overData<T>(path: string, platform: Platform, use: (bytes: ByteSource, dataStart: number) => T): T | null {
  try {
    return platform.withFile(path, (bytes) => {
      const length = bytes.read(0, 8);
      const dataStart =
        length.length < 8 ? Infinity : 8 + Number(new DataView(length.buffer, length.byteOffset).getBigUint64(0, true));
      return dataStart <= bytes.size ? use(bytes, dataStart) : null;
    });
  } catch (error) {
    if (error instanceof ReadError) return null;
    throw error;
  }
}
