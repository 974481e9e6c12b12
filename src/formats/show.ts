/**
 * Makes an outside string harmless before a terminal, a log or a report sees it: every control character (C0, C1, DEL),
 * every bidirectional override, line/paragraph separator, zero-width and tag character and every lone surrogate is
 * replaced one by one with a visible form. Nothing is removed, so that no two pieces can join into a live sequence.
 *
 * @param limit longest result in UTF-16 units; a cut is marked with `…`.
 */
export function show(value: string, limit = 400): string {
  const out = replaceLive(value, Math.min(value.length, limit), visible);
  return value.length > limit ? `${out}…` : out;
}

/**
 * The first `end` UTF-16 units of a text with every live character (see `show`) replaced by its stand-in.
 *
 * @param standIn from the code point (a lone surrogate's own code) to a text of harmless characters.
 */
export function replaceLive(value: string, end: number, standIn: (code: number) => string): string {
  let out = '';
  let plainFrom = 0;
  for (let i = 0; i < end; i++) {
    const code = value.charCodeAt(i);
    if (code >= 0x20 && code < 0x7f) continue;
    const low = value.charCodeAt(i + 1);
    const paired = code >= 0xd800 && code <= 0xdbff && i + 1 < end && low >= 0xdc00 && low <= 0xdfff;
    if (paired && !isTag(code, low)) {
      i++;
      continue;
    }
    if (!paired && !isHarmful(code)) continue;
    out += value.slice(plainFrom, i) + standIn(paired ? (value.codePointAt(i) ?? 0) : code);
    if (paired) i++;
    plainFrom = i + 1;
  }
  return out + value.slice(plainFrom, end);
}

/** Unicode tag characters U+E0000–E007F: invisible, used to smuggle text. */
function isTag(high: number, low: number): boolean {
  return high === 0xdb40 && low >= 0xdc00 && low <= 0xdc7f;
}

function isHarmful(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0xad || // soft hyphen
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xfdd0 && code <= 0xfdef) ||
    code >= 0xfffe
  );
}

/** C0 as its picture (␛), the rest as `\u{…}`. A tab is `␉`, a newline `␊`. */
function visible(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `\\u{${code.toString(16)}}`;
}
