import { installFacts } from '../../facts/registry/install';
import type { FactMap, Gathered } from '../../facts/snapshot';
import type { Check, CheckContext } from '../check';
import { type Described, describe, unscannedFacts } from './describe';
import { Look } from './look';
import { Search } from './search';
import { unscannedFolders } from './unscanned';

const provides = installFacts.map((spec) => spec.id);

/** Finds the WebUIs at the targets (or, searching, where they usually live) and says what each is, has and searches. */
export const installCheck: Check = {
  id: 'install',
  title: { en: 'Install and environment', zh: '安装与环境' },
  needs: [],
  provides,
  depth: 'quick',
  timeoutMs: 20_000,
  run,
};

function run(context: CheckContext): Gathered {
  const look = new Look(context.platform);
  const search = new Search(look);
  for (const target of context.targets) {
    if (context.signal.aborted) break;
    context.progress({ done: search.results().length, what: target });
    if (!look.exists(target)) look.note('missing', target);
    else if (!search.target(target) && !context.searching) look.note('no-install', target);
  }
  if (context.searching && !context.signal.aborted) search.usualPlaces();
  const described: Described[] = [];
  for (const install of search.results()) {
    if (context.signal.aborted) break;
    context.progress({ done: described.length, total: search.results().length, what: install.root });
    described.push(describe(look, install));
  }
  const facts: { [subjectId: string]: FactMap } = {};
  for (const one of described) {
    const others = described
      .filter((other) => other !== one)
      .map((other) => ({ root: other.install.root, lora: other.folders.lora }));
    const unscanned = unscannedFolders(look, one.install.ui, one.install.root, one.folders, others);
    facts[one.subject.id] = { ...one.facts, ...unscannedFacts(unscanned) };
  }
  return { subjects: described.map((one) => one.subject), facts, notes: look.notes };
}
