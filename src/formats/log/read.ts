import type { Ui } from '../../facts/families';
import { type Fact, known, unknown } from '../../facts/value';
import { baseName } from '../file-name';
import { decodeText } from '../launch/decode';
import { LOOKED_AT, looksLikeLog } from './looks';
import { createLogReader, type LogReader } from './reader';
import type { LogSession } from './session';
import type { CompiledSignatures } from './signature';

export interface ReadLogOptions {
  /** Where it came from, for ids and people; `-` for standard input. */
  readonly path: string;
  readonly ui?: Ui | 'auto' | undefined;
  readonly signatures: CompiledSignatures;
  /** Line breaks before the first byte (only the tail of a file is read). */
  readonly linesBefore?: number;
  /** Subject id of the install that the log belongs to. */
  readonly install?: string;
  /** Index of the newest session of this log among the logs of the install; 0 when left out. */
  readonly firstIndex?: number;
  /** A newer log shows that the program has started since. */
  readonly startedSince?: boolean;
}

/** Same shape as `Gathered` of the facts: subjects of kind `log`, their facts, notes on what was left out. */
export interface ReadLog {
  readonly subjects: readonly LogSubject[];
  readonly facts: { readonly [subjectId: string]: { readonly [factId: string]: Fact } };
  readonly notes: readonly LogNote[];
  /** A session made pictures without any failure: what went wrong before it is over. */
  readonly settled: boolean;
  /** The program came up in one of the sessions. */
  readonly started: boolean;
  /** Something in it is known, or looks at least like what a program prints: not so in prose, in comments, in nothing. */
  readonly isLog: boolean;
}

export interface LogSubject {
  readonly kind: 'log';
  readonly id: string;
  readonly path: string;
  readonly label: string;
  readonly links?: { readonly install?: string };
}

export interface LogNote {
  readonly check: string;
  readonly code: string;
  readonly path: string;
  readonly detail?: string;
  readonly counts?: { readonly [name: string]: number };
}

/**
 * Reads a whole console log into facts: one `log` subject a session, the last three of them, newest first (`log.index` 0).
 * Sessions before one that worked without any failure are left out, with a note, and so are starts that failed before one that did not: a
 * log may hold several (webui-a1111-family.md, traps 14).
 * The id holds the session's place in the file, so that it stays when the log grows.
 */
export function readLog(bytes: Iterable<Uint8Array>, options: ReadLogOptions): ReadLog {
  const reading = startLog(options);
  try {
    for (const chunk of bytes) reading.feed(chunk);
  } finally {
    reading.end();
  }
  return reading.gather();
}

export interface LogReading {
  feed(chunk: Uint8Array): void;
  /** Must be called, also when the bytes broke off: what the reader borrowed is given back. */
  end(): void;
  /** What `readLog` gives; after `end`. */
  gather(): ReadLog;
  /**
   * What `readLog` would give if the log ended with these bytes. More may be fed afterwards. Null where that cannot be told
   * without reading again: what was fed must end with a line, and be no UTF-16.
   */
  soFar(rest: Uint8Array, placed: Partial<ReadLogOptions>): ReadLog | null;
}

/** The same, fed by whoever gets the bytes one by one (a pipe). */
export function startLog(options: ReadLogOptions): LogReading {
  const head = new Head();
  const reader = createLogReader({
    signatures: options.signatures,
    ...(options.ui && options.ui !== 'auto' ? { ui: options.ui } : {}),
    ...(options.linesBefore === undefined ? {} : { linesBefore: options.linesBefore }),
    onHit: () => {
      head.known = true;
    },
  });
  return {
    feed(chunk) {
      head.add(chunk);
      reader.feed(chunk);
    },
    end: () => reader.end(),
    gather: () => gatherLog(reader, options, head),
    soFar(rest, placed) {
      const fork = reader.fork();
      if (fork === null) return null;
      fork.feed(rest);
      fork.end();
      return gatherLog(fork, { ...options, ...placed }, head);
    },
  };
}

/** The first bytes of what may be a log. */
class Head {
  /** Some line of it was one that a signature knows. */
  known = false;
  readonly #bytes = new Uint8Array(LOOKED_AT);
  #size = 0;

