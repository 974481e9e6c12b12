import type { Ui } from '../../facts/families';
import { show } from '../show';
import { visibleParts } from './clean';
import { isCode } from './code-line';
import { derive } from './derive';
import { uisOfFrames } from './frames';
import { unprefixed } from './prefix';
import { createRichJoiner } from './rich';
import { createSession, type LogSession, type SessionBuilder, type SessionHit } from './session';
import { type CompiledSignature, type CompiledSignatures, MARK } from './signature';
import { createSplitter, type SplitterStats } from './splitter';
import { createTracebackReader, type Traceback, tracebackCaptures } from './traceback';
import { canPrint } from './ui-votes';
import { walkPieces } from './walk';

export interface LogReaderOptions {
  readonly signatures: CompiledSignatures;
  /** The program that wrote the log, when known; wordings of other programs are then left out. */
  readonly ui?: Ui;
  /** Line breaks before the first byte that is fed (a tail of a big file). */
  readonly linesBefore?: number;
  /** Sessions kept; three when left out. */
  readonly keep?: number;
  /** Told of each hit at once. */
  readonly onHit?: (hit: SessionHit) => void;
}

export interface LogReader {
  feed(chunk: Uint8Array): void;
  /** Reports a message or traceback that waits for a next line. For a log that has been quiet for a while; more may follow. */
  settle(): void;
  /** Hands in a last line without line break and closes what is open. */
  end(): void;
  /** Sessions so far, oldest first. */
  sessions(): LogSession[];
  stats(): LogStats;
}

export interface LogStats extends SplitterStats {
  readonly lines: number;
  readonly sessionsDropped: number;
}

const TEXT_LIMIT = 399;
const KEEP = 3;

/**
 * Reads a console log of any size, a chunk at a time, with a bounded memory: what it keeps are hits (50 of a signal), names,
 * and the last sessions. The same for a file, standard input and a log that still grows.
 */
export function createLogReader(options: LogReaderOptions): LogReader {
  return new Reader(options);
}

