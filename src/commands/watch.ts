import { t } from '../i18n/messages';
import { followLog } from '../watch/follow';
import { goLive } from '../watch/live';
import { NewLogs } from '../watch/new-logs';
import { watchFiles } from '../watch/watcher';
import { writeEvents } from '../watch/write';
import type { CommandContext } from './context';
import { openSession, showSession } from './screen';

/** `watch [PATH]`: the screen on a terminal, events as text when piped, one JSON document a line with `--json`. Ends with Ctrl-C (130). */
export async function runWatch(context: CommandContext): Promise<number> {
  const session = await openSession(context);
  if (typeof session === 'number') return session;
  const now = () => context.platform.now();
  const stop = new AbortController();
  const { lang } = context;
  const onScreen = context.interactive && !context.json;
  const newLogs = new NewLogs(context.platform, (paths) =>
    session.apply(paths.map((path) => ({ kind: 'added', path, at: now() }))),
  );
  goLive({
    session,
    watchFiles,
    followLog: (path, options) => followLog(path, { ...options, platform: context.platform }),
    now,
    signal: stop.signal,
    onPlaces: ({ folders, logs, logFolders }) => {
      newLogs.look(logFolders);
      if (!onScreen) context.stderr.write(`${t(lang, 'watch.watching', { folders: folders.length, logs: logs.length })}\n`);
    },
  });
  try {
    if (onScreen) return await showSession(context, session);
    const { home } = context.identity;
    writeEvents(session, {
      ...context,
      now,
      fold: (text) => (context.redact && home.length > 1 ? text.replaceAll(home, '~') : text),
    });
    await aborted(context.signal);
    return 130;
  } finally {
    stop.abort();
    newLogs.stop();
    session.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // Nothing else may hold the process: no folder to watch, or a log that is not there yet.
    const alive = setInterval(() => undefined, 60_000);
    const ended = () => {
      clearInterval(alive);
      resolve();
    };
    signal.addEventListener('abort', ended, { once: true });
  });
}
