import type { Depth } from '../checks/check';
import { processTerminal } from '../platform/terminal';
import { createSession, type WatchSession } from '../watch/session';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { scanWith } from './live-scan';
import { noSuchPath, targetsOf } from './targets';

/** Opens a session on what the command line names, or says why that cannot be. */
export async function openSession(context: CommandContext, targets = targetsOf(context)): Promise<WatchSession | number> {
  const missing = targets.paths.find((path) => context.platform.stat(path) === null);
  if (missing !== undefined) return fail(context, noSuchPath(missing, context.lang), 2);
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const symptom = context.args.options.get('symptom');
  return createSession({
    scan: scanWith(doctor, { symptoms: typeof symptom === 'string' ? [symptom] : [], redact: context.redact && context.json }),
    request: {
      targets: targets.paths,
      searching: targets.searching,
      depth: (context.args.options.get('depth') as Depth | undefined) ?? 'normal',
      lang: context.lang,
    },
    now: () => context.platform.now(),
  });
}

/** Shows a session on the screen until it is left: 0, or 130 after Ctrl-C. Ink is loaded only here. */
export async function showSession(context: CommandContext, session: WatchSession): Promise<number> {
  const { runScreen } = await import('../ui/app');
  const { color, ascii, lang: language, signal } = context;
  const end = await runScreen({ session, language, color, ascii, signal, ...processTerminal() });
  return end === 'interrupt' ? 130 : 0;
}

/** No command on a terminal: one scan on the interactive screen. */
export async function runScreenCommand(context: CommandContext): Promise<number> {
  const session = await openSession(context);
  if (typeof session === 'number') return session;
  try {
    return await showSession(context, session);
  } finally {
    session.close();
  }
}
