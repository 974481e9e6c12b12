import { decodeUtf8 } from '../../formats/launch/decode';
import { readPicture } from '../../formats/picture/read';
import { nodeInflate } from '../../platform/inflate';
import { type Platform, ReadError } from '../../platform/platform';

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
  readonly width: number;
  readonly height: number;
}

/** Kind, size and completeness of a picture; pixels are not decoded. */
export function lookAtPicture(platform: Platform, path: string): Picture {
  const nothing = { width: 0, height: 0 };
  try {
    return platform.withFile(path, (bytes): Picture => {
      if (bytes.size === 0) return { state: 'no-picture', ...nothing };
      const head = bytes.read(0, 2);
      if (head[0] === 0x42 && head[1] === 0x4d) return { state: 'sound', ...nothing };
      const { format, width, height, broken } = readPicture(bytes, nodeInflate);
      if (format === 'html' || format === 'unknown') return { state: 'no-picture', ...nothing };
      const tail = bytes.read(Math.max(0, bytes.size - TAIL), TAIL);
      return { state: broken || !ends(format, tail) ? 'cut' : 'sound', width, height };
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

export type Caption = 'sound' | 'empty' | 'not-utf8' | 'marked' | 'unread';

/** The state of a caption file. sd-scripts asserts that it is not empty and reads UTF-8 only. */
export function lookAtCaption(platform: Platform, path: string): Caption {
  try {
    const bytes = platform.readFile(path, CAPTION_LIMIT);
    if (bytes.length === 0) return 'empty';
    if (decodeUtf8(bytes) === null) return 'not-utf8';
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'marked' : 'sound';
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return 'unread';
  }
}
