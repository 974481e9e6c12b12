import type { Ui } from '../../facts/families';
import { visibleParts } from './clean';
import { isCode } from './code-line';
import { decodePiece } from './decode';
import { derive } from './derive';
import { unflattened } from './flat';
import { uisOfFrames, unboxed } from './frames';
import { folded, nextWide } from './full-width';
import type { LogKernel } from './kernel';
import { unprefixed } from './prefix';
import { Repeats } from './repeats';
import { createRichJoiner, type RichJoiner } from './rich';
import { createSession, type LogSession, type SessionBuilder, type SessionHit } from './session';
import { type CompiledSignature, type CompiledSignatures, MARK } from './signature';
import { createSplitter, lastBreak, nextBreak, type Splitter, type SplitterStats } from './splitter';
import { type Traceback, tracebackCaptures } from './traceback';
import { TracebackSources } from './traceback-sources';
import { canPrint } from './ui-votes';

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
  /** Hands in a last line without line break and closes what is open. */
  end(): void;
  /** Sessions so far, oldest first. */
  sessions(): LogSession[];
  stats(): LogStats;
  /** The same, read on apart, so that this one may still grow after it ends; null where `Splitter.fork` is. */
  fork(): LogReader | null;
}

export interface LogStats extends SplitterStats {
  readonly lines: number;
  readonly sessionsDropped: number;
}

const KEEP = 3;
/** What people type over, translate or photograph is short: only so far is a line looked at for wide punctuation alone. */
const PASTED_LINES = 2000;
const LF = 10;
const ESC = 27;

/**
 * Reads a console log of any size, a chunk at a time, with a bounded memory: what it keeps are hits (50 of a signal), names,
 * and the last sessions. The same for a file, standard input and a log that still grows.
 */
export function createLogReader(options: LogReaderOptions): LogReader {
  return new Reader(options);
}

/** A signature that matched, what it caught, and the line as it stood. */
interface Hit {
  readonly signature: CompiledSignature;
  readonly captures: Record<string, string>;
  readonly raw: string;
}

class Reader implements LogReader {
  readonly #options: LogReaderOptions;
  readonly #tracebacks: TracebackSources;
  readonly #rich: RichJoiner;
  readonly #found: number[] = [];
  readonly #repeats = new Repeats<readonly Hit[]>();
  /** Hits of the piece that is read now, to be remembered with it. */
  #noted: Hit[] | null = null;
  readonly #closed: SessionBuilder[];
  readonly #kernel: LogKernel;
  readonly #splitter: Splitter;
  readonly #isFork: boolean;
  #dropped: number;
  #line: number;
  #session: SessionBuilder;

  constructor(options: LogReaderOptions, before?: Reader) {
    this.#options = options;
    this.#line = before ? before.#line : 1 + (options.linesBefore ?? 0);
    this.#tracebacks = before ? before.#tracebacks.fork() : new TracebackSources();
    this.#rich = before ? before.#rich.fork() : createRichJoiner();
    this.#closed = before ? [...before.#closed] : [];
    this.#dropped = before ? before.#dropped : 0;
    this.#session = before ? before.#session.fork() : createSession(this.#line, options.ui);
    this.#kernel = options.signatures.kernels.take();
    const onBlock = (from: number, to: number): void => this.#readBlock(from, to);
    const splitter = before ? before.#splitter.fork(this.#kernel, onBlock) : null;
    this.#isFork = splitter !== null;
    this.#splitter = splitter ?? createSplitter(this.#kernel, onBlock);
  }

