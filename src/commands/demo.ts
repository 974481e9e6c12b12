import { buildDemo, type Demo } from '../demo/build';
import { t } from '../i18n/messages';
import { clean } from '../report/lines';
import { type CommandContext, fail } from './context';

/**
 * `demo`: makes a small faulty install in a temporary folder and opens it: the screen on a terminal, else the report (text,
 * or `--json`). `notice` is the line that says so on stderr. The folder is removed when the command ends. Exit status as `check`, 0 after the screen.
 */
export async function runDemo(
  context: CommandContext,
  build: () => Demo = buildDemo,
  notice: 'demo.made' | 'demo.instead' = 'demo.made',
): Promise<number> {
  const { lang } = context;
  let demo: Demo;
  try {
    demo = build();
  } catch (error) {
    const message = clean(error instanceof Error ? error.message : String(error), 300);
    return fail(
      context,
      { code: 'demo-failed', message: t(lang, 'demo.failed', { message }), remedy: t(lang, 'demo.failedHint') },
      3,
    );
  }
  try {
    context.stderr.write(`${t(lang, notice, { path: demo.path })}\n`);
    return context.interactive && !context.json ? await onScreen(context, demo.path) : await asReport(context, demo.path);
  } finally {
    demo.remove();
  }
}

async function onScreen(context: CommandContext, path: string): Promise<number> {
  const { openSession, showSession } = await import('./screen');
  const session = await openSession(context, { paths: [path], searching: false });
  if (typeof session === 'number') return session;
  try {
    return await showSession(context, session);
  } finally {
    session.close();
  }
}

/** The same as `check PATH`. */
async function asReport(context: CommandContext, path: string): Promise<number> {
  const { runCheck } = await import('./check');
  return runCheck({ ...context, args: { ...context.args, words: [path] } });
}
