const ESC = 0x1b;

/**
 * A raw piece of a console line to the lines that a reader would see: colours (CSI `m`) and hyperlinks (OSC 8) vanish, a cursor
 * movement starts a new line (`tqdm` draws two bars that way), a progress bar is cut off from what is glued behind it.
 * What a sequence hid or overwrote stays: each part is its own line.
 */
export function visibleParts(piece: string): string[] {
  const parts: string[] = [];
  if (!piece.includes('\x1b')) splitBars(piece, parts);
  else for (const part of withoutSequences(piece).split('\n')) splitBars(part, parts);
  return parts;
}

/** Removes escape sequences; a cursor movement becomes `\n`. An OSC or APC without end loses its introducer only. */
export function withoutSequences(piece: string): string {
  let escapeAt = piece.indexOf('\x1b');
  if (escapeAt < 0) return piece;
  let out = '';
  let plainFrom = 0;
  while (escapeAt >= 0) {
    out += piece.slice(plainFrom, escapeAt);
    const sequence = readSequence(piece, escapeAt);
    if (sequence.moves) out += '\n';
    plainFrom = sequence.end;
    escapeAt = piece.indexOf('\x1b', plainFrom);
  }
  return out + piece.slice(plainFrom);
}

function readSequence(text: string, at: number): { readonly end: number; readonly moves: boolean } {
  const kind = text.charCodeAt(at + 1);
  if (kind === 0x5b) return readCsi(text, at + 2);
  // OSC ], DCS P, APC _, PM ^, SOS X: up to BEL or ESC \
  if (kind === 0x5d || kind === 0x50 || kind === 0x5f || kind === 0x5e || kind === 0x58) {
    for (let i = at + 2; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 7) return { end: i + 1, moves: false };
      if (code === ESC) return { end: text.charCodeAt(i + 1) === 0x5c ? i + 2 : at + 2, moves: false };
    }
    return { end: at + 2, moves: false };
  }
  return { end: at + (kind >= 0x40 && kind < 0x7f ? 2 : 1), moves: false };
}

function readCsi(text: string, from: number): { readonly end: number; readonly moves: boolean } {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x40 && code <= 0x7e) return { end: i + 1, moves: (code >= 0x41 && code <= 0x48) || code === 0x66 };
    if (code < 0x20 || code > 0x3f) return { end: i, moves: false };
  }
  return { end: text.length, moves: false };
}

/** `{n}%|███ | a/b [mm:ss<mm:ss, x it/s]message` becomes the bar and the message. */
function splitBars(part: string, into: string[]): void {
  let rest = part;
  for (let end = barEnd(rest); end > 0; end = barEnd(rest)) {
    into.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  if (rest.trim() !== '') into.push(rest);
}

/** Index behind the first progress bar, or 0. */
function barEnd(text: string): number {
  const percent = text.indexOf('%|');
  if (percent < 0) return 0;
  const bar = text.indexOf('|', percent + 2);
  if (bar < 0 || bar - percent > 400) return 0;
  const open = text.indexOf('[', bar);
  if (open < 0 || open - bar > 40) return bar + 1;
  const close = text.indexOf(']', open);
  return close < 0 ? text.length : close + 1;
}
