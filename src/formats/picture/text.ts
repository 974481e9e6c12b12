import { TEXT_LIMIT } from './types';

/** Text decoding for metadata whose encoding is a promise that writers do not keep (reliability IM-14, IM-15, IM-21). */

export function latin1(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

function strictUtf8(bytes: Uint8Array): string | null {
  return decodeStrict('utf-8', bytes);
}

/** UTF-8 whose last character may be cut off at the text limit. */
function cutUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

export function lenientUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}

function decodeStrict(label: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Text that should be Latin-1: UTF-8 when it is valid UTF-8, GBK or Shift-JIS when its high bytes come in pairs as
 * there, else Latin-1. `latin1` is false when another encoding was taken.
 */
export function guessText(bytes: Uint8Array): { text: string; latin1: boolean } {
  const high = countHigh(bytes);
  if (high.all === 0) return { text: latin1(bytes), latin1: true };
  const utf8 = strictUtf8(bytes);
  if (utf8 !== null) return { text: utf8, latin1: false };
  if (bytes.length >= TEXT_LIMIT) {
    const cut = cutUtf8(bytes);
    if (cut !== null) return { text: cut, latin1: false };
  }
  if (high.paired * 5 >= high.all * 4) {
    const label = high.kana * 4 >= high.all ? 'shift_jis' : 'gb18030';
    const text = decodeStrict(label, bytes);
    if (text !== null) return { text, latin1: false };
  }
  return { text: latin1(bytes), latin1: true };
}

/** High bytes in all, those beside another one, and leads of Shift-JIS kana (0x82, 0x83). */
function countHigh(bytes: Uint8Array): { all: number; paired: number; kana: number } {
  let all = 0;
  let paired = 0;
  let kana = 0;
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i] ?? 0;
    if (b < 0x80) continue;
    all++;
    if ((bytes[i - 1] ?? 0) >= 0x80 || (bytes[i + 1] ?? 0) >= 0x80) paired++;
    if (b === 0x82 || b === 0x83) kana++;
  }
  return { all, paired, kana };
}

/** Is this UTF-16 big-endian? Zero bytes stand in front of ASCII there, behind it in little-endian. */
function looksBigEndian(bytes: Uint8Array): boolean {
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < Math.min(bytes.length, 512); i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  return even >= odd;
}

function utf16(bytes: Uint8Array): string {
  const bom = bytes[0] === 0xfe && bytes[1] === 0xff ? 'be' : bytes[0] === 0xff && bytes[1] === 0xfe ? 'le' : null;
  const big = bom ? bom === 'be' : looksBigEndian(bytes);
  const body = bom ? bytes.subarray(2) : bytes;
  const even = body.subarray(0, body.length & ~1);
  if (!big) return new TextDecoder('utf-16le').decode(even);
  const swapped = new Uint8Array(even.length);
  for (let i = 0; i < even.length; i += 2) {
    swapped[i] = even[i + 1] ?? 0;
    swapped[i + 1] = even[i] ?? 0;
  }
  return new TextDecoder('utf-16le').decode(swapped);
}

/**
 * EXIF UserComment: eight bytes name the encoding (`UNICODE`, `ASCII`, `JIS`, or zeros), then the text. A1111 writes
 * UNICODE with UTF-16 big-endian (webui-a1111-family.md §7.3); some writers leave the prefix out.
 */
export function userComment(bytes: Uint8Array): string {
  const prefix = latin1(bytes.subarray(0, 8));
  const body = bytes.subarray(8);
  if (prefix.startsWith('UNICODE')) return trimNul(utf16(body));
  if (prefix.startsWith('JIS')) return trimNul(decodeStrict('iso-2022-jp', body) ?? guessText(body).text);
  if (prefix.startsWith('ASCII') || prefix === '\0\0\0\0\0\0\0\0') return trimNul(guessText(body).text);
  return trimNul(guessText(bytes).text);
}

export function trimNul(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}
