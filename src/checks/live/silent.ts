import { na } from '../../facts/value';
import type { Check } from '../check';

/** Stands in for the live check when nobody asked for it (`--live`): a program that was not asked has no say. */
export const silentLiveCheck: Check = {
  id: 'live',
  title: { en: 'The running program', zh: '正在运行的程序' },
  needs: ['install'],
  provides: ['install.liveState', 'install.liveUnlisted'],
  depth: 'quick',
  timeoutMs: 1000,
  run: ({ facts }) => ({
    subjects: [],
    facts: Object.fromEntries(
      facts.subjects('install').map((i) => [i.id, { 'install.liveState': na, 'install.liveUnlisted': na }]),
    ),
    notes: [],
  }),
};
