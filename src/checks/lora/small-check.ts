import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import type { Check, CheckContext } from '../check';
import { add, find, loraCheck } from './check';
import { installFolders, type ModelFolder, targetFolders } from './folders';
import { lookAt, startReading } from './look';

/** A download that failed left nothing, a web page, an error message or a git-lfs pointer: never much. */
const SMALL = 64 * 1024;
/** Enough for a first word; the real check follows. */
const MAX_FILES = 20;
const MAX_MS = 120;

/**
 * A first look for impatient people: only files in LoRA folders that are too small to be a LoRA of use. What it says of such a
 * file stands; of all others it says nothing.
 */
export const smallLoraCheck: Check = { ...loraCheck, run: gather };

function gather(context: CheckContext): Gathered {
  const subjects = new Map<string, Subject>();
  const facts: { [subjectId: string]: FactMap } = {};
  const notes: Note[] = [];
  const reading = startReading(context.platform, true);
  const until = context.platform.now() + MAX_MS;
  for (const folder of loraFolders(context)) {
    for (const file of find(context, folder, notes)) {
      if (subjects.size >= MAX_FILES || context.signal.aborted || context.platform.now() > until) break;
      if (file.info.size <= SMALL) add(context, lookAt(context.platform, file, reading, notes), reading, subjects, facts);
    }
  }
  return { subjects: [...subjects.values()], facts, notes: [] };
}

function loraFolders(context: CheckContext): ModelFolder[] {
  const folders = installFolders(context.facts);
  if (!context.searching) folders.push(...targetFolders(context, folders));
  return folders.filter((folder) => folder.kind === 'lora' || folder.install === null);
}
