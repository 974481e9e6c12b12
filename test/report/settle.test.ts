import { expect, it } from 'vitest';
import { registry } from '../../src/facts/registry/all';
import { LANGUAGES } from '../../src/i18n/language';
import { settleHow } from '../../src/report/settle';

it.each(LANGUAGES)('says what to do to learn a fact (%s)', (lang) => {
  const how = (fact: string): string => settleHow(fact, registry.get(fact), 'not-stated', lang);
  expect(how('lora.nan')).toContain('--weights');
  expect(how('install.liveState')).toContain('--live');
  expect(how('log.signals')).toContain('lora-doctor log');
  expect(how('use.effect')).not.toBe(how('use.name'));
  // Without a step the reason stands there, in words.
  expect(how('machine.symptoms')).not.toContain('not-stated');
  expect(how('no.such.fact')).toContain('no.such.fact');
});
