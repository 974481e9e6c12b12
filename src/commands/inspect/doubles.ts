import type { ByteSource } from '../../formats/bytes';
import { dataHash, sampleHash } from '../../formats/hash/model-hashes';
import { type Duplicates, findDuplicates, type Sums } from '../../inspect/duplicates';
import { type Platform, ReadError } from '../../platform/platform';
import { sha256 } from '../../platform/sha256';
import { LARGE } from '../thread';
import type { Looking } from './look-all';
import type { DataPlace } from './orders';
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
    const brief = byPath.get(path)?.brief;
    if (!brief || brief.sample !== undefined) return brief?.sample ?? null;
    const found = overData(placeOf(brief), platform, (bytes, dataStart) => sampleHash(bytes, dataStart, sha256));
    learn(path, { sample: found });
    return found;
  };
  const whole = async (path: string): Promise<Sums | null> => {
    const brief = byPath.get(path)?.brief;
    if (!brief || brief.whole !== undefined) return brief?.whole ?? null;
    if (signal.aborted) return null;
    const found = brief.size > LARGE ? await sumsAway(placeOf(brief), signal) : sumsOf(placeOf(brief), platform);
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

const placeOf = ({ path, size, dataBytes }: FileBrief): DataPlace => ({ path, dataStart: size - (dataBytes ?? 0) });

/** Hashes of a file as a whole and of its data. Null for what became shorter or cannot be read (any more). */
export function sumsOf(place: DataPlace, platform: Platform): Sums | null {
  return overData(place, platform, (bytes, dataStart) => ({
    file: dataHash(bytes, 0, sha256),
    data: dataHash(bytes, dataStart, sha256),
  }));
}

function overData<T>(
  { path, dataStart }: DataPlace,
  platform: Platform,
  use: (bytes: ByteSource, dataStart: number) => T,
): T | null {
  try {
    return platform.withFile(path, (bytes) => (dataStart <= bytes.size ? use(bytes, dataStart) : null));
  } catch (error) {
    if (error instanceof ReadError) return null;
    throw error;
  }
}
