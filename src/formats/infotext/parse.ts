/** The three parts of an A1111-style infotext. Text is raw; keys keep their case and order. */
export interface Infotext {
  readonly positive: string;
  readonly negative: string;
  readonly settings: ReadonlyMap<string, string>;
}

const KEY_CHAR = /[\p{L}\p{N}_ \-/]/u;
/** The parameter line is among the last ones, even where a site appended its own. */
const LINES_SEARCHED = 6;

/**
 * Splits an infotext as the programs do: prompt lines, a line `Negative prompt:` that may go on over lines, and a last
 * line of `Key: value` pairs that counts only with at least three pairs (webui-a1111-family.md §7.1).
 */
export function parseInfotext(text: string): Infotext {
  const lines = text.replace(/\r\n?/g, '\n').trim().split('\n');
  const at = parameterLine(lines);
  const settings = at < 0 ? new Map<string, string>() : parseSettings(lines[at] ?? '');
  const positive: string[] = [];
  const negative: string[] = [];
  let inNegative = false;
  for (const line of at < 0 ? lines : lines.slice(0, at)) {
    let content = line.trim();
    if (content.startsWith('Negative prompt:')) {
      inNegative = true;
      content = content.slice(16).trim();
    }
    (inNegative ? negative : positive).push(content);
  }
  return { positive: positive.join('\n'), negative: negative.join('\n'), settings };
}

function parameterLine(lines: readonly string[]): number {
  const last = lines.length - 1;
  for (let i = last; i >= Math.max(0, lines.length - LINES_SEARCHED); i--) {
    const line = lines[i] ?? '';
    if (line.trimStart().startsWith('Steps:') && parseSettings(line).size >= 3) return i;
  }
  return parseSettings(lines[last] ?? '').size >= 3 ? last : -1;
}

/**
 * `Key: value, Key: "quoted, value"`. A quoted value is JSON-decoded when it decodes and must be followed by a comma or
 * the end, else it is an ordinary value up to the next comma. Linear in the length of the line.
 */
export function parseSettings(line: string): Map<string, string> {
  const out = new Map<string, string>();
  let at = 0;
  let quotes = true;
  while (at < line.length) {
    const colon = line.indexOf(':', at);
    if (colon < 0) break;
    let start = colon;
    while (start > at && KEY_CHAR.test(line.charAt(start - 1))) start--;
    const key = line.slice(start, colon).trimStart();
    at = colon + 1;
    if (key.length < 2 || !/^[\p{L}\p{N}_]/u.test(key)) continue;
    let from = at;
    while (line.charAt(from) === ' ') from++;
    const quoted = quotes && line.charAt(from) === '"' ? endOfQuoted(line, from) : -1;
    if (quoted < 0 && line.charAt(from) === '"') quotes = line.indexOf('"', from + 1) >= 0;
    if (quoted > 0) {
      out.set(key, unquote(line.slice(from, quoted)));
      at = quoted + 1;
      continue;
    }
    const comma = line.indexOf(',', from);
    out.set(key, line.slice(from, comma < 0 ? line.length : comma).trim());
    at = comma < 0 ? line.length : comma + 1;
  }
  return out;
}

/** Position behind the closing quote when a comma or the end follows it, else -1. */
function endOfQuoted(line: string, from: number): number {
  for (let i = from + 1; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c === 0x5c) i++;
    else if (c === 0x22) return i > from + 1 && (i + 1 === line.length || line.charAt(i + 1) === ',') ? i + 1 : -1;
  }
  return -1;
}

function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text.slice(1, -1);
  }
}

/** `name: hash, name2: hash2` of `Lora hashes` and `TI hashes`; names lost their `:` and `,` when written (§7.2). */
export function parseHashes(value: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const piece of value.replace(/^"|"$/g, '').split(',')) {
    const colon = piece.lastIndexOf(':');
    if (colon > 0) out.set(piece.slice(0, colon).trim(), piece.slice(colon + 1).trim());
  }
  return out;
}
