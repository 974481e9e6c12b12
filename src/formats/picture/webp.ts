import type { ByteSource } from '../bytes';
import { Collector } from './collector';
import { readExif } from './exif';
import { latin1, lenientUtf8 } from './text';
import { type PictureInfo, TEXT_LIMIT } from './types';
import { Window } from './window';

const CHUNK_LIMIT = 10_000;

/** Reads size and text (EXIF, XMP) of a WebP. Sizes and flags in the headers are not trusted (reliability IM-24). */
export function readWebp(source: ByteSource): PictureInfo {
  const window = new Window(source);
  const out = new Collector();
  let size = { width: 0, height: 0, alpha: false };
  let pictures = 0;
  let at = 12;
  const stated = little32(window.bytes(4, 4)) + 8;
  if (stated > source.size) out.breaks(4, 'shorter than it says');
  else if (stated < source.size) out.problem('wrong-size', 4);
  for (let count = 0; at + 8 <= window.size; count++) {
    if (count >= CHUNK_LIMIT) {
      out.problem('too-many-chunks', at);
      break;
    }
    const head = window.bytes(at, 8);
    const type = latin1(head.subarray(0, 4));
    const length = little32(head.subarray(4));
    const there = Math.min(length, window.size - at - 8);
    if (there < length) out.breaks(at, `chunk ${type.trim()} reaches behind the end`);
    if (type === 'VP8 ' || type === 'VP8L' || type === 'VP8X') {
      if (size.width === 0) size = sizeOf(type, window.bytes(at + 8, 16));
      if (type !== 'VP8X') pictures++;
    } else if (type === 'ANMF') pictures++;
    else if (type === 'EXIF') readExif(window.bytes(at + 8, Math.min(there, 8 * TEXT_LIMIT)).slice(), at + 8, out);
    else if (type === 'XMP ') {
      const text = lenientUtf8(window.bytes(at + 8, Math.min(there, TEXT_LIMIT)));
      out.text({ keyword: 'XMP', text, where: 'xmp', offset: at + 8, truncated: there > TEXT_LIMIT });
    }
    at += 8 + length + (length & 1);
  }
  if (pictures === 0) out.breaks(12, 'no picture data');
  const { texts, textCount, problems, broken, orientation } = out;
  return { format: 'webp', ...size, orientation, texts, textCount, problems, broken };
}

function little32(b: Uint8Array): number {
  return ((b[0] ?? 0) | ((b[1] ?? 0) << 8) | ((b[2] ?? 0) << 16) | ((b[3] ?? 0) << 24)) >>> 0;
}

function sizeOf(type: string, b: Uint8Array): { width: number; height: number; alpha: boolean } {
  const at = (i: number): number => b[i] ?? 0;
  if (type === 'VP8X') {
    const [width, height] = [1 + at(4) + (at(5) << 8) + (at(6) << 16), 1 + at(7) + (at(8) << 8) + (at(9) << 16)];
    return { width, height, alpha: (at(0) & 0x10) !== 0 };
  }
  if (type === 'VP8L') {
    const bits = at(1) | (at(2) << 8) | (at(3) << 16) | (at(4) << 24);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff), alpha: (at(4) & 0x10) !== 0 };
  }
  return { width: (at(6) | (at(7) << 8)) & 0x3fff, height: (at(8) | (at(9) << 8)) & 0x3fff, alpha: false };
}