  fork(): LogReader | null {
    const other = new Reader(this.#options, this);
    if (other.#isFork) return other;
    this.#options.signatures.kernels.put(other.#kernel);
    return null;
  }

  feed(chunk: Uint8Array): void {
    this.#splitter.feed(chunk);
  }

  end(): void {
    this.#splitter.end();
    this.#flushRich();
    this.#tracebacks.end(this.#line);
    this.#reportTracebacks();
    this.#session.reaches(this.#line);
    this.#options.signatures.kernels.put(this.#kernel);
  }

  sessions(): LogSession[] {
    return [...this.#closed, this.#session].map((builder) => builder.build());
  }

  stats(): LogStats {
    return { ...this.#splitter.stats(), lines: this.#line, sessionsDropped: this.#dropped };
  }

  /** Only pieces with a literal or an escape sequence in them, or such that a traceback waits for, are taken out of the block. */
  #readBlock(from: number, to: number): void {
    const { bytes } = this.#kernel;
    for (let at = from; at < to; ) {
      let found = at;
      if (!this.#waits()) {
        found = this.#next(at, to);
        const start = found < to ? lastBreak(bytes, at, found) + 1 : to;
        this.#line += this.#kernel.newlines(at, start);
        if (start === to) return;
        at = start;
      }
      const end = nextBreak(bytes, found, to);
      const isQuiet = bytes[found] === ESC && !this.#waits() && !this.#kernel.speaks(at, end);
      if (end > at && !isQuiet) this.#readBytes(at, end);
      if (end < to && bytes[end] === LF) this.#line++;
      at = end + 1;
    }
  }

  /** First place worth reading a line for, or `to`. */
  #next(from: number, to: number): number {
    const literal = this.#kernel.next(from, to);
    if (this.#line >= PASTED_LINES) return literal;
    const wide = nextWide(this.#kernel.bytes, from, literal);
    return this.#line + this.#kernel.newlines(from, wide) < PASTED_LINES ? wide : literal;
  }

  /** What a piece says on its own depends on its bytes alone: the same again need not be read again. */
  #readBytes(from: number, to: number): void {
    const { bytes } = this.#kernel;
    const alone = !this.#waits();
    const known = alone ? this.#repeats.find(bytes, from, to) : undefined;
    if (known) {
      for (const { signature, captures, raw } of known) this.#addHit(signature, captures, raw, this.#line);
      return;
    }
    const noted: Hit[] | null = alone && this.#repeats.wants ? [] : null;
    this.#noted = noted;
    this.#readPiece(decodePiece(bytes.subarray(from, to)).text);
    this.#noted = null;
    if (noted && !this.#waits()) this.#repeats.keep(bytes, from, to, noted);
  }

  /** Escape sequences may stand inside of a literal; a bar is only cut off in front of it. */
  #readPiece(piece: string): void {
    if (!piece.includes('\x1b') && !piece.includes('%|')) this.#readLine(piece);
    else for (const part of visibleParts(piece)) this.#readLine(part);
  }

  /** True while the next line counts whatever it says. */
  #waits(): boolean {
    return this.#tracebacks.active() || this.#rich.active();
  }

  /** Ids of the literals in a text go into `#found`; how many. */
  #scan(text: string): number {
    return this.#options.signatures.anchors.scan(text, 0, text.length, this.#found);
  }

  #readLine(raw: string): void {
    const hits = this.#found;
    if (this.#scan(raw) === 0) {
      const plain = folded(raw);
      if (plain !== raw && this.#scan(plain) > 0) {
        this.#readLine(plain);
        return;
      }
      if (!this.#waits()) return;
    }
    const flat = hits.includes(MARK.traceback) || hits.includes(MARK.frame) ? unflattened(raw) : null;
    if (flat) {
      for (const part of flat) this.#readLine(part);
      return;
    }

    const { body, source = '', glued } = unprefixed(raw);
    if (body.trim() === '') return;
    if (glued) this.#scan(body);
    const tracebacks = this.#tracebacks.of(source);
    if (tracebacks.active() || hits.includes(MARK.traceback) || hits.includes(MARK.frame) || isBoxed(body, hits)) {
      const step = tracebacks.step(body, this.#line);
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
      this.#scan(raw);
    }
    if ((hits.includes(MARK.rich) || hits.includes(MARK.sizes)) && this.#rich.start(body, this.#line)) return;
    this.#match(body, hits, raw, this.#line);
  }

  /** A message put together from several lines may hold a literal that none of the lines holds. */
  #flushRich(): void {
    const message = this.#rich.take();
    if (!message) return;
    this.#scan(message.text);
    this.#match(message.text, this.#found, message.text, message.line);
  }

  #match(body: string, hits: readonly number[], raw: string, line: number): void {
    if (hits.length === 0 || isCode(body)) return;
    const matched = this.#matchText(body, hits, raw, line);
    if (matched.some(({ failure }) => failure)) return;
    const plain = folded(body);
    if (plain === body) return;
    this.#scan(plain);
    this.#matchText(plain, this.#found, raw, line, matched);
  }

  /** The signatures that say something of the text; those in `but` have spoken. */
  #matchText(
    text: string,
    hits: readonly number[],
    raw: string,
    line: number,
    but: readonly CompiledSignature[] = [],
  ): readonly CompiledSignature[] {
    const matched: CompiledSignature[] = [];
    for (const id of hits) {
      const signature = id < 0 ? undefined : this.#options.signatures.list[id];
      if (!signature || but.includes(signature) || !this.#allowed(signature)) continue;
      const captures = signature.match(text);
      if (!captures) continue;
      matched.push(signature);
      this.#noted?.push({ signature, captures, raw });
      this.#addHit(signature, captures, raw, line);
    }
    return matched;
  }

  #allowed(signature: CompiledSignature): boolean {
    return !this.#options.ui || !signature.ui || canPrint(this.#options.ui, signature.ui);
  }

  #addHit(signature: CompiledSignature, captures: Record<string, string>, raw: string, line: number): void {
    const around = this.#tracebacks.endedAt(line);
    const derived = derive(captures);
    this.#add({
      signal: signature.signal,
      signature: signature.id,
      flood: signature.flood,
      failure: signature.failure,
      line,
      raw,
      captures: around ? { ...derived, ...contextOf(around) } : derived,
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
      for (const uis of uisOfFrames(traceback.frames)) this.#session.vote(uis);
      const base = { flood: false, line: traceback.lastLine, raw: traceback.text, captures };
      const quiet = isNetworkNoise(traceback);
      const signal = quiet ? 'noise-network-traceback' : 'traceback';
      this.#add({ ...base, signal, signature: signal, failure: !quiet });
      if (!quiet && (captures.extension || captures.customNode)) {
        this.#add({ ...base, signal: 'extension-traceback', signature: 'extension-traceback', failure: true });
      }
    }
  }
}

/** A frame in a box of rich, pasted without the head of the box. */
function isBoxed(body: string, hits: readonly number[]): boolean {
  return hits.includes(MARK.rich) && unboxed(body) !== null;
}

/** What the exception's own signal learns from the frames above it. */
function contextOf(traceback: Traceback): Record<string, string> {
  const all = tracebackCaptures(traceback);
  const out: Record<string, string> = {};
  for (const name of ['during', 'extension', 'customNode', 'bundled', 'mixed']) {
    const value = all[name];
    if (value !== undefined) out[name] = value;
  }
  return out;
}

/** The Manager prints long tracebacks at each start without network; nothing that a LoRA needs. */
function isNetworkNoise(traceback: Traceback): boolean {
  return /^aiohttp\.|ClientConnector|ClientConnection/.test(traceback.exception);
}
