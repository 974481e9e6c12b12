import fs from 'node:fs';
import os from 'node:os';
import { execProgram } from './exec';
import { readWhole, statPath, withFile } from './file';
import { askGraphics } from './graphics/ask';
import { httpGet } from './http-get';
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
    exec: execProgram,
    graphics: askGraphics,
    httpGet,
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
