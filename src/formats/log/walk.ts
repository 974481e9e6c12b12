/** Told of each piece between two breaks that is not empty, and of each `\n`. */
export interface PieceListener {
  /** `styled`: an escape sequence is inside. `bar`: what looks like a progress bar is inside. */
  piece(from: number, to: number, styled: boolean, bar: boolean): void;
  newline(): void;
}

/** Walks over the pieces of a block (ended by `\n` or `\r`) without cutting them out. */
export function walkPieces(text: string, listener: PieceListener): void {
  const lf = cursor(text, '\n');
  const cr = cursor(text, '\r');
  const escapes = cursor(text, '\x1b');
  const bars = cursor(text, '%|');
  for (let from = 0; from < text.length; ) {
    const newline = lf(from);
    const end = Math.min(newline, cr(from));
    if (end > from) listener.piece(from, end, escapes(from) < end, bars(from) < end);
    if (end === newline && end < text.length) listener.newline();
    from = end + 1;
  }
}

/** Next place of `what` at or behind a position that only grows; the length of the text when there is none. Each character is searched once. */
function cursor(text: string, what: string): (from: number) => number {
  let at = -1;
  return (from) => {
    if (at < from) {
      const next = text.indexOf(what, from);
      at = next < 0 ? text.length : next;
    }
    return at;
  };
}
