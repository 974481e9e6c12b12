import { decodeUtf8 } from '../../formats/launch/decode';
import { lookOf } from '../../formats/picture/look';
import { readPngPixels } from '../../formats/picture/png-pixels';
import { readPicture } from '../../formats/picture/read';
import { Thumbnail } from '../../formats/picture/thumbnail';
import { nodeInflate } from '../../platform/inflate';
import { type Platform, ReadError } from '../../platform/platform';
import type { Arena } from './arena';

/** Endings that the trainer reads, all lower or all upper case (kohya-training.md §3). */
const READ = /\.(?:png|jpg|jpeg|webp|bmp|PNG|JPG|JPEG|WEBP|BMP)$/;
const OTHER_PICTURE = /\.(?:png|jpe?g|webp|bmp|avif|jxl|heic|heif|gif|tiff?|tga|psd)$/i;
const CAPTION_LIMIT = 64 * 1024;
const TAIL = 4096;

export const isReadPicture = (name: string): boolean => READ.test(name);
/** A picture by its name that the trainer passes over. */
export const isUnreadPicture = (name: string): boolean => OTHER_PICTURE.test(name) && !READ.test(name);

export interface Picture {
  readonly state: 'sound' | 'cut' | 'no-picture' | 'unread';
  /** As stored: the trainer does not turn pictures by their EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly alpha: boolean;
  readonly turned: boolean;
  /** Black or one colour all over; null: not looked at (pixels are decoded of some PNG files only). */
  readonly plain: boolean | null;
  /** Very dark all over, but not black; null like `plain`. */
  readonly dark: boolean | null;
  /** 16 × 16 brightnesses to find copies with; null: not decoded, or too little in it. */
  readonly cells: Float32Array | null;
}

/** Largest picture whose pixels are decoded, in pixels, and the decoded bytes that are looked at. */
const PIXELS = 4 << 20;
const PIXEL_BYTES = 24 << 20;
/** Mean brightness of 255 below which hardly anything can be seen. */
const DARK = 16;

/** Kind, size and completeness of a picture by its header and tail; with `pixels` a PNG is decoded too. */
export function lookAtPicture(platform: Platform, path: string, pixels: boolean, arena: Arena): Picture {
  const nothing = { width: 0, height: 0, bytes: 0, alpha: false, turned: false, plain: null, dark: null, cells: null };
  try {
    return platform.withFile(path, (file): Picture => {
      const bytes = arena.over(file);
      if (bytes.size === 0) return { state: 'no-picture', ...nothing };
      const head = bytes.read(0, 2);
      if (head[0] === 0x42 && head[1] === 0x4d) return { state: 'sound', ...nothing };
      const reading = readPicture(bytes, nodeInflate);
      const { format, width, height, broken, alpha, orientation } = reading;
      if (format === 'html' || format === 'unknown') return { state: 'no-picture', ...nothing };
      const tail = bytes.read(Math.max(0, bytes.size - TAIL), TAIL);
      const layout = pixels && 'layout' in reading && width * height <= PIXELS ? reading.layout : null;
      const thumbnail = layout && new Thumbnail(width, height);
      const stats = layout && readPngPixels(file, layout, nodeInflate, { bytes: PIXEL_BYTES }, thumbnail);
      const look = stats ? lookOf(stats, width, height) : null;
      const state = broken || !ends(format, tail) ? 'cut' : 'sound';
      const plain = look === null ? null : look === 'black' || look === 'flat';
      const dark = stats === null || look === null ? null : plain !== true && stats.mean < DARK;
      const turned = format === 'jpeg' && orientation > 1;
      const cells = stats && plain !== true ? (thumbnail?.cells() ?? null) : null;
      return { state, width, height, bytes: bytes.size, alpha, turned, plain, dark, cells };
    });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { state: 'unread', ...nothing };
  }
}

/** The mark that closes a file of this format stands near its end. */
function ends(format: string, tail: Uint8Array): boolean {
  if (format === 'jpeg') return found(tail, [0xff, 0xd9]);
  return format !== 'png' || found(tail, [0x49, 0x45, 0x4e, 0x44]);
}

function found(bytes: Uint8Array, mark: readonly number[]): boolean {
  for (let at = bytes.length - mark.length; at >= 0; at--) if (mark.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

export interface Caption {
  readonly state: 'sound' | 'empty' | 'not-utf8' | 'marked' | 'unread';
  /** The line that is used. */
  readonly line: string;
}

/** The state of a caption file. sd-scripts asserts that it is not empty and reads UTF-8 only. */
export function lookAtCaption(platform: Platform, path: string): Caption {
  try {
    const bytes = platform.readFile(path, CAPTION_LIMIT);
    if (bytes.length === 0) return { state: 'empty', line: '' };
    const text = decodeUtf8(bytes);
    if (text === null) return { state: 'not-utf8', line: '' };
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { state: marked ? 'marked' : 'sound', line: (text.replace(/^\ufeff/, '').split('\n')[0] ?? '').trim() };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { state: 'unread', line: '' };
  }
}
