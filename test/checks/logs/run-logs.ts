import type { Check } from '../../../src/checks/check';
import { buildRegistry } from '../../../src/facts/registry/index';
import { installFacts } from '../../../src/facts/registry/install';
import { logFacts } from '../../../src/facts/registry/log';
import type { Gathered } from '../../../src/facts/snapshot';
import { Store } from '../../../src/facts/store';
import { known } from '../../../src/facts/value';
import { nodePlatform } from '../../../src/platform/node';
import type { Platform } from '../../../src/platform/platform';

export const INSTALL = 'install:/x';

/** Runs a check of logs for one ComfyUI install with these files; the store refuses facts of the wrong type. */
export async function runLogs(
  check: Check,
  files: readonly string[],
  platform: Partial<Platform> = {},
): Promise<{ readonly store: Store; readonly gathered: Gathered }> {
  const store = new Store(buildRegistry([installFacts, logFacts]));
  store.add('install', new Set(['install.logFiles', 'install.ui']), {
    subjects: [{ kind: 'install', id: INSTALL, label: 'x' }],
    facts: { [INSTALL]: { 'install.logFiles': known([...files]), 'install.ui': known('comfyui') } },
    notes: [],
  });
  const gathered = await check.run({
    platform: { ...nodePlatform(), ...platform },
    signal: new AbortController().signal,
    depth: 'quick',
    targets: [],
    searching: false,
    facts: store,
    progress: () => undefined,
  });
  return { store, gathered };
}
