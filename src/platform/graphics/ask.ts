import { type DisplayDevice, readControllers } from '../../formats/display-devices';
import { findAsset } from '../assets';
import { runProgram, safeSearchPath } from '../exec';
import type { Platform } from '../platform';

/** See `Platform.graphics`. Null when the listing program is missing, fails or takes too long. */
export async function askGraphics(options: Parameters<Platform['graphics']>[0]): Promise<readonly DisplayDevice[] | null> {
  const script = findAsset('graphics-worker.js');
  if (script === null || options.signal.aborted) return null;
  const searchPath = safeSearchPath(options.notInside ?? []);
  const result = await runProgram(process.execPath, [script], { ...options, searchPath });
  if (result === null || result.timedOut || result.code !== 0) return null;
  return readControllers(new TextDecoder().decode(result.stdout), process.platform === 'linux');
}
