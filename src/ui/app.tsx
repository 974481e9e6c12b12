import { render, useApp, useInput } from 'ink';
import { type ReactElement, useEffect, useReducer, useRef, useState } from 'react';
import type { Language } from '../i18n/language';
import type { Session } from '../watch/session-types';
import { Picture } from './components/picture';
import { useSession, useTerminalSize, useTick } from './hooks';
import { type Action, actionFor, keyNames } from './keymap';
import { initialState, reduce, type UiEvent, type UiState } from './state';
import { screenLines, screenOf, surroundings } from './views/screen';
import { canvas } from './views/view';

export interface ScreenOptions {
  readonly session: Session;
  readonly language: Language;
  readonly color: boolean;
  readonly ascii: boolean;
  /** The terminal. Both must be TTYs: the caller uses plain text otherwise. */
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Ends the screen from outside (a signal). */
  readonly signal?: AbortSignal;
}

/** How the screen was left. */
export type ScreenEnd = 'quit' | 'interrupt';

interface AppProps {
  readonly session: Session;
  readonly firstLanguage: Language;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly signal?: AbortSignal | undefined;
}

function App({ session, firstLanguage, color, ascii, signal }: AppProps): ReactElement | null {
  const { exit } = useApp();
  const [language, setLanguage] = useState(firstLanguage);
  const [ui, dispatch] = useReducer(reduce, initialState);
  const [end, setEnd] = useState<ScreenEnd | null>(null);
  const state = useSession(session);
  const size = useTerminalSize();
  const tick = useTick(state.phase === 'scanning');
  const page = canvas(size, language, ascii);
  // Keys may come faster than effects run: they always act on what was drawn last.
  const drawn = useRef({ ui, state, page });
  drawn.current = { ui, state, page };

  useEffect(() => {
    if (state.report) dispatch({ type: 'report', order: state.report.findings.map((finding) => finding.fingerprint) });
  }, [state.report]);

  useEffect(() => {
    const stop = () => setEnd('interrupt');
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    return () => signal?.removeEventListener('abort', stop);
  }, [signal]);

  // The picture is wiped first (an empty frame), then the app ends: nothing of it stays in the terminal.
  useEffect(() => {
    if (end !== null) exit(end);
  }, [end, exit]);

  const effect = (action: Action, at: UiState) => {
    if (action === 'quit' || action === 'interrupt') setEnd(action);
    if (action === 'rescan') session.rescan();
    if (action === 'open' && at.screen === 'symptoms') session.say(session.questions()[at.choice - 1]?.id ?? null);
    if (action !== 'language') return;
    const other = language === 'en' ? 'zh-CN' : 'en';
    setLanguage(other);
    session.setLanguage(other);
  };

  useInput((input, key) => {
    // Several keys may arrive at once; each acts on what the one before has made.
    let current = drawn.current.ui;
    const { state: now, page: at } = drawn.current;
    for (const name of keyNames(input, key)) {
      const action = actionFor(screenOf(current, now), name);
      if (action === null) continue;
      effect(action, current);
      const event: UiEvent = { type: 'action', action, around: surroundings(current, now, at, session.questions()) };
      current = reduce(current, event);
      drawn.current = { ...drawn.current, ui: current };
      dispatch(event);
    }
  });

  return end === null ? <Picture lines={screenLines(ui, state, tick, page, session.questions())} color={color} /> : null;
}

/**
 * Shows the interactive screen until it is left. Raw mode and the hidden cursor are undone on every way out. The session
 * stays open: whoever made it closes it.
 */
export async function runScreen(options: ScreenOptions): Promise<ScreenEnd> {
  const { session, language, color, ascii, stdin, stdout, stderr, signal } = options;
  const app = <App session={session} firstLanguage={language} color={color} ascii={ascii} signal={signal} />;
  const instance = render(app, { stdin, stdout, stderr, exitOnCtrlC: false, patchConsole: false, maxFps: 20 });
  const end: unknown = await instance.waitUntilExit();
  instance.cleanup();
  return end === 'interrupt' ? 'interrupt' : 'quit';
}
