import { deflateSync } from 'node:zlib';
import { crc32 } from '../../../src/formats/picture/crc32';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);

export function chunk(type: string, data: Uint8Array | string, badCrc = false): Uint8Array {
  const body = typeof data === 'string' ? ascii(data) : data;
  const sum = crc32(ascii(type), body);
  return concat(u32(body.length), ascii(type), body, u32(badCrc ? sum ^ 1 : sum));
}

export function header(width: number, height: number, bitDepth = 8, colorType = 2, interlace = 0): Uint8Array {
  return chunk('IHDR', concat(u32(width), u32(height), Uint8Array.of(bitDepth, colorType, 0, 0, interlace)));
}

/** Rows of an RGB picture with filter 0, or any filter the caller chose. */
export function pixels(
  width: number,
  height: number,
  at: (x: number, y: number) => readonly [number, number, number],
): Uint8Array {
  const out = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out.set(at(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  return out;
}

export interface Parts {
  readonly width?: number;
  readonly height?: number;
  readonly rows?: Uint8Array;
  readonly before?: readonly Uint8Array[];
  readonly after?: readonly Uint8Array[];
  readonly trailing?: readonly Uint8Array[];
}

export function png(parts: Parts = {}): Uint8Array {
  const width = parts.width ?? 8;
  const height = parts.height ?? 8;
  const rows = parts.rows ?? pixels(width, height, (x, y) => [x * 20, y * 20, 90]);
  return concat(
    SIGNATURE,
    header(width, height),
    ...(parts.before ?? []),
    chunk('IDAT', new Uint8Array(deflateSync(rows))),
    ...(parts.after ?? []),
    chunk('IEND', ''),
    ...(parts.trailing ?? []),
  );
}

export const text = (keyword: string, value: string): Uint8Array => chunk('tEXt', `${keyword}\0${value}`);

/** A TIFF block with one UserComment in its EXIF directory. */
export function exif(comment: Uint8Array, little = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(44 + comment.length));
  const word = (at: number, value: number): void => view.setUint16(at, value, little);
  const long = (at: number, value: number): void => view.setUint32(at, value, little);
  const mark = little ? 0x49 : 0x4d;
  view.setUint8(0, mark);
  view.setUint8(1, mark);
  word(2, 42);
  long(4, 8);
  word(8, 1);
  word(10, 0x8769);
  word(12, 4);
  long(14, 1);
  long(18, 26);
  long(22, 0);
  word(26, 1);
  word(28, 0x9286);
  word(30, 7);
  long(32, comment.length);
  long(36, 44);
  long(40, 0);
  const out = new Uint8Array(view.buffer);
  out.set(comment, 44);
  return out;
}

export function userComment(value: string, little = false): Uint8Array {
  const body = new Uint8Array(value.length * 2);
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    body[2 * i] = little ? code & 255 : code >> 8;
    body[2 * i + 1] = little ? code >> 8 : code & 255;
  }
  return concat(ascii('UNICODE\0'), body);
}

export function segment(marker: number, data: Uint8Array): Uint8Array {
  const length = data.length + 2;
  return concat(Uint8Array.of(0xff, marker, length >> 8, length & 255), data);
}

export function jpeg(...segments: readonly Uint8Array[]): Uint8Array {
  const frame = segment(0xc0, Uint8Array.of(8, 0, 16, 0, 32, 1, 1, 0x11, 0));
  return concat(
    Uint8Array.of(0xff, 0xd8),
    ...segments,
    frame,
    segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
    Uint8Array.of(1, 2, 3, 0xff, 0xd9),
  );
}

export function webp(...chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const body = concat(
    ...chunks.map(([type, data]) => {
      const size = Uint8Array.of(data.length & 255, (data.length >> 8) & 255, (data.length >> 16) & 255, 0);
      return concat(ascii(type), size, data, new Uint8Array(data.length & 1));
    }),
  );
  const total = body.length + 4;
  return concat(ascii('RIFF'), Uint8Array.of(total & 255, (total >> 8) & 255, (total >> 16) & 255, 0), ascii('WEBP'), body);
}
