import {
  codeOf,
  doingOf,
  type Frame,
  isBrokenPath,
  isBundledNode,
  isLibrary,
  ownerOf,
  packageOf,
  readBoxedFrame,
  readFrame,
  stageOf,
  unboxed,
} from './frames';

/** A Python traceback that has ended (or was cut off: then without exception); of a chain ("During handling of …") the last one, with the root's exception beside. */
export interface Traceback {
  readonly firstLine: number;
  /** The line of the exception itself. */
  readonly lastLine: number;
  readonly exception: string;
  readonly message: string;
  readonly frames: readonly Frame[];
  /** The exception line as it stood. */
  readonly text: string;
  /** Another one began in the middle of it: whose the frames are cannot be told. */
  readonly mixed: boolean;
  /** First exception of a chain. */
  readonly root?: { readonly exception: string; readonly message: string };
}

/** What a line was to the traceback reader. `code` and `frame` lines say nothing on their own and must not be matched. */
export type Step = 'none' | 'inside' | 'exception';

export interface TracebackReader {
  /** True while the next line may belong to a traceback, so that it must be shown to `step`. */
  active(): boolean;
  step(body: string, line: number): Step;
  /** Tracebacks that are complete now. */
  take(): Traceback[];
  /** The one just ended by an exception line, before it is known whether a chain goes on. */
  current(): Traceback | null;
  /** No more lines: reports what has ended and what was cut off. */
  end(line: number): void;
  /** The same, read on apart. */
  fork(): TracebackReader;
}

const HEADER = /^(\s{0,40}|[│|+ ]{0,20})(?:Exception Group )?Traceback \(most recent call last\):?\s*$/;
const BOX_HEADER = /^\s{0,40}(?:[│|] ){0,3}[╭┌+][─-]+ Traceback \(most recent call last\)/;
const EXCEPTION = /^(\s{0,40})([A-Za-z_][\w.]{0,120}(?:<[^>]{0,80}>)?)(?:: ?(.*))?$/;
/** Names that end an exception line without a colon behind them, or are no dotted name. */
const KNOWN_EXCEPTION =
  /(?:Error|Exception|Warning|Interrupt|Exit|Block|Stream|Stop|Iteration|Timeout|Invalid|Failed|Cancelled)$/;
const CHAIN = /^\s{0,40}(?:During handling of the above exception|The above exception was the direct cause)/;
/** Exceptions that asynchronous servers raise and catch all the time. */
const CONTROL_FLOW = /(?:WouldBlock|EndOfStream|ClosedResourceError|StopIteration|CancelledError)$/;
const FRAME_LIMIT = 400;
/** The source line that raises, as a traceback echoes it. */
const RAISES = /^\s{1,40}(?:raise ([A-Z][\w.]{0,120})|(assert)\b)/;

interface Open {
  firstLine: number;
  indent: number;
  boxed: boolean;
  /** The beginning of a path that goes on in the next line of the box. */
  broken: string;
  afterFrame: boolean;
  /** Without a header the indent of the block is not known; the exception stands left of the last source line. */
  sourceIndent: number | null;
  mixed: boolean;
  frames: Frame[];
  /** Exception that the source line of the last frame raises. */
  raised: string;
}

interface State {
  readonly open: Open | null;
  /** Ended, but the next line may say that it was only the beginning of a chain. */
  readonly held: Traceback | null;
  /** Ended, and the line said so; reported itself when the chain breaks off. */
  readonly chained: Traceback | null;
  readonly root: Traceback['root'];
  readonly done: Traceback[];
}

/**
 * Follows Python tracebacks line by line: header, frames with their source lines and `^^^^` marks, exception line, chain.
 * Also without header (pasted logs often lose it), indented as a block (A1111 prints them four deeper) and boxed by rich.
 */