  add(chunk: Uint8Array): void {
    this.#bytes.set(chunk.subarray(0, Math.max(0, LOOKED_AT - this.#size)), Math.min(this.#size, LOOKED_AT));
    this.#size += chunk.length;
  }
  isLog(): boolean {
    return this.known || this.#size > LOOKED_AT || looksLikeLog(decodeText(this.#bytes.subarray(0, this.#size)).text);
  }
}

function gatherLog(reader: LogReader, options: ReadLogOptions, head: Head): ReadLog {
  const stats = reader.stats();
  const subjects: LogSubject[] = [];
  const facts: { [id: string]: { [fact: string]: Fact } } = {};
  const all = reader.sessions().reverse();
  const good = placeOf(all, worked);
  const started = options.startedSince ? -1 : placeOf(all, (session) => session.serverStarted);
  const sessions = all.filter((session, age) => age <= good && (age <= started || !failedToStart(session)));
  const name = baseName(options.path);
  sessions.forEach((session, index) => {
    const id = `log:${options.path}#${session.firstLine}`;
    const label = sessions.length > 1 ? `${name}:${session.firstLine}` : name;
    subjects.push({
      kind: 'log',
      id,
      path: options.path,
      label,
      ...(options.install ? { links: { install: options.install } } : {}),
    });
    facts[id] = {
      'log.path': known(options.path),
      'log.index': known(index + (options.firstIndex ?? 0)),
      'log.encoding': known(stats.encoding),
      ...sessionFacts(session, options.path),
    };
  });
  const notes = notesOf(stats, options.path);
  const over = all.length - sessions.length;
  if (over > 0) notes.push({ check: 'logs', code: 'log-sessions-over', path: options.path, counts: { n: over } });
  return {
    subjects,
    facts,
    notes,
    settled: good < all.length,
    started: all.some((session) => session.serverStarted),
    isLog: head.isLog(),
  };
}

/** Index of the first that passes; beyond any index when none does. */
function placeOf(sessions: readonly LogSession[], test: (session: LogSession) => boolean): number {
  const place = sessions.findIndex(test);
  return place < 0 ? sessions.length : place;
}

/** What kept it from starting is over once a later one has started. */
function failedToStart(session: LogSession): boolean {
  return session.outcome === 'never-started' && session.generations === 0;
}

function worked(session: LogSession): boolean {
  return session.generations > 0 && session.lastFailureLine === undefined && session.outcome !== 'crashed';
}

function sessionFacts(session: LogSession, path: string): { [fact: string]: Fact } {
  const stated = (value: string | number | undefined): Fact => (value === undefined ? unknown('not-stated') : known(value));
  return {
    'log.ui': stated(session.ui),
    'log.version': stated(session.version),
    'log.commit': stated(session.commit),
    'log.python': stated(session.python),
    'log.torch': stated(session.torch),
    'log.torchCuda': stated(session.torchBuild),
    'log.gpuName': stated(session.gpuName),
    'log.vramTotal': stated(session.vramTotal),
    'log.args': session.args ? known([...session.args]) : unknown('not-stated'),
    'log.checkpoint': stated(session.checkpoint),
    'log.outcome': known(session.outcome),
    'log.serverStarted': known(session.serverStarted),
    'log.generations': known(session.generations),
    'log.lastFailureLine':
      session.lastFailureLine === undefined
        ? unknown('not-stated')
        : known(session.lastFailureLine, { path, line: session.lastFailureLine }),
    'log.lines': known(session.lastLine - session.firstLine + 1),
    'log.signals': known([...session.signals]),
    'log.lorasLoaded': known([...session.lorasLoaded]),
    'log.lorasFailed': known([...session.lorasFailed]),
  };
}

function notesOf(stats: ReturnType<LogReader['stats']>, path: string): LogNote[] {
  const notes: LogNote[] = [];
  const note = (code: string, counts: LogNote['counts'] & {}) => notes.push({ check: 'logs', code, path, counts });
  if (stats.cutLines > 0) note('log-lines-cut', { n: stats.cutLines, bytes: stats.cutBytes });
  if (stats.nulBytes > 0) note('log-nul-bytes', { bytes: stats.nulBytes });
  if (stats.sessionsDropped > 0) note('log-sessions-dropped', { n: stats.sessionsDropped });
  return notes;
}
