import { installCheck } from '../checks/install/check';
import { registry } from '../facts/registry/all';
import { Store } from '../facts/store';
import { type Platform, ReadError } from '../platform/platform';
import { runChecks } from '../scan/run-checks';
import type { CommandContext } from './context';
import { isModelFile } from './model-files';

/** The two ways to go on, loaded when one is taken. A test hands in its own. */
const WAYS = {
  screen: async (context: CommandContext): Promise<number> => (await import('./screen')).runScreenCommand(context),
  demo: async (context: CommandContext): Promise<number> => {
    const { runDemo } = await import('./demo');
    const { buildDemo } = await import('../demo/build');
    return runDemo(context, buildDemo, 'demo.instead');
  },
};

/**
 * No command on a terminal: the screen on the path that is named, or on what is found in the current folder and the usual
 * places; when there is nothing, on the built-in faulty install, and one line on stderr says so.
 */
export async function runStart(context: CommandContext, ways = WAYS): Promise<number> {
  if (context.args.words.length > 0 || (await isSomethingHere(context))) return ways.screen(context);
  return context.signal.aborted ? 130 : ways.demo(context);
}

/** An install that a search finds, or a model file in the current folder itself. */
async function isSomethingHere({ platform, cwd, signal }: CommandContext): Promise<boolean> {
  const store = new Store(registry);
  await runChecks({ checks: [installCheck], store, platform, targets: [cwd], searching: true, depth: 'quick', signal });
  return store.subjects('install').length > 0 || namesIn(platform, cwd).some(isModelFile);
}

function namesIn(platform: Platform, folder: string): readonly string[] {
  try {
    return platform.list(folder);
  } catch (error) {
    if (error instanceof ReadError) return [];
    throw error;
  }
}
