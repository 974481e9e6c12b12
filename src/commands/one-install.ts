import path from 'node:path';
import type { Problem } from '../report/problem';
import { type Looked, look } from '../scan/scan';
import type { CommandContext } from './context';
import type { LoadedDoctor } from './doctor';
import { noSuchPath } from './targets';

/** What must be known of an install to tell what a prompt loads there. */
const NEEDED = new Set(['install', 'lora']);
const LEVELS = 8;

export interface Where {
  /** A file that may lie inside an install. */
  readonly near: string | null;
  /** Look in the current folder and the usual places when nothing is named. */
  readonly search: boolean;
}

/**
 * The install to judge by: the one of `--install`, else the one in which `near` lies, else those of the current folder and the
 * usual places. Without any of them the store is empty.
 */
export async function lookAtInstall(context: CommandContext, doctor: LoadedDoctor, where: Where): Promise<Looked | Problem> {
  const named = context.args.options.get('install');
  const root = typeof named === 'string' ? path.resolve(context.cwd, named) : null;
  if (root !== null && context.platform.stat(root) === null) return noSuchPath(root, context.lang);
  const owner = root ?? (where.near === null ? null : ownerOf(context, where.near));
  const targets = owner !== null ? [owner] : where.search ? [context.cwd] : [];
  const checks = targets.length === 0 ? [] : doctor.checks.filter((c) => NEEDED.has(c.id));
  const looked = await look(
    { ...doctor, checks },
    { targets, searching: owner === null, depth: 'normal', symptoms: [], signal: context.signal },
  );
  if (root === null || looked.store.subjects('install').length > 0) return looked;
  const remedy = context.lang === 'en' ? 'or name the kind of program: --ui a1111' : '或指定程序种类：--ui a1111';
  return { code: 'no-install', message: context.lang === 'en' ? 'no WebUI was found there' : '该处没有找到 WebUI', remedy };
}

/** The folder above a file in which a program stands. */
function ownerOf({ platform }: CommandContext, file: string): string | null {
  let folder = path.dirname(file);
  for (let level = 0; level < LEVELS; level++) {
    if (['launch.py', 'main.py', 'entry_with_update.py'].some((name) => platform.stat(path.join(folder, name))?.kind === 'file'))
      return folder;
    const above = path.dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return null;
}
