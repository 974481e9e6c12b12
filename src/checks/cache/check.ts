import { basename, extname } from 'node:path';
import { cacheFacts } from '../../facts/registry/cache';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { known } from '../../facts/value';
import { readSafetensors } from '../../formats/safetensors';
import { ReadError } from '../../platform/platform';
import type { Check, CheckContext } from '../check';
import { type Cache, type CacheEntry, readCache } from './entries';
import { judge } from './judge';

const FAMILY: ReadonlySet<string> = new Set(['a1111', 'forge', 'reforge', 'forge-classic', 'forge-neo']);

/** Compares the WebUI's own caches of hashes and metadata with the LoRA files (webui-a1111-family.md §5.3). */
export const cacheCheck: Check = {
  id: 'cache',
  title: { en: "The WebUI's caches", zh: 'WebUI 的缓存' },
  needs: ['install', 'lora'],
  provides: cacheFacts.map((spec) => spec.id),
  depth: 'normal',
  timeoutMs: 20_000,
  run,
};

function run(context: CheckContext): Gathered {
  const { facts: store, platform } = context;
  const notes: Note[] = [];
  const facts: { [subjectId: string]: FactMap } = {};
  for (const install of store.subjects('install')) {
    const ui = store.value<string>(install.id, 'install.ui');
    const data = store.value<string>(install.id, 'install.dataPath');
    if (ui === undefined || data === undefined || !FAMILY.has(ui)) continue;
    const cache = readCache(platform, data, notes);
    if (cache.size === 0) continue;
    for (const lora of store.subjects('lora')) {
      if (lora.links?.install !== install.id || context.signal.aborted) continue;
      const found = factsFor(context, lora, cache);
      if (found) facts[lora.id] = found;
    }
  }
  return { subjects: [], facts, notes };
}

/** Titles carry neither folder nor extension. `.safetensors` files have their own hash section. */
function factsFor({ platform }: CheckContext, lora: Subject, cache: Cache): FactMap | null {
  if (lora.path === undefined) return null;
  const extension = extname(lora.path);
  const title = `lora/${basename(lora.path, extension)}`;
  const safetensors = extension.toLowerCase() === '.safetensors';
  const hashSection = cache.get(safetensors ? 'hashes-addnet' : 'hashes');
  const metaSection = safetensors ? cache.get('safetensors-metadata') : undefined;
  const [hash, meta] = [hashSection?.entries.get(title), metaSection?.entries.get(title)];
  const entries = [hash, meta].filter((entry): entry is CacheEntry => entry !== undefined);
  const first = entries[0];
  const info = platform.stat(lora.path);
  if (!first || !info) return null;
  const source = { path: (hash ? hashSection : metaSection)?.path ?? '', text: title };
  const { stale, reason } = judge(info.mtimeMs / 1000, entries, safetensors ? metadataOf(platform, lora.path) : null);
  return {
    'lora.cacheStale': known(stale, source),
    'lora.cacheMtime': known(first.mtime, source),
    ...(hash?.sha256 ? { 'lora.cacheSha256': known(hash.sha256, source) } : {}),
    ...(reason === null ? {} : { 'lora.cacheReason': known(reason, source) }),
  };
}

function metadataOf(platform: CheckContext['platform'], path: string): ReadonlyMap<string, string> | null {
  try {
    return platform.withFile(path, (bytes) => {
      const result = readSafetensors(bytes);
      return result.ok ? result.header.metadata : null;
    });
  } catch (error) {
    if (error instanceof ReadError) return null;
    throw error;
  }
}