class Reader implements LogReader {
  readonly #options: LogReaderOptions;
  readonly #tracebacks = createTracebackReader();
  readonly #rich = createRichJoiner();
  readonly #found: number[] = [];
  readonly #closed: SessionBuilder[] = [];
  readonly #splitter = createSplitter((text) => this.#readText(text));
  #dropped = 0;
  #line: number;
  #session: SessionBuilder;

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#line = 1 + (options.linesBefore ?? 0);
    this.#session = createSession(this.#line, options.ui);
  }

  feed(chunk: Uint8Array): void {
    this.#splitter.feed(chunk);
  }

  settle(): void {
    this.#flushRich();
    this.#tracebacks.settle();
    this.#reportTracebacks();
  }

  end(): void {
    this.#splitter.end();
    this.#flushRich();
    this.#tracebacks.end(this.#line);
    this.#reportTracebacks();
    this.#session.reaches(this.#line);
  }

  sessions(): LogSession[] {
    return [...this.#closed, this.#session].map((builder) => builder.build());
  }

  stats(): LogStats {
    return { ...this.#splitter.stats(), lines: this.#line, sessionsDropped: this.#dropped };
  }

  /** Only pieces with a literal in them, or such that a traceback waits for, are cut out of the block. */
  #readText(text: string): void {
    walkPieces(text, {
      piece: (from, to, styled, bar) => {
        // Escape sequences may stand inside of a literal; a bar is only cut off in front of it.
        const raw = styled || this.#waits() || this.#scan(text, from, to) > 0;
        if (!raw) return;
        if (!styled && !bar) return this.#readLine(text.slice(from, to));
        for (const part of visibleParts(text.slice(from, to))) this.#readLine(part);
      },
      newline: () => {
        this.#line++;
      },
    });
  }

  /** True while the next line counts whatever it says. */
  #waits(): boolean {
    return this.#tracebacks.active() || this.#rich.active();
  }

  #scan(text: string, from: number, to: number): number {
    return this.#options.signatures.anchors.scan(text, from, to, this.#found);
  }

  #readLine(raw: string): void {
    const hits = this.#found;
    if (this.#scan(raw, 0, raw.length) === 0 && !this.#waits()) return;
    const { body } = unprefixed(raw);
    if (body.trim() === '') return;
    if (this.#tracebacks.active() || hits.includes(MARK.traceback) || hits.includes(MARK.frame)) {
      const step = this.#tracebacks.step(body, this.#line);
      this.#reportTracebacks();
      if (step === 'inside') return;
      if (step === 'exception') {
        this.#match(body, hits, raw, this.#line);
        return;
      }
    }
    if (this.#rich.active()) {
      if (this.#rich.join(body)) return;
      this.#flushRich();
      this.#scan(raw, 0, raw.length);
    }
    if (hits.includes(MARK.rich) && this.#rich.start(body, this.#line)) return;
    this.#match(body, hits, raw, this.#line);
  }

  /** A message put together from several lines may hold a literal that none of the lines holds. */
  #flushRich(): void {
    const message = this.#rich.take();
    if (!message) return;
    this.#scan(message.text, 0, message.text.length);
    this.#match(message.text, this.#found, message.text, message.line);
  }

  #match(body: string, hits: readonly number[], raw: string, line: number): void {
    if (hits.length === 0 || isCode(body)) return;
    for (const id of [...hits]) {
      const signature = id < 0 ? undefined : this.#options.signatures.list[id];
      if (!signature || !this.#allowed(signature)) continue;
      const captures = signature.match(body);
      if (captures) this.#addHit(signature, captures, raw, line);
    }
  }

  #allowed(signature: CompiledSignature): boolean {
    return !this.#options.ui || !signature.ui || canPrint(this.#options.ui, signature.ui);
  }

  #addHit(signature: CompiledSignature, captures: Record<string, string>, raw: string, line: number): void {
    const around = this.#tracebacks.current();
    this.#add({
      signal: signature.signal,
      signature: signature.id,
      flood: signature.flood,
      failure: signature.failure,
      line,
      text: readable(raw),
      captures: { ...derive(captures), ...(around?.lastLine === line ? contextOf(around) : {}) },
      ...(signature.ui ? { ui: signature.ui } : {}),
    });
  }

  #add(hit: SessionHit): void {
    if (this.#session.startsAnew(hit)) this.#openSession();
    this.#session.add(hit);
    this.#session.reaches(this.#line);
    this.#options.onHit?.(hit);
  }

  #openSession(): void {
    this.#session.reaches(this.#line - 1);
    this.#closed.push(this.#session);
    if (this.#closed.length >= (this.#options.keep ?? KEEP)) {
      this.#closed.shift();
      this.#dropped++;
    }
    this.#session = createSession(this.#line, this.#options.ui);
  }

  #reportTracebacks(): void {
    for (const traceback of this.#tracebacks.take()) {
      const captures = tracebackCaptures(traceback);
      for (const ui of uisOfFrames(traceback.frames)) this.#session.vote(ui);
      const base = { flood: false, line: traceback.lastLine, text: readable(traceback.text), captures };
      const quiet = isNetworkNoise(traceback);
      const signal = quiet ? 'noise-network-traceback' : 'traceback';
      this.#add({ ...base, signal, signature: signal, failure: !quiet });
      if (!quiet && (captures.extension || captures.customNode)) {
        this.#add({ ...base, signal: 'extension-traceback', signature: 'extension-traceback', failure: true });
      }
    }
  }
}

/** What the exception's own signal learns from the frames above it. */
function contextOf(traceback: Traceback): Record<string, string> {
  const all = tracebackCaptures(traceback);
  const out: Record<string, string> = {};
  for (const name of ['during', 'extension', 'customNode']) {
    const value = all[name];
    if (value !== undefined) out[name] = value;
  }
  return out;
}

/** The Manager prints long tracebacks at each start without network; nothing that a LoRA needs. */
function isNetworkNoise(traceback: Traceback): boolean {
  return /^aiohttp\.|ClientConnector|ClientConnection/.test(traceback.exception);
}

function readable(raw: string): string {
  return show(raw.trim(), TEXT_LIMIT);
}
