import type { Subject } from '../facts/subject';
import { baseName } from '../formats/file-name';
import { hash64 } from './hash';
import { factAt, installOf, type Scope } from './resolve';
import type { Rule } from './rule';

/**
 * Names a finding, equal from run to run and machine to machine: the rule and either the values of its identity facts or
 * the place of its subject relative to the install.
 */
export function fingerprintOf(rule: Rule, scope: Scope, about: Subject): string {
  const values = rule.identity.map((factId) => {
    const { fact } = factAt(scope, factId);
    return fact.state === 'known' ? JSON.stringify(fact.value) : fact.state;
  });
  return hash64([rule.id, ...(rule.identity.length > 0 ? values : [place(scope, about)])].join('|'));
}

function place(scope: Scope, about: Subject): string {
  const install = installOf(scope);
  const root = install === undefined ? undefined : scope.store.subject(install)?.path;
  const path = about.path ?? about.id;
  const inside = root !== undefined && path.startsWith(root) ? path.slice(root.length) : baseName(path);
  return `${about.kind}:${inside.replaceAll('\\', '/')}${about.id.includes('#') ? about.id.slice(about.id.lastIndexOf('#')) : ''}`;
}
