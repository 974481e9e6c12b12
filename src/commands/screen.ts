import type { Depth } from '../checks/check';
import { processTerminal } from '../platform/terminal';
import type { Report } from '../report/schema';
import { createSession, type WatchSession } from '../watch/session';
import { type CommandContext, fail } from './context';
import { type LoadedDoctor, loadDoctor } from './doctor';
import { announce, firstReport } from './first-finding';
import { scanWith } from './live-scan';
import { noSuchPath, targetsOf } from './targets';

/** Opens a session on what the command line names, or says why that cannot be. `first`: what is known before the first scan. */
export async function openSession(
  context: CommandContext,
  targets = targetsOf(context),
  first?: (doctor: LoadedDoctor) => Promise<Report | null>,
): Promise<WatchSession | number> {
  const missing = targets.paths.find((path) => context.platform.stat(path) === null);
  if (missing !== undefined) return fail(context, noSuchPath(missing, context.lang), 2);
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const known = (await first?.(doctor)) ?? null;
  const symptom = context.args.options.get('symptom');
  return createSession({
    scan: scanWith(doctor, { redact: context.redact && context.json }),
    questions: Object.entries(doctor.base.symptoms).map(([id, { title }]) => ({ id, title })),
    said: typeof symptom === 'string' ? symptom : null,
    request: {
      targets: targets.paths,
      searching: targets.searching,
      depth: (context.args.options.get('depth') as Depth | undefined) ?? 'normal',
      lang: context.lang,
    },
    now: () => context.platform.now(),
    ...(known ? { first: known } : {}),
  });
}

/** Shows a session on the screen until it is left: 0, or 130 after Ctrl-C. Ink is loaded only here; `begin` is called right before it draws. */
export async function showSession(context: CommandContext, session: WatchSession, begin = () => {}): Promise<number> {
  const { runScreen } = await import('../ui/app');
  begin();
  const { color, ascii, lang: language, signal } = context;
  const end = await runScreen({ session, language, color, ascii, signal, ...processTerminal() });
  return end === 'interrupt' ? 130 : 0;
}

/** No command on a terminal: one scan on the interactive screen. What can be said at once is said before the screen is loaded. */
export async function runScreenCommand(context: CommandContext): Promise<number> {
  let wipe = (): void => {};
  const targets = targetsOf(context);
  const session = await openSession(context, targets, async (doctor) => {
    const report = await firstReport(context, doctor, { targets: targets.paths, searching: targets.searching });
    if (report) wipe = announce(context, report);
    return report;
  });
  if (typeof session === 'number') return session;
  try {
    return await showSession(context, session, wipe);
  } finally {
    session.close();
  }
}
