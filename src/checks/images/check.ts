import { imageFacts } from '../../facts/registry/image';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { known, unknown } from '../../facts/value';
import { ReadError } from '../../platform/platform';
import type { Check, CheckContext } from '../check';
import { lookAt } from './look-at';
import { type FoundPicture, isPictureName, newestPictures } from './newest';

const ID = 'images';
const HOW_MANY = { quick: 12, normal: 24, deep: 100 } as const;
/** Decompressed bytes judged in one run. */
const PIXEL_BUDGET = 192 << 20;

interface Candidate extends FoundPicture {
  readonly install: string | null;
  readonly index: number;
}

/** Looks at the newest pictures of each install and at picture files the user named: what they look like and whether they tell how they were made. */
export const imagesCheck: Check = {
  id: ID,
  title: { en: 'Pictures', zh: '图片' },
  needs: ['install'],
  provides: imageFacts.map((f) => f.id),
  depth: 'quick',
  timeoutMs: 30_000,
  run: (context) => gather(context),
};

async function gather(context: CheckContext): Promise<Gathered> {
  const notes: Note[] = [];
  const subjects: Subject[] = [];
  const facts: Record<string, FactMap> = {};
  let budget = PIXEL_BUDGET;
  const all = candidates(context, notes);
  for (const [done, picture] of all.entries()) {
    if (context.signal.aborted) break;
    context.progress({ done, total: all.length, what: picture.path });
    const id = `image:${picture.path}`;
    if (facts[id]) continue;
    const label = picture.path.split(/[\\/]/).pop() ?? picture.path;
    subjects.push({
      kind: 'image',
      id,
      path: picture.path,
      label,
      ...(picture.install ? { links: { install: picture.install } } : {}),
    });
    const common: FactMap = {
      'image.path': known(picture.path),
      'image.index': known(picture.index),
      'image.mtime': known(Math.floor(picture.info.mtimeMs / 1000)),
    };
    try {
      const { facts: seen, cost } = context.platform.withFile(picture.path, (bytes) => lookAt(bytes, budget > 0));
      budget -= cost;
      facts[id] = { ...common, ...seen };
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      facts[id] = { ...common, 'image.look': unknown('unreadable', error.code) };
      notes.push({ check: ID, code: 'unreadable', path: picture.path, detail: error.code });
    }
    // Let a deadline or a key press in between two pictures.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  if (budget <= 0) notes.push({ check: ID, code: 'pixel-budget', detail: 'not every picture was decoded' });
  return { subjects, facts, notes };
}

function candidates(context: CheckContext, notes: Note[]): Candidate[] {
  const { facts, platform, depth } = context;
  const out: Candidate[] = [];
  for (const target of context.targets) {
    const info = isPictureName(target) ? platform.stat(target) : null;
    if (info?.kind === 'file') out.push({ path: target, info, install: ownerOf(context, target), index: 0 });
  }
  for (const install of facts.subjects('install')) {
    const folders = facts.value<readonly string[]>(install.id, 'install.outputFolders') ?? [];
    const newest = newestPictures(platform, folders, HOW_MANY[depth], (path) => notes.push({ check: ID, code: 'budget', path }));
    for (const [index, found] of newest.entries()) out.push({ ...found, install: install.id, index });
  }
  return out;
}

/** The install in whose folder a file lies. */
function ownerOf(context: CheckContext, path: string): string | null {
  const owner = context.facts
    .subjects('install')
    .find((i) => i.path !== undefined && (path.startsWith(`${i.path}/`) || path.startsWith(`${i.path}\\`)));
  return owner?.id ?? null;
}
