import type { CacheEntry } from './entries';

/** What a comparison of a file with its cached entries says. */
export interface Staleness {
  readonly stale: boolean;
  readonly reason: 'older-file' | 'metadata-differs' | null;
}

/** File systems and archives keep times to two seconds at worst. */
const TOLERANCE_SECONDS = 2.5;
/** Keys that the WebUI itself takes out of, or adds to, what it keeps. */
const NOT_KEPT = /^(?:ssmd_cover_images|modelspec\.thumbnail)$/;
/** Keys that tell two trainings, or two epochs of one, apart. */
const TELLING = [
  'sshs_model_hash',
  'sshs_legacy_hash',
  'ss_new_sd_model_hash',
  'ss_session_id',
  'ss_epoch',
  'ss_steps',
  'ss_training_finished_at',
];

/**
 * The WebUI discards an entry only when the file is *newer* than the entry says (webui-a1111-family.md §5.3). So an entry is
 * outdated and kept when the file is not newer and yet another one: its metadata differ, or (no metadata to compare) its
 * time is older.
 *
 * @param metadata of the file itself; null when it has no readable header.
 */
export function judge(
  mtimeSeconds: number,
  entries: readonly CacheEntry[],
  metadata: ReadonlyMap<string, string> | null,
): Staleness {
  const kept = entries.filter((entry) => mtimeSeconds <= entry.mtime + 0.001);
  const described = kept.find((entry) => entry.metadata !== null);
  if (described?.metadata && metadata) {
    if (!sameMetadata(described.metadata, metadata)) return { stale: true, reason: 'metadata-differs' };
    if (TELLING.some((key) => metadata.has(key))) return { stale: false, reason: null };
  }
  const older = kept.some((entry) => entry.mtime - mtimeSeconds > TOLERANCE_SECONDS);
  return older ? { stale: true, reason: 'older-file' } : { stale: false, reason: null };
}

function sameMetadata(cached: ReadonlyMap<string, unknown>, file: ReadonlyMap<string, string>): boolean {
  const keys = (map: ReadonlyMap<string, unknown>): string[] => [...map.keys()].filter((key) => !NOT_KEPT.test(key));
  const fileKeys = keys(file);
  if (keys(cached).length !== fileKeys.length) return false;
  return fileKeys.every((key) => {
    const value = cached.get(key);
    // Values that begin with `{` were parsed before they were kept: their text is not comparable.
    return value !== undefined && (typeof value !== 'string' || value === file.get(key));
  });
}
