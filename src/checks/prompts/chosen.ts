import type { Ui } from '../../facts/families';
import type { FactMap, FactStore } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type Fact, known, na, unknown } from '../../facts/value';
import { findBase } from './models';
import type { Placed } from './order';

/**
 * What Forge and Neo would load together: the chosen checkpoint and the additional modules (text encoders, VAE) of the
 * settings (webui-a1111-family.md §4.7, §5.2). The newest request tells the checkpoint better than the settings do.
 */
export function chosenFacts(facts: FactStore, install: Subject, placed: readonly Placed[]): FactMap {
  const ui = facts.value<Ui>(install.id, 'install.ui');
  const modules = facts.value<readonly string[]>(install.id, 'install.forgeModules');
  if ((ui !== 'forge' && ui !== 'forge-neo') || modules === undefined) return all(na);
  const name = placed[0]?.generation.checkpoint ?? facts.value<string>(install.id, 'install.checkpointSetting');
  const base = name ? findBase(facts, install, name) : null;
  const inside = base && !base.isLora ? facts.value<readonly string[]>(base.subject.id, 'checkpoint.textEncoders') : undefined;
  const kind = base && facts.value<string>(base.subject.id, 'checkpoint.kind');
  if (!base || inside === undefined || !kind) return all(unknown('not-collected'));
  const missing = new Set(facts.value<readonly string[]>(install.id, 'install.forgeModulesMissing'));
  // A path that leads nowhere chooses nothing, even when a file of that name lies elsewhere (traps 34).
  const files = modules.filter((m) => !missing.has(m)).map((m) => fileOf(m));
  const among = (subjects: readonly Subject[]): number => subjects.filter((s) => files.includes(s.label.toLowerCase())).length;
  const encoders = among(facts.subjects('encoder'));
  const listed = new Set([...facts.subjects('encoder'), ...facts.subjects('vae')].map((s) => s.label.toLowerCase()));
  const foreign = modules.some((m) => !missing.has(m) && !listed.has(fileOf(m)));
  return {
    'install.chosenModel': known(base.subject.label),
    'install.chosenBare': known(inside.length === 0 && (kind === 'unet' || kind === 'checkpoint')),
    // A module outside of the folders that are looked through may be anything.
    'install.chosenEncoders': foreign && encoders === 0 ? unknown('not-collected') : known(encoders),
  };
}

function all(fact: Fact): FactMap {
  return { 'install.chosenModel': fact, 'install.chosenBare': fact, 'install.chosenEncoders': fact };
}

function fileOf(path: string): string {
  return path.slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1).toLowerCase();
}
