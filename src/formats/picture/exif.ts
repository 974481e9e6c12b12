import type { Collector } from './collector';
import { guessText, trimNul, userComment } from './text';
import { TEXT_LIMIT } from './types';

const USER_COMMENT = 0x9286;
const EXIF_IFD = 0x8769;
const ORIENTATION = 0x0112;
/** Tags with text that generators use: ComfyUI writes `prompt:{…}` into Model and `workflow:{…}` into Make and below (comfyui A4). */
const TEXT_TAGS: ReadonlyMap<number, string> = new Map([
  [0x010d, 'DocumentName'],
  [0x010e, 'ImageDescription'],
  [0x010f, 'Make'],
  [0x0110, 'Model'],
  [0x0131, 'Software'],
  [0x927c, 'MakerNote'],
]);
const MAX_DIRECTORIES = 16;
const MAX_ENTRIES = 1000;

interface Tiff {
  readonly data: Uint8Array;
  readonly view: DataView;
  readonly little: boolean;
  readonly base: number;
}

/**
 * Reads the text tags of an EXIF block (a small TIFF). Directories that point back, offsets behind the end and
 * impossible counts end the reading with a problem (reliability IM-23).
 *
 * @param base byte offset of the block in the file, for reporting.
 */
export function readExif(data: Uint8Array, base: number, into: Collector): void {
  const prefixed = data[0] === 0x45 && data[1] === 0x78 && data[2] === 0x69 && data[3] === 0x66 && data[4] === 0;
  const body = prefixed ? data.subarray(6) : data;
  const order = String.fromCharCode(body[0] ?? 0, body[1] ?? 0);
  if (body.length < 8 || (order !== 'II' && order !== 'MM')) {
    into.problem('bad-exif', base, 'no TIFF header');
    return;
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const tiff: Tiff = { data: body, view, little: order === 'II', base };
  const first = view.getUint32(4, tiff.little);
  const queue = [first];
  const seen = new Set<number>();
  while (queue.length > 0) {
    const at = queue.shift() ?? 0;
    if (at === 0) continue;
    if (seen.has(at) || seen.size >= MAX_DIRECTORIES) {
      into.problem('bad-exif', base + at, 'directories point back');
      return;
    }
    seen.add(at);
    queue.push(...readDirectory(tiff, at, at === first, into));
  }
}

/** Returns the offsets of further directories. The first is of the picture; others may be of a thumbnail. */
function readDirectory(tiff: Tiff, at: number, first: boolean, into: Collector): number[] {
  const { view, little, base } = tiff;
  if (at + 2 > view.byteLength) {
    into.problem('bad-exif', base + at, 'directory behind the end');
    return [];
  }
  const count = view.getUint16(at, little);
  const next: number[] = [];
  for (let i = 0; i < Math.min(count, MAX_ENTRIES); i++) {
    const entry = at + 2 + i * 12;
    if (entry + 12 > view.byteLength) {
      into.problem('bad-exif', base + entry, 'entries behind the end');
      return next;
    }
    const tag = view.getUint16(entry, little);
    if (tag === ORIENTATION && first) readOrientation(view.getUint16(entry + 8, little), into);
    else if (tag === EXIF_IFD) next.push(view.getUint32(entry + 8, little));
    else if (tag === USER_COMMENT || TEXT_TAGS.has(tag)) readText(tiff, entry, tag, into);
  }
  const link = at + 2 + count * 12;
  if (link + 4 <= view.byteLength) next.push(view.getUint32(link, little));
  return next;
}

function readOrientation(value: number, into: Collector): void {
  if (value >= 1 && value <= 8) into.orientation = value;
}

function readText(tiff: Tiff, entry: number, tag: number, into: Collector): void {
  const { view, little, data, base } = tiff;
  const type = view.getUint16(entry + 2, little);
  // BYTE, ASCII, UNDEFINED: one byte each. Anything else is no text.
  if (type !== 1 && type !== 2 && type !== 7) return;
  const count = view.getUint32(entry + 4, little);
  const at = count <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (at > data.length || count > data.length - at) {
    into.problem('bad-exif', base + entry, 'value behind the end');
    if (at >= data.length) return;
  }
  const bytes = data.subarray(at, Math.min(at + Math.min(count, TEXT_LIMIT), data.length));
  const text = tag === USER_COMMENT ? userComment(bytes) : trimNul(guessText(bytes).text);
  if (text.length === 0) return;
  into.text({
    keyword: TEXT_TAGS.get(tag) ?? 'UserComment',
    text,
    where: 'exif',
    offset: base + at,
    truncated: count > TEXT_LIMIT,
  });
}
