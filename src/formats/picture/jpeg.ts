import type { ByteSource } from '../bytes';
import { Collector } from './collector';
import { readExif } from './exif';
import { guessText, latin1, lenientUtf8 } from './text';
import { type PictureInfo, TEXT_LIMIT } from './types';
import { Window } from './window';

const SEGMENT_LIMIT = 4000;
const XMP = 'http://ns.adobe.com/xap/1.0/\0';

/**
 * Reads size and text of a JPEG: EXIF UserComment and friends, XMP (as text, nothing is expanded) and comments, up to
 * the start of the picture data. Thumbnails are not looked into (reliability IM-22, IM-25).
 */
export function readJpeg(source: ByteSource): PictureInfo {
  const window = new Window(source);
  const out = new Collector();
  let width = 0;
  let height = 0;
  let at = 2;
  let data = false;
  for (let count = 0; at + 4 <= window.size; count++) {
    if (count >= SEGMENT_LIMIT) {
      out.problem('too-many-chunks', at);
      break;
    }
    const head = window.bytes(at, 4);
    const marker = head[1] ?? 0;
    if (head[0] !== 0xff) {
      out.breaks(at, 'no segment here');
      break;
    }
    // Fill bytes and markers without a length.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9) break;
    const length = ((head[2] ?? 0) << 8) | (head[3] ?? 0);
    if (length < 2) {
      out.breaks(at, `segment length ${length}`);
      break;
    }
    if (isFrame(marker)) {
      const size = window.bytes(at + 5, 4);
      height = ((size[0] ?? 0) << 8) | (size[1] ?? 0);
      width = ((size[2] ?? 0) << 8) | (size[3] ?? 0);
    } else segment(window, marker, at + 4, length - 2, out);
    at += 2 + length;
    if (marker === 0xda) {
      data = true;
      break;
    }
  }
  if (!data) out.breaks(at, 'no picture data');
  else if (!endsWithMarker(source)) out.breaks(source.size, 'cut off');
  return {
    format: 'jpeg',
    width,
    height,
    alpha: false,
    orientation: out.orientation,
    texts: out.texts,
    textCount: out.textCount,
    problems: out.problems,
    broken: out.broken,
  };
}

/** Start-of-frame markers carry the size; C4, C8 and CC are tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function segment(window: Window, marker: number, offset: number, length: number, out: Collector): void {
  if (marker === 0xfe) {
    const bytes = window.bytes(offset, length).slice();
    out.text({ keyword: 'comment', text: guessText(bytes).text, where: 'comment', offset, truncated: false });
  } else if (marker === 0xe1) {
    const bytes = window.bytes(offset, length).slice();
    if (latin1(bytes.subarray(0, 6)) === 'Exif\0\0') readExif(bytes, offset, out);
    else if (latin1(bytes.subarray(0, XMP.length)) === XMP) {
      const text = lenientUtf8(bytes.subarray(XMP.length, XMP.length + TEXT_LIMIT));
      out.text({ keyword: 'XMP', text, where: 'xmp', offset, truncated: false });
    }
  }
}

/** The end marker, with some padding allowed behind it. */
function endsWithMarker(source: ByteSource): boolean {
  const tail = source.read(Math.max(0, source.size - 64), 64);
  for (let i = tail.length - 2; i >= 0; i--) if (tail[i] === 0xff && tail[i + 1] === 0xd9) return true;
  return false;
}
