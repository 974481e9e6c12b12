import fs from 'node:fs';
import os from 'node:os';
import { readWhole, statPath, withFile } from './file';
import { nameFromBytes, systemPath } from './names';
import type { Platform } from './platform';
import { diskFree, memoryInfo } from './system';
import { listFolder, walkFolder } from './walk';

const OS: { readonly [platform: string]: Platform['os'] } = { win32: 'windows', linux: 'linux', darwin: 'macos' };

/** The system through Node. File names that are no UTF-8 are strings with U+DC80…DCFF for each such byte (`names.ts`). */
export function nodePlatform(): Platform {
  return {
    os: OS[process.platform] ?? 'other',
    home: homeFolder(),
    env: process.env,
    now: () => Date.now(),
    stat: statPath,
    realPath,
    list: listFolder,
    walk: walkFolder,
    withFile,
    readFile: readWhole,
    // Starting programs and asking the network need modules that most calls do without.
    exec: async (name, args, options) => (await import('./exec')).execProgram(name, args, options),
    graphics: async (options) => (await import('./graphics/ask')).askGraphics(options),
    httpGet: async (url, options) => (await import('./http-get')).httpGet(url, options),
    memory: memoryInfo,
    diskFree,
  };
}

/** A user whom the system does not list (a container's number) has none without HOME, nor with an empty one: `/`. */
function homeFolder(): string {
  try {
    return os.homedir() || '/';
  } catch {
    return '/';
  }
}

function realPath(path: string): string | null {
  try {
    return nameFromBytes(fs.realpathSync.native(systemPath(path, process.platform === 'win32'), { encoding: 'buffer' }));
  } catch {
    return null;
  }
}
