import { createTracebackReader, type Traceback, type TracebackReader } from './traceback';

/** Processes told apart in one log; what more of them write counts as one. */
const SOURCES = 16;

/** Follows the tracebacks of several processes whose lines run into each other, as far as their prefixes tell them apart. */
export class TracebackSources {
  readonly #readers: Map<string, TracebackReader>;

  constructor(readers: Iterable<readonly [string, TracebackReader]> = []) {
    this.#readers = new Map(readers);
  }

  /** The same, read on apart. */
  fork(): TracebackSources {
    return new TracebackSources([...this.#readers].map(([source, reader]) => [source, reader.fork()]));
  }

  /** The reader for the lines of one process; '' for lines that do not name theirs. */
  of(source: string): TracebackReader {
    const known = this.#readers.get(source);
    if (known) return known;
    if (source !== '' && this.#readers.size >= SOURCES) return this.of('');
    const reader = createTracebackReader();
    this.#readers.set(source, reader);
    return reader;
  }

  /** True while a next line may belong to a traceback. */
  active(): boolean {
    for (const reader of this.#readers.values()) if (reader.active()) return true;
    return false;
  }

  /** The traceback whose exception stands in this line, while it is not known yet whether a chain goes on. */
  endedAt(line: number): Traceback | null {
    for (const reader of this.#readers.values()) {
      const held = reader.current();
      if (held?.lastLine === line) return held;
    }
    return null;
  }

  /** Tracebacks that are complete now. */
  take(): Traceback[] {
    return [...this.#readers.values()].flatMap((reader) => reader.take());
  }

  end(line: number): void {
    for (const reader of this.#readers.values()) reader.end(line);
  }
}