export function createTracebackReader(before: Partial<State> = {}): TracebackReader {
  let open: Open | null = before.open ?? null;
  let held: Traceback | null = before.held ?? null;
  let chained: Traceback | null = before.chained ?? null;
  let root: Traceback['root'] = before.root;
  let done: Traceback[] = before.done ?? [];

  function step(body: string, line: number): Step {
    if (held && CHAIN.test(body)) {
      if (!CONTROL_FLOW.test(held.exception)) root ??= { exception: held.exception, message: held.message };
      chained = held;
      held = null;
      return 'inside';
    }
    if (held) release();
    if (isHeader(body)) {
      // Groups and boxes nest; a plain one that begins inside of another is of another process.
      const mixed = open !== null && !/[|+╭]/.test(body);
      closeCut(line);
      open = { ...begin(line, indentOf(body)), boxed: BOX_HEADER.test(body), mixed };
      return 'inside';
    }
    const content = unboxed(body);
    const frame = content === null ? readFrame(body) : readBoxedFrame(content, open?.broken);
    if (open) open.broken = content !== null && isBrokenPath(content) ? content : '';
    if (frame) {
      open ??=
        content === null
          ? { ...begin(line, Math.max(indentOf(body) - 2, 0)), sourceIndent: 0 }
          : { ...begin(line, indentOf(body)), boxed: true };
      if (open.frames.length >= FRAME_LIMIT) open.frames.splice(FRAME_LIMIT / 2, 1);
      open.frames.push(frame);
      open.afterFrame = true;
      open.raised = '';
      return 'inside';
    }
    if (open) return stepInside(open, body, line);
    release();
    return 'none';
  }

  function stepInside(current: Open, body: string, line: number): Step {
    const afterFrame = current.afterFrame;
    current.afterFrame = false;
    const raises = afterFrame ? RAISES.exec(body) : null;
    if (raises) current.raised = raises[1] ?? 'AssertionError';
    if (current.boxed && /^\s{0,40}[│|╰└+]/.test(body)) return 'inside';
    if (afterFrame && current.sourceIndent !== null) current.sourceIndent = indentOf(body);
    const exception = readException(body, Math.max(current.indent, (current.sourceIndent ?? 0) - 1));
    if (exception) {
      held = {
        firstLine: current.firstLine,
        lastLine: line,
        ...exception,
        frames: current.frames,
        mixed: current.mixed,
        text: body,
        ...(root ? { root } : {}),
      };
      open = null;
      chained = null;
      return 'exception';
    }
    if (indentOf(body) > current.indent || afterFrame || /^\s{0,400}[\^~]{2,}/.test(body)) return 'inside';
    closeCut(line);
    return 'none';
  }

  /** The end is missing: worth a report only when it runs through an add-on or stands in the code for LoRAs. */
  function closeCut(line: number): void {
    if (open?.frames.some((frame) => ownerOf(frame.file) !== null) || (open && codeOf(open.frames) === 'lora')) {
      const last = open.frames[open.frames.length - 1];
      const text = last ? `File "${last.file}", in ${last.name}` : '';
      done.push({
        firstLine: open.firstLine,
        lastLine: Math.max(open.firstLine, line - 1),
        exception: open.raised,
        message: '',
        frames: open.frames,
        mixed: open.mixed,
        text,
      });
    }
    open = null;
  }

  function release(): void {
    const last = held ?? chained;
    if (last) done.push(last);
    held = null;
    chained = null;
    root = undefined;
  }

  return {
    active: () => open !== null || held !== null || chained !== null,
    fork: () =>
      createTracebackReader({ open: open && { ...open, frames: [...open.frames] }, held, chained, root, done: [...done] }),
    step,
    take() {
      const ready = done;
      done = [];
      return ready;
    },
    current: () => held,
    end(line) {
      if (open) closeCut(line + 1);
      release();
    },
  };
}

function begin(firstLine: number, indent: number): Open {
  return {
    firstLine,
    indent,
    boxed: false,
    broken: '',
    afterFrame: false,
    mixed: false,
    sourceIndent: null,
    frames: [],
    raised: '',
  };
}

function isHeader(body: string): boolean {
  return HEADER.test(body) || BOX_HEADER.test(body);
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** `package.Class: text` at the indent of the header (or less); a bare class only when its name says that it is one. */
function readException(body: string, indent: number): { exception: string; message: string } | null {
  const found = EXCEPTION.exec(body.length > 4096 ? body.slice(0, 4096) : body);
  if (!found?.[2] || (found[1]?.length ?? 0) > indent) return null;
  const exception = found[2];
  const last = exception.slice(exception.lastIndexOf('.') + 1);
  if (!KNOWN_EXCEPTION.test(last) && (found[3] === undefined || !/^[A-Z]/.test(last))) return null;
  return { exception, message: found[3]?.trim() ?? '' };
}

/** What rules can ask of a traceback, as captures of the signal `traceback`. */
export function tracebackCaptures(traceback: Traceback): Record<string, string> {
  const last = traceback.frames[traceback.frames.length - 1];
  const owned = traceback.frames.map((frame) => ownerOf(frame.file)).filter((owner) => owner !== null);
  const owner = owned[owned.length - 1];
  const own = traceback.frames.filter((frame) => !isLibrary(frame.file));
  const innermost = own[own.length - 1];
  const doing = doingOf(traceback.frames);
  const captures: Record<string, string> = traceback.exception ? { exception: shortName(traceback.exception) } : { cut: 'yes' };
  if (traceback.message) captures.message = traceback.message.slice(0, 300);
  if (last) captures.lastFrame = last.file.slice(-300);
  if (last?.name) captures.function = last.name;
  if (doing) captures.during = doing;
  const stage = stageOf(traceback.frames);
  if (stage) captures.stage = stage;
  const code = codeOf(traceback.frames);
  if (code) captures.code = code;
  const inside = packageOf(traceback.frames);
  if (inside) captures.package = inside;
  if (traceback.mixed) captures.mixed = 'yes';
  if (isBundledNode(traceback.frames)) captures.bundled = 'yes';
  if (owner) {
    captures[owner.kind === 'extension' ? 'extension' : 'customNode'] = owner.name.slice(0, 200);
    captures.innermost = innermost && ownerOf(innermost.file)?.name === owner.name ? 'yes' : 'no';
  }
  if (traceback.root) captures.root = `${shortName(traceback.root.exception)}: ${traceback.root.message}`.slice(0, 300);
  return captures;
}

function shortName(exception: string): string {
  return exception.slice(exception.lastIndexOf('.') + 1);
}
