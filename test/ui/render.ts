import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Language } from '../../src/i18n/language';
import type { Question, Session, SessionState } from '../../src/watch/session-types';
import { Terminal } from './terminal';

/** Ink writes only the last frame when it believes to run in CI; these tests want the real thing. Read once, at import. */
process.env.CI = 'false';
process.env.CONTINUOUS_INTEGRATION = 'false';

class FakeStdout extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly terminal: Terminal;
  raw = '';

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.terminal = new Terminal(columns);
  }

  readonly write = (data: string | Uint8Array): boolean => {
    const text = String(data);
    this.raw += text;
    this.terminal.write(text);
    this.emit('drawn');
    return true;
  };
}

class FakeStdin extends PassThrough {
  readonly isTTY = true;
  rawMode = false;
  setRawMode(on: boolean): this {
    this.rawMode = on;
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** A session whose state the test sets by hand. */
export class FakeSession implements Session {
  #state: SessionState;
  readonly #listeners = new Set<() => void>();
  readonly asked: string[] = [];

  constructor(state: SessionState) {
    this.#state = state;
  }
  set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  current = (): SessionState => this.#state;
  rescan(): void {
    this.asked.push('rescan');
  }
  setLanguage(language: Language): void {
    this.asked.push(language);
  }
  questions(): readonly Question[] {
    return [
      { id: 'black-image', title: { en: 'Black picture', zh: '黑图' } },
      { id: 'no-effect', title: { en: 'No effect', zh: '没有效果' } },
    ];
  }
  say(symptom: string | null): void {
    this.asked.push(`say ${symptom}`);
  }
  close(): void {
    this.asked.push('close');
  }
}

export interface Shown {
  readonly stdin: FakeStdin;
  readonly stdout: FakeStdout;
  readonly ended: Promise<string>;
  /** The rows that the terminal shows, without blanks at their ends. */
  screen(): string[];
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen satisfies `wanted` (a text it must hold, or a test); fails with the screen as it stands. */
  waitFor(wanted: string | RegExp | ((screen: string) => boolean)): Promise<string>;
}

export interface ShowOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly language?: Language;
  readonly color?: boolean;
  readonly ascii?: boolean;
  readonly signal?: AbortSignal;
}

/** Runs the real screen in a small terminal made of code. */
export async function showScreen(session: Session, options: ShowOptions = {}): Promise<Shown> {
  const { runScreen } = await import('../../src/ui/app');
  const stdout = new FakeStdout(options.columns ?? 80, options.rows ?? 24);
  const stdin = new FakeStdin();
  const ended = runScreen({
    session,
    language: options.language ?? 'en',
    color: options.color ?? false,
    ascii: options.ascii ?? false,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stdout as unknown as NodeJS.WriteStream,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const screen = () => stdout.terminal.screen();
  return {
    stdin,
    stdout,
    ended,
    screen,
    type: (keys) => {
      stdin.write(keys);
    },
    resize: (columns, rows) => {
      stdout.columns = columns;
      stdout.rows = rows;
      stdout.terminal.resize(columns);
      stdout.emit('resize');
    },
    waitFor: (wanted) => waitFor(stdout, wanted),
  };
}

function waitFor(stdout: FakeStdout, wanted: string | RegExp | ((screen: string) => boolean)): Promise<string> {
  const holds = (screen: string) =>
    typeof wanted === 'string' ? screen.includes(wanted) : typeof wanted === 'function' ? wanted(screen) : wanted.test(screen);
  return new Promise((resolve, reject) => {
    const check = () => {
      const screen = stdout.terminal.screen().join('\n');
      if (!holds(screen)) return;
      done();
      resolve(screen);
    };
    const timer = setTimeout(() => {
      done();
      reject(new Error(`The screen never showed ${String(wanted)}. It shows:\n${stdout.terminal.screen().join('\n')}`));
    }, 4000);
    const done = () => {
      clearTimeout(timer);
      stdout.off('drawn', check);
    };
    stdout.on('drawn', check);
    check();
  });
}
