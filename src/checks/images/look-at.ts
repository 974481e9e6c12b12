import { createHash } from 'node:crypto';
import type { FactMap } from '../../facts/snapshot';
import { type Fact, known, na, unknown } from '../../facts/value';
import type { ByteSource } from '../../formats/bytes';
import { generationIn } from '../../formats/picture/generation';
import { lookOf } from '../../formats/picture/look';
import type { PngReading } from '../../formats/picture/png';
import { readPngPixels } from '../../formats/picture/png-pixels';
import { readPicture } from '../../formats/picture/read';
import type { PictureInfo } from '../../formats/picture/types';
import { nodeGunzip, nodeInflate } from '../../platform/inflate';

/** Most decompressed bytes of one picture: 2,300 × 2,300 pixels of RGB. */
const PIXEL_LIMIT = 16 << 20;

export interface Looked {
  readonly facts: FactMap;
  /** Decompressed bytes that were judged. */
  readonly cost: number;
}

/**
 * Facts of one picture's content.
 *
 * @param pixels false when the budget for decoding is used up.
 */
export function lookAt(bytes: ByteSource, pixels: boolean): Looked {
  const info = readPicture(bytes, nodeInflate);
  const made = generationIn(bytes, info, { inflate: nodeInflate, gunzip: nodeGunzip });
  const sized = info.width > 0 && info.height > 0;
  const size = (value: number): Fact => (sized ? known(value) : unknown('unsupported'));
  const seen = pixels ? judge(bytes, info) : { facts: unseen('too-large'), cost: 0 };
  const ui = made?.generation.ui ?? null;
  return {
    cost: seen.cost,
    facts: {
      'image.format': known(info.format),
      'image.width': size(info.width),
      'image.height': size(info.height),
      'image.broken': known(info.broken),
      'image.problems': known([...new Set(info.problems.map((p) => p.code))]),
      'image.hasMetadata': known(made !== null),
      'image.generator': ui === null ? unknown('not-stated') : known(ui),
      ...seen.facts,
    },
  };
}

function unseen(reason: 'too-large' | 'unsupported' | 'unreadable'): FactMap {
  const fact = unknown(reason);
  return { 'image.look': fact, 'image.mean': fact, 'image.spread': fact, 'image.digest': fact };
}

function judge(bytes: ByteSource, info: PictureInfo | PngReading): Looked {
  if (info.format === 'html' || info.format === 'unknown')
    return { facts: { 'image.look': na, 'image.mean': na, 'image.spread': na, 'image.digest': na }, cost: 0 };
  if (!('layout' in info) || !info.layout) return { facts: unseen(info.broken ? 'unreadable' : 'unsupported'), cost: 0 };
  const stats = readPngPixels(bytes, info.layout, nodeInflate, { bytes: PIXEL_LIMIT });
  if (!stats) return { facts: unseen('unreadable'), cost: 0 };
  const look = lookOf(stats, info.width, info.height);
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    cost: Math.min(PIXEL_LIMIT, info.width * info.height * 4),
    facts: {
      'image.look': look === null ? unknown('too-large', 'only the top of the picture was decoded') : known(look),
      'image.mean': known(round(stats.mean)),
      'image.spread': known(round(stats.spread)),
      'image.digest': info.broken ? unknown('unreadable') : known(digest(bytes, info)),
    },
  };
}

/** Hash of the compressed pixel data: equal for equal pixels out of the same program. */
function digest(bytes: ByteSource, info: PictureInfo & { readonly layout: PngReading['layout'] }): string {
  const hash = createHash('sha256').update(`${info.width}x${info.height}`);
  for (const { offset, length } of info.layout?.data ?? []) hash.update(bytes.read(offset, length));
  return hash.digest('hex').slice(0, 16);
}
