/** What a picture file says about itself, read by content and never by name. */
export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'html' | 'unknown';

/** One piece of text found in a picture. `text` is raw: show() it before a person sees it. */
export interface PictureText {
  /** `parameters`, `prompt`, `workflow`, `UserComment`, `XMP` … */
  readonly keyword: string;
  readonly text: string;
  readonly where: 'tEXt' | 'zTXt' | 'iTXt' | 'comf' | 'exif' | 'xmp' | 'comment' | 'pixels';
  /** Byte offset of the chunk, segment or value; 0 for what is hidden in the pixels. */
  readonly offset: number;
  /** Longer than `TEXT_LIMIT`: only the beginning is here. */
  readonly truncated: boolean;
}

/** Something odd in the file. Reading went on as far as it could. */
export interface PictureProblem {
  readonly code:
    | 'broken'
    | 'bad-crc'
    | 'text-truncated'
    | 'text-after-end'
    | 'text-undecodable'
    | 'duplicate-keyword'
    | 'not-latin1'
    | 'too-many-chunks'
    | 'too-many-texts'
    | 'bad-exif'
    | 'wrong-size';
  readonly offset: number;
  readonly detail?: string;
}

export interface PictureInfo {
  readonly format: PictureFormat;
  /** Pixels; 0 when the file does not say. */
  readonly width: number;
  readonly height: number;
  /** It has a channel for transparency (PNG colour type, WebP flags). */
  readonly alpha: boolean;
  /** EXIF orientation of the picture itself, 1 to 8; 1 when none is stored. */
  readonly orientation: number;
  readonly texts: readonly PictureText[];
  /** All text pieces, also those beyond the ones kept. */
  readonly textCount: number;
  readonly problems: readonly PictureProblem[];
  /** The picture itself cannot be shown (cut off, no header, zero size). */
  readonly broken: boolean;
}

/** Undoes zlib. At most `limit` bytes from the beginning; `complete` is false when there was more, or the input was cut or damaged. */
export type Inflate = (bytes: Uint8Array, limit: number) => { readonly data: Uint8Array; readonly complete: boolean };

/** Longest text kept of one chunk, in bytes (reliability IM-04, IM-05). */
export const TEXT_LIMIT = 1 << 20;
/** Text pieces kept of one file (IM-07). */
export const TEXT_COUNT_LIMIT = 1000;
