import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Check } from '../../src/checks/check';
import { cacheFacts } from '../../src/facts/registry/cache';
import { gpuFacts } from '../../src/facts/registry/gpu';
import { buildRegistry } from '../../src/facts/registry/index';
import { installFacts } from '../../src/facts/registry/install';
import { logFacts } from '../../src/facts/registry/log';
import { machineFacts } from '../../src/facts/registry/machine';
import { Store } from '../../src/facts/store';
import { nodePlatform } from '../../src/platform/node';
import type { Platform } from '../../src/platform/platform';

/** Files by relative path; a name that ends in `/` is an empty folder. */
export type Plan = { readonly [name: string]: string | Uint8Array };

export function tempFolder(): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'planted-')));
}

export function plant(root: string, plan: Plan): string {
  for (const [name, content] of Object.entries(plan)) {
    const file = path.join(root, name);
    fs.mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) fs.writeFileSync(file, content);
  }
  return root;
}

export const A1111: Plan = {
  'launch.py': '',
  'webui.py': '',
  'modules/launch_utils.py': '',
  'extensions-builtin/Lora/lora_logger.py': '',
  'models/Lora/': '',
  'models/Stable-diffusion/': '',
};

export const COMFY: Plan = {
  'main.py': '',
  'nodes.py': '',
  'folder_paths.py': '',
  'execution.py': '',
  'comfy/sd.py': '',
  'comfyui_version.py': '__version__ = "0.3.64"\n',
  'models/loras/': '',
  'models/checkpoints/': '',
};

export const registry = () => buildRegistry([installFacts, machineFacts, gpuFacts, cacheFacts, logFacts]);

/** Runs checks one after the other; nothing is refused by the registry without the test noticing. */
export async function runChecks(
  checks: readonly Check[],
  targets: readonly string[],
  options: { searching?: boolean; platform?: Partial<Platform>; store?: Store } = {},
): Promise<Store> {
  const store = options.store ?? new Store(registry());
  const platform: Platform = { ...nodePlatform(), ...options.platform };
  for (const check of checks) {
    const gathered = await check.run({
      platform,
      signal: new AbortController().signal,
      depth: 'normal',
      targets,
      searching: options.searching ?? false,
      facts: store,
      progress: () => undefined,
    });
    store.add(check.id, new Set(check.provides), gathered);
    store.ended({ id: check.id, status: 'ok', ms: 0 });
  }
  const refused = store.notes().filter((note) => note.code === 'undeclared-fact' || note.code === 'wrong-type');
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  return store;
}
