import { imageFacts } from '../../facts/registry/image';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { known, unknown } from '../../facts/value';
import { baseName, isInside } from '../../formats/file-name';
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
  const gathered = await lookAtAll(context, candidates(context, notes));
  return { ...gathered, notes: [...notes, ...gathered.notes] };
}

/** Pictures that the user names, and nothing else; `install`: the one they are judged by. */
export function gatherPictures(context: CheckContext, paths: readonly string[], install: string | null): Promise<Gathered> {
  const pictures = paths.flatMap((path): Candidate[] => {
    const info = context.platform.stat(path);
    return info ? [{ path, info, install, index: 0 }] : [];
  });
  return lookAtAll(context, pictures);
}

async function lookAtAll(context: CheckContext, all: readonly Candidate[]): Promise<Gathered> {
  const notes: Note[] = [];
  const subjects: Subject[] = [];
  const facts: Record<string, FactMap> = {};
  let budget = PIXEL_BUDGET;
  for (const [done, picture] of all.entries()) {
    if (context.signal.aborted) break;
    context.progress({ done, total: all.length, what: picture.path });
    const { id, subject } = subjectOf(picture);
    if (facts[id]) continue;
    subjects.push(subject);
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
      notes.push({ check: ID, code: `unreadable-${error.code}`, path: picture.path, detail: error.message });
    }
    // Let a deadline or a key press in between two pictures.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  if (budget <= 0) notes.push({ check: ID, code: 'pixel-budget' });
  return { subjects, facts, notes };
}

function subjectOf({ path, install }: Candidate): { id: string; subject: Subject } {
  const id = `image:${path}`;
  const label = baseName(path);
  return { id, subject: { kind: 'image', id, path, label, ...(install ? { links: { install } } : {}) } };
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
  const owner = context.facts.subjects('install').find((i) => i.path !== undefined && isInside(i.path, path));
  return owner?.id ?? null;
}
