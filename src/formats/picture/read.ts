import type { ByteSource } from '../bytes';
import { readJpeg } from './jpeg';
import { type PngReading, readPng } from './png';
import { latin1 } from './text';
import type { Inflate, PictureFormat, PictureInfo } from './types';
import { readWebp } from './webp';

/** What kind of file is this, by its first bytes? The name does not count (reliability IM-19). */
function pictureFormat(source: ByteSource): PictureFormat {
  const head = source.read(0, 64);
  const text = latin1(head);
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (text.startsWith('GIF8')) return 'gif';
  if (text.slice(4, 12) === 'ftypavif' || text.slice(4, 12) === 'ftypavis') return 'avif';
  if (/^\s*<(?:!doctype|html)/i.test(text)) return 'html';
  return 'unknown';
}

/** Size and text of a picture. Formats without a reader give their format only. */
export function readPicture(source: ByteSource, inflate: Inflate): PictureInfo | PngReading {
  const format = pictureFormat(source);
  switch (format) {
    case 'png':
      return readPng(source, inflate);
    case 'jpeg':
      return readJpeg(source);
    case 'webp':
      return readWebp(source);
    default:
      return {
        format,
        width: 0,
        height: 0,
        alpha: false,
        orientation: 1,
        texts: [],
        textCount: 0,
        problems: [],
        broken: format === 'html' || format === 'unknown',
      };
  }
}
