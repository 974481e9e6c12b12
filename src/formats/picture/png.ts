import type { ByteSource } from '../bytes';
import { Collector } from './collector';
import { crc32 } from './crc32';
import { readExif } from './exif';
import { guessText, latin1, lenientUtf8 } from './text';
import { type Inflate, type PictureInfo, TEXT_LIMIT } from './types';
import { Window } from './window';

/** The picture header and where its pieces lie: what the pixel decoder needs. */
export interface PngLayout {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA. */
  readonly colorType: number;
  readonly interlaced: boolean;
  readonly data: readonly { readonly offset: number; readonly length: number }[];
  readonly palette: Uint8Array | null;
}

export interface PngReading extends PictureInfo {
  readonly format: 'png';
  readonly layout: PngLayout | null;
}

/** Chunks looked at in one file (IM-09); a 4096×4096 picture written with 8 KiB chunks has some thousands. */
const CHUNK_LIMIT = 1_000_000;
const DATA_CHUNK_LIMIT = 100_000;

interface State {
  readonly window: Window;
  readonly inflate: Inflate;
  readonly out: Collector;
  header: Omit<PngLayout, 'data' | 'palette'> | null;
  readonly data: { offset: number; length: number }[];
  palette: Uint8Array | null;
  ended: boolean;
}

/**
 * Reads the chunks of a PNG: size, text (tEXt, zTXt, iTXt, eXIf, ComfyUI's `comf` in animated PNGs) and the place of the
 * pixel data. Text is read wherever it stands, also in a damaged file; only the bytes of text chunks are read.
 */
export function readPng(source: ByteSource, inflate: Inflate): PngReading {
  const state: State = {
    window: new Window(source),
    inflate,
    out: new Collector(),
    header: null,
    data: [],
    palette: null,
    ended: false,
  };
  walkChunks(state);
  const { header, out, data, palette } = state;
  if (!header) out.breaks(8, 'no header');
  else if (header.width === 0 || header.height === 0) out.breaks(16, 'size 0');
  else if (data.length === 0) out.breaks(8, 'no picture data');
  else if (!state.ended) out.breaks(source.size, 'cut off');
  return {
    format: 'png',
    width: header?.width ?? 0,
    height: header?.height ?? 0,
    alpha: header?.colorType === 4 || header?.colorType === 6,
    orientation: out.orientation,
    texts: out.texts,
    textCount: out.textCount,
    problems: out.problems,
    broken: out.broken,
    layout: header ? { ...header, data, palette } : null,
  };
}

function walkChunks(state: State): void {
  const { window, out } = state;
  let at = 8;
  for (let count = 0; at + 8 <= window.size; count++) {
    if (count >= CHUNK_LIMIT) {
      out.problem('too-many-chunks', at);
      return;
    }
    const length = window.u32(at);
    const type = latin1(window.bytes(at + 4, 4));
    if (!/^[A-Za-z]{4}$/.test(type)) {
      if (!state.ended) out.breaks(at, 'no chunk here');
      return;
    }
    const end = at + 12 + length;
    if (length > 0x7fffffff || end > window.size) out.breaks(at, `chunk ${type} reaches behind the end`);
    chunk(state, type, at + 8, Math.min(length, Math.max(0, window.size - at - 8)), end <= window.size);
    at = end;
  }
}

function chunk(state: State, type: string, offset: number, length: number, whole: boolean): void {
  const { window, out } = state;
  switch (type) {
    case 'IHDR':
      if (length >= 13 && !state.header) {
        const b = window.bytes(offset, 13);
        const [bitDepth = 0, colorType = 0, , , interlace = 0] = b.subarray(8);
        state.header = {
          width: window.u32(offset),
          height: window.u32(offset + 4),
          bitDepth,
          colorType,
          interlaced: interlace === 1,
        };
      }
      break;
    case 'IDAT':
      if (state.data.length < DATA_CHUNK_LIMIT) state.data.push({ offset, length });
      break;
    case 'PLTE':
      state.palette = window.bytes(offset, Math.min(length, 768)).slice();
      break;
    case 'IEND':
      state.ended = true;
      break;
    case 'eXIf':
      readExif(window.bytes(offset, Math.min(length, 4 * TEXT_LIMIT)).slice(), offset, out);
      break;
    case 'tEXt':
    case 'zTXt':
    case 'iTXt':
    case 'comf':
      textChunk(state, type, offset, length, whole);
      break;
    default:
  }
}

function textChunk(state: State, type: 'tEXt' | 'zTXt' | 'iTXt' | 'comf', offset: number, length: number, whole: boolean): void {
  const { window, out } = state;
  const raw = window.bytes(offset, Math.min(length, TEXT_LIMIT + 128)).slice();
  if (whole && raw.length === length) {
    const stated = window.u32(offset + length);
    if (crc32(latin1Bytes(type), raw) !== stated) out.problem('bad-crc', offset, type);
  }
  const zero = raw.indexOf(0);
  if (zero < 0) {
    out.problem('text-undecodable', offset, `${type} without a keyword`);
    return;
  }
  const keyword = latin1(raw.subarray(0, Math.min(zero, 200)));
  const cut = raw.length < length;
  const piece =
    type === 'zTXt'
      ? compressed(state, raw.subarray(zero + 2))
      : type === 'iTXt'
        ? international(state, raw, zero + 1)
        : plain(raw.subarray(zero + 1));
  if (piece === null) {
    out.problem('text-undecodable', offset, keyword.slice(0, 80));
    return;
  }
  if (type === 'tEXt' && !piece.latin1) out.problem('not-latin1', offset, keyword.slice(0, 80));
  if (state.ended) out.problem('text-after-end', offset, keyword.slice(0, 80));
  out.text({ keyword, text: piece.text, where: type, offset, truncated: cut || piece.cut });
}

interface Piece {
  readonly text: string;
  readonly latin1: boolean;
  readonly cut: boolean;
}

function plain(bytes: Uint8Array): Piece {
  return { ...guessText(bytes.subarray(0, TEXT_LIMIT)), cut: bytes.length > TEXT_LIMIT };
}

function compressed(state: State, bytes: Uint8Array): Piece | null {
  const { data, complete } = state.inflate(bytes, TEXT_LIMIT);
  if (data.length === 0 && !complete) return null;
  return { ...guessText(data), cut: !complete };
}

/** iTXt behind its keyword: compressed flag, method, language NUL, translated keyword NUL, UTF-8 text. */
function international(state: State, raw: Uint8Array, from: number): Piece | null {
  const language = raw.indexOf(0, from + 2);
  const translated = language < 0 ? -1 : raw.indexOf(0, language + 1);
  if (translated < 0) return null;
  const body = raw.subarray(translated + 1);
  if (raw[from] !== 1) return { text: lenientUtf8(body.subarray(0, TEXT_LIMIT)), latin1: true, cut: body.length > TEXT_LIMIT };
  const { data, complete } = state.inflate(body, TEXT_LIMIT);
  return data.length === 0 && !complete ? null : { text: lenientUtf8(data), latin1: true, cut: !complete };
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
